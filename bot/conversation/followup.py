"""Questions that only make sense after the one before: "and in Herat?".

No grammar is parsed. A question that leans on the last one is asked as several whole questions, and
the documents decide: the first one that they answer is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.conversation.filters import split_limits
from bot.conversation.replies import AnswerReply, Reply
from index.core.answers import Quote
from index.core.scope import Scope

_LEAD = re.compile(
    r"[¿\s]*(?:(?:and|but|or|so|then|also|ok|und|aber|y|et|mais|а|и|но|та|але|و)\b[ ,]*)+",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:(?:what|how) about|was ist mit|qué hay de|qu'en est-il de|что насчёт|що з)\s+",
    re.IGNORECASE,
)
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
_ENDS = " ?!.…？؟"
_WORD = re.compile(r"[^\W_]+(?:['’-]\w+)*")
_WHO = re.compile(r"(?:by |for |to )?(?:who|whom|whose)\b")
_PERSONAL = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_OWNED = re.compile(
    r"\b(?:his|her)\s+(?!(?:to|from|in|at|on|before|after|and|or)\b)", re.IGNORECASE
)
_THING = re.compile(r"(?:which|what)\b")
_IT = re.compile(r"\b(?:it|they|them)\b", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b", re.IGNORECASE)
# In the languages of the interface.
_INTERROGATIVE = frozenset(
    "who whom whose what which when where why how "  # noqa: SIM905, a list of words to read
    "wer wen wem was wann wo woher wohin warum wieso wie welche welcher welches "
    "qui quoi quand où pourquoi comment combien quel quelle "
    "quién quien qué que cuándo cuando dónde donde cómo como cuánto cuántos cuántas "
    "кто кого что когда где куда откуда почему зачем как сколько "
    "хто кого що коли де куди звідки чому як скільки "
    "چه چرا کی کجا چگونه چند چقدر کدام متى أين لماذا كيف كم ماذا".split()
)
_MERE = frozenset(
    ("is", "was", "were", "are", "did", "does", "do", "that", "this", "it", "so", "then")
)
_BARE = (
    _INTERROGATIVE
    | _MERE
    | frozenset(
        "by since from until till for to in with of at on else many much long "  # noqa: SIM905
        "often old far high big one ones exactly not come true says said say happen happened "
        "seit von bis viele viel lange oft depuis jusqu'à desde hasta por с до з".split()
    )
)
_ASKED = re.compile(
    r"(?:(?:by|since|until|for|from|to|in|at|on) )?(?:"
    + "|".join(sorted(_INTERROGATIVE, key=len, reverse=True))
    + r")\b(?: (?:many|much|long|often|old|far|high|viele|viel|lange|oft)\b)?",
    re.IGNORECASE,
)
_STAND_IN = re.compile(r"\s+ones?$", re.IGNORECASE)
_MAX_ELLIPTIC_WORDS = 4


def begins_asking(text: str) -> bool:
    """Whether a text begins as an English question does."""
    return bool(_ASKING.match(text.lstrip()))


def whole_questions(previous: str, text: str) -> list[str]:
    """Return the meanings of `text` after `previous`, best first; [text] if it stands alone."""
    return [meaning.question for meaning in _meanings(Dialogue(previous), text)]


class _Meaning(NamedTuple):
    """A whole question, and the question that the next one may lean on."""

    question: str
    subject: str


def _meanings(dialogue: Dialogue, text: str) -> list[_Meaning]:
    """Return the meanings of `text` in a dialogue, best first; the text alone is one of them."""
    previous = dialogue.previous
    alone = _Meaning(text, text)
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    about = _ABOUT.match(rest)
    rest = (rest[about.end() :] if about else rest).strip().rstrip(_ENDS).strip()
    if not previous or not _WORD.search(rest):
        return [alone]
    words = [word.casefold() for word in _WORD.findall(rest)]
    tail = _without_asking(previous)
    joined = _Meaning(f"{rest[0].upper()}{rest[1:]} – {tail}?", previous)
    asking = bool(_ASKING.match(rest)) or words[0] in _INTERROGATIVE
    meanings = [alone]
    if all(word in _BARE for word in words) and (
        any(word in _INTERROGATIVE for word in words) or {"so", "true"} & set(words)
    ):
        asked = " ".join(word for word in words if word not in _MERE)
        question = f"{asked} {tail}?" if any(word in _INTERROGATIVE for word in words) else previous
        named = _with_names(dialogue, rest)
        leaning = [_Meaning(named, named)] if named else []
        meanings = [*leaning, _Meaning(question, previous), alone]
    elif about or not asking or len(words) == 1:
        swapped = _put_into(previous, rest)
        leaning = [_Meaning(swapped, swapped)] if swapped else []
        if lead or about or _PREPOSITION.match(rest) or len(words) == 1:
            meanings = [*leaning, joined, alone]
        elif len(words) <= _MAX_ELLIPTIC_WORDS:
            # It may also be a search for a few words.
            meanings = [alone, *leaning, joined]
    elif _POINTING.search(rest):
        named = _with_names(dialogue, rest)
        leaning = [_Meaning(named, named)] if named else []
        meanings = [alone, *leaning, joined] if _NAME.search(rest) else [*leaning, joined, alone]
    elif lead or (words[0] == "how" and len(words) < _MAX_ELLIPTIC_WORDS):
        meanings = [alone, joined]
    return list({meaning.question: meaning for meaning in reversed(meanings)}.values())[::-1]


def _without_asking(question: str) -> str:
    """Return a question without what it asks for: "built it" of "Who built it?"."""
    head = question.strip().lstrip("¿").rstrip(_ENDS)
    lead = _LEAD.match(head)
    head = head[lead.end() :] if lead else head
    found = _ASKED.match(head)
    return (head[found.end() :] if found else head).strip() or head


def _with_names(dialogue: Dialogue, rest: str) -> str:
    """Put what was named in place of the pronouns of a question; "" if that is unknown."""
    names = _NAME.findall(dialogue.previous.rstrip(_ENDS))
    asked = dialogue.previous.casefold()
    # With a letter before it, a name at the beginning is one as well.
    answered = _NAME.findall(f" {dialogue.named}") if _WHO.match(asked) else []
    person = answered[0] if answered else names[-1] if names else ""
    if person and _PERSONAL.search(rest):
        owned = _OWNED.sub(f"{person}'s ", rest)
        return f"{_PERSONAL.sub(person, owned)}?"
    if dialogue.named and asked.startswith("where") and _THERE.search(rest):
        place = dialogue.named if _PREPOSITION.match(dialogue.named) else f"in {dialogue.named}"
        return f"{_THERE.sub(place, rest)}?"
    if dialogue.named and _THING.match(asked) and _IT.search(rest):
        return f"{_IT.sub(dialogue.named, rest)}?"
    return ""


def _put_into(previous: str, rest: str) -> str:
    """Put `rest` in place of something of the same kind in the previous question; "" if none."""
    head = previous.rstrip("? ")
    day = _DAY.search(rest)
    days = list(_DAY.finditer(head))
    if day and days and len(day[0]) == len(days[-1][0]) and day[0].isdigit():
        return f"{head[: days[-1].start()]}{day[0]}{head[days[-1].end() :]}?"
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
        previous: the last question that stood by itself; "" for none.
        scope: the documents among which it was asked.
        documents: ids of the sources of the answer that is replied to; empty without a reply.
        named: the short answer to the question before; "" for none.
    """

    previous: str = ""
    scope: Scope = field(default_factory=Scope)
    documents: tuple[int, ...] = ()
    named: str = ""

    def relevant_to(self, question: str) -> Dialogue:
        """Return only what decides about the answer, so that equal questions are equal."""
        bare = split_limits(question)[1].strip()
        if self.previous and whole_questions(self.previous, bare) != [bare]:
            return self
        return Dialogue(documents=self.documents)

    def is_answered_by(self, quotes: Sequence[Quote]) -> bool:
        """Whether what is marked first is the answer to the question before."""
        marked = short_answer(quotes)
        return bool(marked) and marked == self.named

    def after(self, reply: Reply) -> Dialogue:
        """Return what the next question may lean on; a reply that is no answer changes nothing."""
        if not isinstance(reply, AnswerReply):
            return self
        named = short_answer(reply.answer.quotes)
        return Dialogue(
            reply.leaned_on or reply.answer.question, reply.scope, self.documents, named
        )


def short_answer(quotes: Sequence[Quote]) -> str:
    """Return the words marked in the first quote if they are one span; else ""."""
    spans = quotes[0].answer if quotes else ()
    return quotes[0].cut(spans[0]) if len(spans) == 1 else ""


ALONE = Dialogue()
"""For a question with nothing before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as the library can be asked.

    Attributes:
        is_literal: the question is the text as it stands.
        is_everywhere: all documents that the text allows are searched.
        subject: the question that the next one may lean on.
    """

    question: str
    scope: Scope
    is_literal: bool
    is_everywhere: bool = True
    subject: str = ""


def readings(text: str, scope: Scope, dialogue: Dialogue) -> Iterator[Reading]:
    """Yield the possible meanings of `text`, best guess first; the documents decide.

    The sources of an answer that is replied to come first, then all documents. A question completed
    from the one before takes over its limits as well, unless it names its own.
    """
    limited = scope if scope.is_narrow else replace(dialogue.scope, collections=scope.collections)
    whole = [
        Reading(
            meaning.question,
            scope if meaning.question == text else limited,
            is_literal=meaning.question == text,
            subject=meaning.subject,
        )
        for meaning in _meanings(dialogue, text)
    ]
    if dialogue.documents:
        for reading in whole:
            near = replace(reading.scope, documents=dialogue.documents)
            yield replace(reading, scope=near, is_everywhere=False)
    for reading in whole:
        yield replace(reading, scope=replace(reading.scope, documents=scope.documents))
