"""Reads the requests of a message: a command, or one or more questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.conversation.filters import split_limits
from bot.conversation.followups.question_words import begins_asking
from bot.conversation.small_talk import small_talk, without_opening

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@[A-Za-z0-9_]+)?(?:\s+(?P<rest>.*))?", re.DOTALL)

MAX_QUESTIONS = 5
_CLOSING = "\"'”’»)］」』\\]"
_MARK = re.compile(
    rf"""(?: (?P<mark>[?؟]+!*) (?P<closed>[{_CLOSING}]*) (?=\s|$)
           | (?P<wide>？+) (?P<wide_closed>[{_CLOSING}]*) )""",
    re.VERBOSE,
)
_BULLET = re.compile(r"\A\s*(?:[-*•–]|\(?\d{1,2}[.)])\s+")
_WORD = re.compile(r"\w")
# As in "Really? Who took it?". A script without spaces says a whole question in one.
_MERE_WORD = re.compile(r"\W*[A-Za-z]+\W*")


@dataclass(frozen=True, slots=True)
class Request:
    """A command or a question.

    Attributes:
        text: as it was typed, without the space around it.
        command: in lower case, without the slash and the name of the bot; "" for a mere question.
        rest: the words after the command, or the whole text.
    """

    text: str
    command: str
    rest: str

    @classmethod
    def read(cls, text: str) -> Request:
        text = text.strip()
        found = _COMMAND.fullmatch(text)
        if found is None:
            return cls(text, "", text)
        return cls(text, found["name"].lower(), found["rest"] or "")

    @classmethod
    def asking(cls, question: str) -> Request:
        """Return a question, even if it begins like a command."""
        return cls(question, "", question)

    @property
    def is_question(self) -> bool:
        """Whether the documents answer it, and `rest` is the question."""
        return self.command in {"", "ask"}

    @property
    def is_asking(self) -> bool:
        """Whether it asks something; a caption, for one, may not."""
        return bool(self.command or _MARK.search(self.text) or begins_asking(self.text))


class Asked(NamedTuple):
    """The requests of one message in their order, and the number left out beyond the limit."""

    requests: tuple[Request, ...]
    left_out: int = 0


def split_questions(request: Request) -> Asked:
    """Return the questions of a message without small talk; a command as it is.

    A question ends with its mark. What stands before it since the last one belongs to it, as in "I
    read about Herat. Who took it?"; what follows the last one belongs to that. Without any mark,
    lines that all begin as questions are one each.
    """
    limits, rest = split_limits(request.rest)
    if not request.is_question or Request.read(rest).command:
        return Asked((request,))
    parts = _parts(rest)
    if len(parts) < 2:
        return Asked((replace(request, rest=f"{limits}{without_opening(rest)}"),))
    texts = [_BULLET.sub("", part, count=1).strip() for part in parts]
    # "How are you?" is no question beside others.
    asking = [text for text in texts if small_talk(text) is None] or texts[:1]
    requests = tuple(Request.read(f"{limits}{without_opening(text)}") for text in asking)
    return Asked(requests[:MAX_QUESTIONS], max(0, len(requests) - MAX_QUESTIONS))


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for found in _MARK.finditer(text):
        if _ends_question(text, start, found):
            parts.append(text[start : found.end()])
            start = found.end()
    rest = text[start:]
    if _WORD.search(rest):
        if not parts:
            lines = [line for line in rest.splitlines() if _WORD.search(line)]
            are_asking = all(begins_asking(_BULLET.sub("", line, count=1)) for line in lines)
            return lines if are_asking and len(lines) > 1 else [rest]
        parts[-1] += rest
    return _joined(parts)


def _ends_question(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a question mark ends the sentence, and not one that the sentence cites."""
    closed = found["closed"] or found["wide_closed"]
    if not closed:
        before = text[start : found.start()]
        return before.count("(") <= before.count(")") and not _has_open_quotation(before)
    following = text[found.end() :].lstrip(" ")
    return not following[:1].islower()


def _has_open_quotation(text: str) -> bool:
    pairs = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"))
    return text.count('"') % 2 == 1 or any(
        text.count(opening) > text.count(closing) for opening, closing in pairs
    )


def _joined(parts: list[str]) -> list[str]:
    """Join a mere "Really?" at the beginning, and marks alone, to a neighbour."""
    joined: list[str] = []
    for part in parts:
        if joined and (not _WORD.search(part) or _MERE_WORD.fullmatch(joined[0])):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
