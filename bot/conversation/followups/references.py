"""What the pronouns of a question stand for, after the question before and its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation.followups.question_words import (
    DAY,
    DETERMINED,
    ENDS,
    FORMS,
    NAME,
    PREPOSITION,
    WORD,
)
from index.text.terms import is_function_word, without_possessive

_WHO = re.compile(r"(?:by |for |to )?(?:who|whom|whose)\b", re.IGNORECASE)
_WHICH = re.compile(
    r"(?:which|what)\s+(?!(?:is|are|was|were|did|do|does|has|have|had|will|would|can)\b)",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"(?:who|what)(?:['’]?s| is| are| was| were)\s+(?!(?:the|a|an|his|her|their|its)\b)"
    r"(?P<topic>.+)",
    re.IGNORECASE,
)
_IS_THE = re.compile(r"what(?:['’]?s| is| was)\s+the\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_OWNED = re.compile(
    r"\b(?:his|her|its|their)\s+(?!(?:to|from|in|at|on|before|after|and|or)\b)", re.IGNORECASE
)
_IT = re.compile(r"\b(?:it|they|them|its|their)\b", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b(?!\s+(?:is|are|was|were|a|an|any)\b)", re.IGNORECASE)
_EXISTS = re.compile(r"\b(?:is|are|was|were)\s+there\b", re.IGNORECASE)
_ONE = re.compile(r"(?<!\bwhich )(?<!\bwhat )(?<!\bno )\bones?\b", re.IGNORECASE)
_DOING = re.compile(r"\b(?:do|does|did)\b", re.IGNORECASE)
_BEING = re.compile(r"\b(?:is|are|was|were|be|been)\b", re.IGNORECASE)
_PARTICIPLES = frozenset(form for forms in FORMS for form in forms)
_IN_PLACE = re.compile(r"\b(?:in|at|from|near|to|the)\s*$", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:Ministry|Department|Council|Committee|Museum|University|Institute|School|Hospital|Army|"
    r"Police|Club|United|Athletic|City|Party|Bank|Union|Company|Office|Agency|Court|Province|River|"
    r"Lake|Bridge|Street|Plateau)\b"
)


@dataclass(frozen=True, slots=True)
class Before:
    """The question that the next one may lean on, and what answered it last.

    Attributes:
        question: as it was asked; "" for none.
        named: the short answer; "" for none.
        quote: the sentences that have it; "" for none.
    """

    question: str = ""
    named: str = ""
    quote: str = ""


def recased(before: Before, text: str = "") -> str:
    """Return a text, or else the question before, with its names written as the quote has them."""
    question = text or before.question.rstrip(ENDS)
    names = {name for name in NAME.findall(f" {before.quote}") if not is_function_word(name)}
    for name in sorted(names, key=len, reverse=True):
        question = re.sub(rf"\b{re.escape(name)}\b", name, question, flags=re.IGNORECASE)
    return question


def with_names(before: Before, rest: str) -> str:
    """Put what is meant in place of the pronouns of a question; "" if that is unknown."""
    head = recased(before)
    named = rest
    if (person := _person(before, head)) and _PERSONAL.search(named):
        named = _PERSONAL.sub(person, _OWNED.sub(f"{person}'s ", named))
    if before.named and head.casefold().startswith("where") and not _EXISTS.search(named):
        place = before.named if PREPOSITION.match(before.named) else f"in {before.named}"
        named = _THERE.sub(place, named)
    thing = _thing(before, head, bool(_PLURAL.search(named))) if _IT.search(named) else ""
    if thing and thing not in named:
        named = _IT.sub(thing, _OWNED.sub(f"{thing}'s ", named))
    if _ONE.search(named) and (noun := last_noun(head)):
        named = _ONE.sub(noun, named)
    return f"{named}?" if named != rest else ""


def _person(before: Before, head: str) -> str:
    if (identity := _IDENTITY.match(head)) and identity["topic"] in before.quote:
        return identity["topic"]
    answered = _persons(before.named, before.quote) if _WHO.match(head) else []
    return (answered or _persons(head, before.quote) or [""])[-1]


def _thing(before: Before, head: str, is_plural: bool) -> str:
    """Return what "it" or "they" may be: what was asked for, or what was asked about."""
    if identity := _IDENTITY.match(head):
        return identity["topic"]
    is_named = bool(_IS_THE.match(head) and NAME.match(f" {before.named}", 1))
    if is_named or (
        (_WHICH.match(head) or head.casefold().startswith("where")) and is_thing(before.named)
    ):
        return before.named
    if is_plural or (span := determined(head)) is None:
        return ""
    return head[span[0] : span[1]]


def _persons(text: str, quote: str) -> list[str]:
    """Return the names in a text that may be a person's: no places, no groups, no offices."""
    return [
        without_possessive(found[0])
        # With a space before it, a name at the beginning is one as well.
        for found in NAME.finditer(f" {text}")
        if not (
            is_function_word(found[0])
            or DAY.match(found[0])
            or _OFFICE.search(found[0])
            or _IN_PLACE.search(text[: max(0, found.start() - 1)])
            or re.search(rf"\bthe {re.escape(found[0])}\b", quote, re.IGNORECASE)
        )
    ]


def is_thing(named: str) -> bool:
    """Whether a short answer is a name or a noun with its article."""
    return bool(DETERMINED.match(named) or NAME.match(f" {named}", 1))


def determined(head: str) -> tuple[int, int] | None:
    """Return the place of the first noun with an article and the words that belong to it."""
    found = DETERMINED.search(head)
    if found is None:
        return None
    words = list(WORD.finditer(head, found.end()))
    end = next((at for at, word in enumerate(words) if is_function_word(word[0])), len(words))
    # "The Dome cost" is a name and a verb.
    capitals = [word[0][0].isupper() for word in words[:end]]
    if True in capitals and False in capitals[(at := capitals.index(True)) :]:
        end = at + capitals[at:].index(False)
        return found.start(), words[end - 1].end()
    if end == len(words) > 1 and _ends_in_verb(head[: found.start()], words[-1][0]):
        end -= 1
    return (found.start(), words[end - 1].end()) if end else None


def _ends_in_verb(before: str, last: str) -> bool:
    """Whether the last word of a question is its verb, as in "Where was the clock built?"."""
    is_participle = last.endswith("ed") or last.casefold() in _PARTICIPLES
    return bool(_DOING.search(before) or (_BEING.search(before) and is_participle))


def last_noun(head: str) -> str:
    """Return the noun that "one" stands for; "" if that is unknown."""
    span = determined(head)
    return head[span[0] : span[1]].rsplit(maxsplit=1)[-1] if span else ""
