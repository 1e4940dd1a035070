"""Makes whole questions of those that only make sense after another: "and in Herat?".

No grammar is parsed. A question that leans on the last one is asked as several whole questions, and
the documents decide between them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.conversation.followups.question_words import (
    ABOUT,
    ASKED,
    ASKED_AMID,
    ASKING,
    BARE,
    CORRECTION,
    ENDS,
    FURTHER,
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
from bot.conversation.followups.references import Before, is_thing, recased, with_names
from bot.conversation.followups.slots import put_into
from index.text.languages.question_words import QUESTION_WORDS
from index.text.stemming import fold
from index.text.terms import is_function_word

_EXCLUDED = re.compile(r"^not [^,]+,\s*(?:but )?|,?\s+not\s.*$", re.IGNORECASE)
_AUXILIARY = r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could)"
_WHO_AUXILIARY = re.compile(rf"who (?P<auxiliary>{_AUXILIARY}) (?P<rest>.+)", re.IGNORECASE)
_WHO_VERB = re.compile(rf"who (?!{_AUXILIARY}\b)(?P<rest>.+)", re.IGNORECASE)
_CIRCUMSTANCE = frozenset({"when", "where", "why", "how", "since when", "until when"})
_NOUN_ASKED = re.compile(
    rf"(?:which|what|how many) (?P<noun>(?!{_AUXILIARY}\b)[\w’' -]+?) (?P<auxiliary>{_AUXILIARY}) "
    r"(?P<rest>.+)",
    re.IGNORECASE,
)
_DOES = frozenset({"did", "does", "do", "has", "have", "had", "will", "would", "can", "could"})
_UNSAID, _UNNAMED, _DROPPED = 0.2, 0.05, 0.7
_MAX_DROPPING_WORDS = 3
_CORRECTED = "corrected"
_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3]")
_MAX_ELLIPTIC_WORDS = 4
_MAX_COUNTING_WORDS = 5
_MAX_SUBJECT_WORDS = 6


class Meaning(NamedTuple):
    """A whole question.

    Attributes:
        subject: the question that the next one may lean on.
        news: words of which an answer has to speak.
        unsaid: how likely it is an answer without any of them, 0..1.
        seen: the question as it is shown, if that is not how it is asked.
        is_alone: it is what was written, but for a correction's opening.
        is_near: only the document of the last answer is asked.
        is_last: it counts only if no better one found anything.
        is_bare: it asks for something else about the same.
        is_pointing: it has pronouns for what it is about.
        is_further: another answer than the last one is asked for.
    """

    question: str
    subject: str
    news: tuple[str, ...] = ()
    unsaid: float = 0.6
    seen: str = ""
    is_alone: bool = False
    is_further: bool = False
    is_pointing: bool = False
    is_bare: bool = False
    is_near: bool = False
    is_last: bool = False


def meanings(before: Before, text: str) -> list[Meaning]:
    """Return the meanings of `text`, best guess first.

    The text alone is one of them, unless it says nothing by itself.
    """
    return [_with_its_mark(meaning) for meaning in _meanings(before, text)]


def _with_its_mark(meaning: Meaning) -> Meaning:
    """The meaning with the question mark of its letters."""
    if not _ARABIC.search(meaning.question):
        return meaning
    question, subject, seen = (
        f"{text[:-1]}؟" if text.endswith("?") else text
        for text in (meaning.question, meaning.subject, meaning.seen)
    )
    return meaning._replace(question=question, subject=subject, seen=seen)


def _meanings(before: Before, text: str) -> list[Meaning]:  # noqa: PLR0911
    lead, rest = _without_lead(text, before.question)
    whole = f"{rest}?" if lead is _CORRECTED else text
    alone = Meaning(whole, whole, is_alone=True)
    about = ABOUT.match(rest)
    rest = rest[about.end() :] if about else rest
    if not before.question or not WORD.search(rest):
        return [alone]
    if MORE.fullmatch(rest):
        rest = "what else"
    if REQUEST.match(rest):
        return [alone]
    typed = WORD.findall(rest.casefold())
    words = list(map(fold, typed))
    idle = PRONOUNS | BARE
    news = tuple(
        written
        for word, written in zip(words, typed, strict=True)
        if not is_function_word(written) and word not in idle
    )
    tail = _without_asking(before.question)
    joined = Meaning(
        f"{rest[0].upper()}{rest[1:]} – {tail}?",
        before.question,
        news,
        is_further=not FURTHER.isdisjoint(words),
        seen=f"{before.question.rstrip(ENDS)} → {text}",
    )
    is_asking = bool(ASKING.match(rest)) or not INTERROGATIVES.isdisjoint(words[:2])
    if _is_bare(words):
        bare = _bare(before, typed, tail)
        return [*_named(before, rest, ()), bare, bare._replace(is_near=True, is_last=True)]
    if about or not is_asking or len(words) == 1:
        news = tuple(word for word in news if word not in {"one", "ones"})
        unsaid = _UNNAMED if _is_strict(rest) else _UNSAID
        swapped = put_into(before, rest)
        leaning = [Meaning(swapped, swapped, news, unsaid)] if swapped else []
        joined = joined._replace(news=news, unsaid=unsaid)
        if lead or about or PREPOSITION.match(rest):
            return [*leaning, joined, alone._replace(news=news)]
        # It may also be a search for a few words.
        return [alone, *leaning, joined] if len(words) <= _MAX_ELLIPTIC_WORDS else [alone]
    is_short = len(words) <= _MAX_COUNTING_WORDS
    if not FURTHER.isdisjoint(words) or (
        words[0] not in INTERROGATIVES and PREPOSITION.match(rest) and is_short
    ):
        return [joined, alone]
    has_name = bool(NAME.search(recased(before, rest)))
    if POINTING.search(rest):
        leaning = [*_named(before, rest, news), joined]
        if has_name:
            return [alone, *leaning]
        alone = alone._replace(news=news, is_pointing=True)
        return [*leaning, alone._replace(is_near=True), alone._replace(is_last=True)]
    if lead and len(words) <= _MAX_DROPPING_WORDS and not ASKING.match(rest) and not has_name:
        # "А когда начнётся?" leaves out what it is about, as English never does.
        dropping = joined._replace(unsaid=_DROPPED)
        return [dropping, alone._replace(is_near=True), alone._replace(is_last=True)]
    if lead or (words[0] == "how" and is_short):
        return [alone._replace(news=news), joined._replace(unsaid=_UNSAID)]
    if is_asking and not has_name:
        return [alone, alone._replace(news=news, unsaid=_UNNAMED, is_near=True, is_last=True)]
    return [alone]


def _without_lead(text: str, previous: str) -> tuple[str, str]:
    """Return what a text opens with, and the rest without its end."""
    if not QUESTION_WORDS["en"].isdisjoint(WORD.findall(previous.casefold())[:3]):
        text = spelt_out(text) if previous.isascii() or text.isascii() else text
    found = LEAD.match(text)
    lead = found[0] if found else ""
    rest = TAIL.sub("", text[len(lead) :].strip().rstrip(ENDS)).strip().rstrip(ENDS)
    if CORRECTION.search(lead) or CORRECTION.match(rest):
        return _CORRECTED, _EXCLUDED.sub("", rest).strip(" *")
    return lead, rest


def _is_bare(words: list[str]) -> bool:
    return all(word in BARE for word in words) and any(
        word in INTERROGATIVES or word in FURTHER for word in words
    )


def _bare(before: Before, typed: list[str], tail: str) -> Meaning:
    words = list(map(fold, typed))
    kept = (one for one, word in zip(typed, words, strict=True) if word not in MERE)
    asked = " ".join(kept)
    head = recased(before)
    who, noun = _WHO_AUXILIARY.match(head), _NOUN_ASKED.match(head)
    is_further = not FURTHER.isdisjoint(words)
    is_counting = words[0] in {"how", "which"} or is_further
    if (
        who
        and is_thing(before.named)
        and len(before.named.split()) <= _MAX_SUBJECT_WORDS
        and not is_further
    ):
        tail = f"{who['auxiliary']} {before.named.strip(' ,.')} {who['rest']}"
    elif noun and not is_counting:
        thing = before.named if is_thing(before.named) else f"the {noun['noun']}"
        parts = (noun["auxiliary"], noun["rest"], thing)
        order = parts if noun["auxiliary"].casefold() in _DOES else (parts[0], parts[2], parts[1])
        tail = " ".join(order)
    question, seen = f"{asked} {tail}?", ""
    subject = question if who and tail.startswith(who["auxiliary"]) else before.question
    if (acted := _WHO_VERB.match(head)) and asked in _CIRCUMSTANCE:
        # One word may as well be a place that is marked by mistake.
        is_named = is_thing(before.named) and 1 < len(before.named.split()) <= _MAX_SUBJECT_WORDS
        actor = before.named.strip(" ,.") if is_named else ""
        question = " ".join(filter(None, [asked, actor, f"{acted['rest']}?"]))
        seen = f"{asked} was it that {actor or 'somebody'} {acted['rest']}?"
    return Meaning(question, subject, seen=seen, is_further=is_further, is_bare=True)


def _named(before: Before, rest: str, news: tuple[str, ...]) -> list[Meaning]:
    named = with_names(before, rest)
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
    if not found and (amid := ASKED_AMID.sub("", head, count=1)) != head:
        return amid.strip() or head
    return (head[found.end() :] if found else head).strip() or head
