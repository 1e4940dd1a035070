"""Makes whole questions of those that only make sense after another: "and in Herat?".

No grammar is parsed. A question that leans on the last one is asked as several whole questions, and
the documents decide between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from bot.conversation.question_words import (
    ABOUT,
    ASKED,
    ASKING,
    BARE,
    CORRECTION,
    DAY,
    ENDS,
    INTERROGATIVES,
    LEAD,
    MERE,
    MORE,
    NAME,
    POINTING,
    PREPOSITION,
    PRONOUNS,
    REQUEST,
    TAIL,
    WORD,
    spelt_out,
)
from index.text.terms import is_function_word

_WHO = re.compile(r"(?:by |for |to )?(?:who|whom|whose)\b", re.IGNORECASE)
_THING = re.compile(r"(?:which|what|where)\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_OWNED = re.compile(
    r"\b(?:his|her)\s+(?!(?:to|from|in|at|on|before|after|and|or)\b)", re.IGNORECASE
)
_IT = re.compile(r"\b(?:it|they|them)\b", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b", re.IGNORECASE)
_STAND_IN = re.compile(r"\s+ones?$", re.IGNORECASE)
_EXCLUDED = re.compile(r"^not [^,]+,\s*(?:but )?|,?\s+not\s.*$", re.IGNORECASE)
_DETERMINED = re.compile(r"\b(?:the|a|an|his|her|their|its)\s+", re.IGNORECASE)
_DOING = re.compile(r"(?:do|does|did)\b", re.IGNORECASE)
_PLACE = ("in", "at", "near", "on")
_IN_PLACE = re.compile(r"\b(?:in|at|from|near|to|the)\s*$", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:Ministry|Department|Council|Committee|Museum|University|Institute|School|Hospital|Army|"
    r"Police|Club|United|Athletic|City|Party|Bank|Union|Company|Office|Agency|Court|Province|River|"
    r"Lake|Bridge|Street|Plateau)\b"
)
_MAX_ELLIPTIC_WORDS = 4
_MAX_SHORT_WORDS = 3
_MAX_COUNTING_WORDS = 5


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


class Meaning(NamedTuple):
    """A whole question.

    Attributes:
        subject: the question that the next one may lean on.
        news: words of which an answer has to speak.
        is_strict: without them it is no answer.
        seen: the question as it is shown, if that is not how it is asked.
        is_pointing: it has pronouns for what it is about.
        is_further: another answer than the last one is asked for.
    """

    question: str
    subject: str
    news: tuple[str, ...] = ()
    is_strict: bool = False
    seen: str = ""
    is_further: bool = False
    is_pointing: bool = False


def meanings(before: Before, text: str) -> list[Meaning]:  # noqa: PLR0911
    """Return the meanings of `text`, best guess first.

    The text alone is one of them, unless it says nothing by itself.
    """
    lead, rest = _without_lead(text, before.question)
    alone = Meaning(rest + "?" if lead is _CORRECTED else text, text)
    about = ABOUT.match(rest)
    rest = rest[about.end() :] if about else rest
    if not before.question or not WORD.search(rest):
        return [alone]
    if MORE.fullmatch(rest):
        rest = "what else"
    if REQUEST.match(rest):
        return [alone]
    words = [word.casefold() for word in WORD.findall(rest)]
    news = tuple(word for word in words if not is_function_word(word) and word not in PRONOUNS)
    tail = _without_asking(before.question)
    joined = Meaning(
        f"{rest[0].upper()}{rest[1:]} – {tail}?",
        before.question,
        news,
        is_further="else" in words,
        seen=f"{before.question.rstrip(ENDS)} → {text}",
    )
    is_asking = bool(ASKING.match(rest)) or words[0] in INTERROGATIVES
    if _is_bare(words):
        return [*_named(before, rest, ()), _bare(before, words, tail)]
    if about or not is_asking or len(words) == 1:
        news = tuple(word for word in news if word not in {"one", "ones"})
        swapped = _put_into(before, rest)
        leaning = [Meaning(swapped, swapped, news, _is_strict(rest))] if swapped else []
        joined = joined._replace(news=news, is_strict=_is_strict(rest))
        if lead or about or PREPOSITION.match(rest):
            return [*leaning, joined, alone._replace(news=news)]
        # It may also be a search for a few words.
        return [alone, *leaning, joined] if len(words) <= _MAX_ELLIPTIC_WORDS else [alone]
    has_name = bool(NAME.search(rest))
    if POINTING.search(rest):
        leaning = [*_named(before, rest, news), joined]
        if has_name:
            return [alone, *leaning]
        return [*leaning, alone._replace(news=news, is_pointing=True)]
    if lead or len(words) <= (_MAX_COUNTING_WORDS if words[0] == "how" else _MAX_SHORT_WORDS):
        return [alone._replace(news=news), joined]
    return [alone]


_CORRECTED = "corrected"


def _without_lead(text: str, previous: str) -> tuple[str, str]:
    """Return what a text opens with, and the rest without its end."""
    if any(word.casefold() in INTERROGATIVES for word in WORD.findall(previous)[:3]):
        text = spelt_out(text) if previous.isascii() or text.isascii() else text
    found = LEAD.match(text)
    rest = text[found.end() :] if found else text
    rest = TAIL.sub("", rest.strip().rstrip(ENDS)).strip().rstrip(ENDS)
    if found and CORRECTION.search(found[0]):
        return _CORRECTED, _EXCLUDED.sub("", rest).strip()
    return found[0] if found else "", rest


def _is_bare(words: list[str]) -> bool:
    return all(word in BARE for word in words) and any(
        word in INTERROGATIVES or word == "else" for word in words
    )


def _bare(before: Before, words: list[str], tail: str) -> Meaning:
    asked = " ".join(word for word in words if word not in MERE)
    return Meaning(f"{asked} {tail}?", before.question, is_further="else" in words)


def _named(before: Before, rest: str, news: tuple[str, ...]) -> list[Meaning]:
    named = _with_names(before, rest)
    return [Meaning(named, named, news)] if named else []


def _is_strict(rest: str) -> bool:
    """Whether a fragment is a name, a date or a number, or a place after a preposition."""
    return bool(PREPOSITION.match(rest) or NAME.search(f" {rest}") or re.search(r"\d", rest))


def _without_asking(question: str) -> str:
    """Return a question without what it asks for: "built it" of "Who built it?"."""
    head = question.strip().lstrip("¿").rstrip(ENDS)
    lead = LEAD.match(head)
    head = head[lead.end() :] if lead else head
    found = ASKED.match(head)
    return (head[found.end() :] if found else head).strip() or head


def _recased(before: Before) -> str:
    """Return the question before with the names in it written as the quote has them."""
    question = before.question.rstrip(ENDS)
    names = {name for name in NAME.findall(f" {before.quote}") if not is_function_word(name)}
    for name in sorted(names, key=len, reverse=True):
        question = re.sub(rf"\b{re.escape(name)}\b", name, question, flags=re.IGNORECASE)
    return question


def _with_names(before: Before, rest: str) -> str:
    """Put what was named in place of the pronouns of a question; "" if that is unknown."""
    head = _recased(before)
    answered = _persons(before.named, before.quote) if _WHO.match(head) else []
    person = (answered or _persons(head, before.quote) or [""])[-1]
    if person and _PERSONAL.search(rest):
        owned = _OWNED.sub(f"{person}'s ", rest)
        return f"{_PERSONAL.sub(person, owned)}?"
    if before.named and head.casefold().startswith("where") and _THERE.search(rest):
        place = before.named if PREPOSITION.match(before.named) else f"in {before.named}"
        return f"{_THERE.sub(place, rest)}?"
    if _is_thing(before.named) and _THING.match(head) and _IT.search(rest):
        return f"{_IT.sub(before.named, rest)}?"
    return ""


def _persons(text: str, quote: str) -> list[str]:
    """Return the names in a text that may be a person's: no places, no groups, no offices."""
    return [
        found[0]
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


def _is_thing(named: str) -> bool:
    """Whether a short answer is a name or a noun with its article."""
    return bool(_DETERMINED.match(named) or NAME.match(f" {named}", 1))


def _put_into(before: Before, rest: str) -> str:
    """Put `rest` in place of something of the same kind in the previous question; "" if none."""
    head = _recased(before)
    day = DAY.search(rest)
    days = list(DAY.finditer(head))
    if day and days and len(day[0]) == len(days[-1][0]) and day[0].isdigit():
        return f"{head[: days[-1].start()]}{day[0]}{head[days[-1].end() :]}?"
    if found := PREPOSITION.match(rest):
        return f"{_put_after(found[0].lower(), head, rest)}?"
    is_day = bool(DAY.match(rest))
    names = [name for name in NAME.finditer(head) if bool(DAY.match(name[0])) == is_day]
    if _DETERMINED.match(rest) and (span := _determined(head, rest)):
        start, end = span
    elif names:
        start, end = names[-1].span()
    else:
        return _put_last(head, rest)
    return f"{head[:start]}{_STAND_IN.sub('', rest)}{head[end:]}?"


def _determined(head: str, rest: str) -> tuple[int, int] | None:
    """Return the place of the first noun with an article and the words that belong to it."""
    found = _DETERMINED.search(head)
    if found is None:
        return None
    words = list(WORD.finditer(head, found.end()))
    end = next((at for at, word in enumerate(words) if is_function_word(word[0])), len(words))
    if end == len(words) > 1 and _DOING.search(head[: found.start()]):
        end -= 1
    if not end:
        return None
    # "The defense ministry" stands for all of "the ministry of the interior".
    alike = {word[0].casefold() for word in words[:end]} & set(rest.casefold().split())
    if alike and end < len(words) and words[end][0].casefold() == "of":
        return found.start(), _end_of_object(head, words[end].end() + 1)
    return found.start(), words[end - 1].end()


def _put_last(head: str, rest: str) -> str:
    """Put `rest` in place of the object of a preposition that ends `head`; "" if none does."""
    found = list(PREPOSITION.finditer(head))
    if not found or _DETERMINED.match(rest) or not head[found[-1].end() :].strip():
        return ""
    return f"{head[: found[-1].end()]} {rest}?"


def _put_after(preposition: str, head: str, rest: str) -> str:
    """Put `rest` in place of the object of the same preposition in `head`, or at its end."""
    is_day = bool(DAY.match(rest, len(preposition) + 1))
    alike = "|".join(_PLACE) if preposition in _PLACE and not is_day else preposition
    for found in reversed(list(re.finditer(rf"\s(?:{alike})\s+", head, re.IGNORECASE))):
        if bool(DAY.match(head, found.end())) != is_day:
            continue
        end = _end_of_object(head, found.end())
        return f"{head[: found.start()]} {rest}{head[end:]}"
    return f"{head} {rest}"


def _end_of_object(head: str, start: int) -> int:
    """Return the end of a preposition's object: a name, or all up to the next preposition."""
    if name := NAME.match(head, start):
        return name.end()
    following = (found for found in PREPOSITION.finditer(head, start) if found[0].lower() != "of")
    return next((found.start() - 1 for found in following), len(head))
