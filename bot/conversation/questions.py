"""What one message asks, and what is known when the next one comes: the same on every front end."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.conversation.conversation import COMMAND
from bot.conversation.filters import split_limits
from bot.conversation.followup import ALONE, Context, begins_asking
from bot.conversation.replies import AnswerReply, Reply

MAX_QUESTIONS = 5
_CLOSING = "\"'”’»)］」』\\]"
_MARK = re.compile(
    rf"""(?: (?P<mark>[?؟]+!*) (?P<closed>[{_CLOSING}]*) (?=\s|$)
           | (?P<wide>？+) (?P<wide_closed>[{_CLOSING}]*) )""",
    re.VERBOSE,
)
_BULLET = re.compile(r"\s*(?:[-*•–]|\(?\d{1,2}[.)])\s+")
_WORD = re.compile(r"\w")
# As in "Really? Who took it?". A script without spaces says a whole question in one.
_MERE_WORD = re.compile(r"\W*[A-Za-z]+\W*")


class Asked(NamedTuple):
    """The questions of one message in their order, and how many more were too many."""

    questions: tuple[str, ...]
    left_out: int = 0


def split_questions(text: str) -> Asked:
    """Return the questions of a message; the whole text where it holds one or is a command.

    A question ends with its mark. What stands before it since the last one belongs to it, as in "I
    read about Herat. Who took it?"; what follows the last one belongs to that.
    """
    limits, rest = split_limits(without_command(text))
    parts = [] if COMMAND.fullmatch(rest.strip()) else _parts(rest)
    if len(parts) < 2:
        return Asked((text,))
    questions = tuple(f"{limits}{_BULLET.sub('', part, count=1).strip()}" for part in parts)
    return Asked(questions[:MAX_QUESTIONS], max(0, len(questions) - MAX_QUESTIONS))


def is_asking(text: str) -> bool:
    """Whether a text, such as a caption, asks something."""
    return bool(_MARK.search(text) or begins_asking(text) or COMMAND.fullmatch(text.strip()))


def without_command(text: str) -> str:
    """Return what stands behind /ask."""
    command = COMMAND.fullmatch(text.strip())
    if command is not None and command["name"].lower() == "ask":
        return command["rest"] or ""
    return text


def context_of(text: str, context: Context) -> Context:
    """Return what of the context decides about the answer to `text`."""
    return context.relevant_to(split_limits(without_command(text))[1].strip())


def context_after(reply: Reply, before: Context = ALONE) -> Context:
    """Return what the next question may lean on; a reply that is no answer changes nothing."""
    if not isinstance(reply, AnswerReply):
        return before
    return Context(reply.answer.question, reply.scope, before.documents)


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
            return [rest]
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
    """The parts, with a mere "Really?" at the beginning, or marks alone, put to a neighbour."""
    joined: list[str] = []
    for part in parts:
        if joined and (not _WORD.search(part) or _MERE_WORD.fullmatch(joined[0])):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
