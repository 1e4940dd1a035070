"""Questions that only make sense after the one before: "and in Herat?".

No grammar is parsed. A question that leans on the last one is asked as several whole questions, and
the documents decide: the first one that they answer is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.conversation.collection import about_the_collection
from bot.conversation.filters import split_limits
from bot.conversation.replies import AnswerReply, Listing, Openings, Reply
from index.core.scope import Scope

_LEAD = re.compile(r"(?:(?:and|but|or|so|then|also)\b[ ,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"(?:what|how) about\s+", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|"
    r"one|ones)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|"
    r"could|will|would|should)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:in|on|at|to|from|for|of|by|with|near|against|according to|after|before|during|about)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)\b[A-ZÀ-ÖØ-Þ][\w’'-]*(?: (?:of |the |de |al-)?[A-ZÀ-ÖØ-Þ][\w’'-]*)*")
_DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d{4})\b",
    re.IGNORECASE,
)
_STAND_IN = re.compile(r"\s+ones?$", re.IGNORECASE)
_MAX_ELLIPTIC_WORDS = 4


def begins_asking(text: str) -> bool:
    """Whether a text begins as an English question does."""
    return bool(_ASKING.match(text.lstrip()))


def whole_questions(previous: str, text: str) -> list[str]:
    """Return the meanings of `text` after `previous`, best first; [text] if it stands alone."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    about = _ABOUT.match(rest)
    rest = (rest[about.end() :] if about else rest).strip().rstrip("?").strip()
    if not rest or not re.search("[A-Za-z]", rest):
        return [text]
    both = f"{previous} {rest[0].upper()}{rest[1:]}?"
    words = len(rest.split())
    questions = [text]
    if about or not _ASKING.match(rest) or words == 1:
        if lead or about or _PREPOSITION.match(rest) or words == 1:
            questions = [_put_into(previous, rest) or both, both, text]
        elif words <= _MAX_ELLIPTIC_WORDS:
            # It may also be a search for a few words.
            questions = [text, _put_into(previous, rest) or both, both]
    elif _POINTING.search(rest) and not _NAME.search(rest):
        questions = [both, text]
    elif lead or _POINTING.search(rest):
        questions = [text, both]
    return list(dict.fromkeys(questions))


def _put_into(previous: str, rest: str) -> str:
    """Put `rest` in place of something of the same kind in the previous question; "" if none."""
    head = previous.rstrip("? ")
    if found := _PREPOSITION.match(rest):
        return f"{_put_after(found[0], head, rest)}?"
    is_day = bool(_DAY.match(rest))
    names = [name for name in _NAME.finditer(head) if bool(_DAY.match(name[0])) == is_day]
    if not names:
        return ""
    last = names[-1]
    return f"{head[: last.start()]}{_STAND_IN.sub('', rest)}{head[last.end() :]}?"


def _put_after(preposition: str, head: str, rest: str) -> str:
    """Put `rest` in place of the object of the same preposition in `head`, or at its end."""
    is_day = bool(_DAY.match(rest, len(preposition) + 1))
    for found in reversed(list(re.finditer(rf"\s{preposition}\s+", head, re.IGNORECASE))):
        if bool(_DAY.match(head, found.end())) != is_day:
            continue
        end = _end_of_object(head, found.end())
        return f"{head[: found.start()]} {rest}{head[end:]}"
    return f"{head} {rest}"


def _end_of_object(head: str, start: int) -> int:
    """Return the end of a preposition's object: a name, or all up to the next preposition."""
    if name := _NAME.match(head, start):
        return name.end()
    following = (found for found in _PREPOSITION.finditer(head, start) if found[0].lower() != "of")
    return next((found.start() - 1 for found in following), len(head))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The part of a conversation that the next question may lean on.

    Attributes:
        previous: the question before, as the library was asked; "" for none.
        scope: the documents among which it was asked.
        documents: ids of the sources of the answer that is replied to; empty without a reply.
        shown: ids of the documents that "this article" would mean.
    """

    previous: str = ""
    scope: Scope = field(default_factory=Scope)
    documents: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()

    def relevant_to(self, question: str) -> Dialogue:
        """Return only what decides about the answer, so that equal questions are equal."""
        bare = split_limits(question)[1].strip()
        if about_the_collection(bare):
            return Dialogue(shown=self.documents or self.shown)
        if self.previous and whole_questions(self.previous, bare) != [bare]:
            return replace(self, shown=())
        return Dialogue(documents=self.documents)

    def after(self, reply: Reply) -> Dialogue:
        """Return what the next question may lean on: not on one about the documents, for one."""
        shown = documents_in(reply) or self.shown
        if not isinstance(reply, AnswerReply):
            return replace(self, shown=shown)
        return Dialogue(reply.answer.question, reply.scope, self.documents, shown)


def documents_in(reply: Reply) -> tuple[int, ...]:
    """Return the ids of the documents that a reply quotes or lists, in order."""
    match reply:
        case AnswerReply(shown=quotes) | Openings(shown=quotes):
            found = [quote.document for quote in quotes]
        case Listing() if reply.subject:
            found = list(reply.documents)
        case _:
            return ()
    return tuple(dict.fromkeys(document.id for document in found))


ALONE = Dialogue()
"""For a question with nothing before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library can be asked.

    Attributes:
        is_literal: the question is the text as it stands.
        is_everywhere: all documents that the text allows are searched.
    """

    question: str
    scope: Scope
    is_literal: bool
    is_everywhere: bool = True


def readings(text: str, scope: Scope, dialogue: Dialogue) -> Iterator[Reading]:
    """Yield the possible meanings of `text`, best guess first; the documents decide.

    The sources of an answer that is replied to come first, then all documents. A question completed
    from the one before takes over its limits as well, unless it names its own.
    """
    questions = whole_questions(dialogue.previous, text) if dialogue.previous else [text]
    limited = scope if scope.is_narrow else replace(dialogue.scope, collections=scope.collections)
    whole = [
        Reading(question, scope if question == text else limited, question == text)
        for question in questions
    ]
    if dialogue.documents:
        for reading in whole:
            near = replace(reading.scope, documents=dialogue.documents)
            yield replace(reading, scope=near, is_everywhere=False)
    for reading in whole:
        yield replace(reading, scope=replace(reading.scope, documents=scope.documents))
