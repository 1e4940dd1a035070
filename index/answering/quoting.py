"""Chooses the quotes: which sentences, how many, and which of them are quoted as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.answering.agreement import repeats
from index.attribution.speakers import TITLES
from index.core.answers import MAX_QUOTES, Quote
from index.core.documents import Span
from index.reader import Reading, Retrieved
from index.reader.anchor_match import mentions_of
from index.text.anchors import Anchor, find_anchors
from index.text.terms import Analyzer

MIN_SCORE = 0.01
"""The probability below which a sentence is not quoted beside a better one."""
_MIN_JOINED_SCORE = 0.05
_MAX_JOINED_CHARS = 400
_CELL_BORDER = " | "
_LEADING, _MAX_LEADING_WORDS = (":", ",", "：", "،"), 4


class Choice(NamedTuple):
    """The readings to quote; `further` if there were more."""

    readings: list[Reading]
    further: bool


def choose(
    readings: Sequence[Reading],
    retrieved: Sequence[Retrieved],
    max_quotes: int = MAX_QUOTES,
    min_score: float = MIN_SCORE,
) -> Choice:
    """Return up to `max_quotes` of `readings`, both ordered best first.

    The first is quoted whatever its score, each other one from `min_score`. A reading next to a
    chosen one in the same paragraph is merged into it only if it is likely to answer, too, and the
    result is short; the better one's short answer remains. A sentence that two documents share is
    quoted once.
    """
    chosen: list[Reading] = []
    seen: list[Reading] = []
    for reading in readings:
        if chosen and reading.score < min_score:
            return Choice(chosen, further=True)
        if any(repeats(earlier, reading) for earlier in seen):
            continue
        document = reading.passage.document.id
        near = [held for held in chosen if held.passage.document.id == document]
        if any(held.span.overlaps(reading.span) for held in near):
            continue
        seen.append(reading)
        beside = next((held for held in near if _adjoin(held, reading)), None)
        if beside and (merged := _merge(beside, reading, retrieved)):
            chosen[chosen.index(beside)] = merged
            continue
        if len(chosen) == max_quotes:
            return Choice(chosen, further=True)
        chosen.append(reading)
    return Choice(chosen, further=False)


def leads_in(reading: Reading) -> bool:
    """Whether a reading only opens what follows it: "Dear editor,", "Agreed:"."""
    words = reading.text.rstrip().rstrip("*_")
    return words.endswith(_LEADING) and len(words.split()) <= _MAX_LEADING_WORDS


def without_idle_rows(
    readings: Sequence[Reading], question: str, analyzer: Analyzer
) -> list[Reading]:
    """Return readings without the rows of tables that have less of the question than the best."""
    asked = set(analyzer.content_terms(question))

    def shared(reading: Reading) -> int:
        return len(asked.intersection(analyzer.terms(reading.text)))

    least = shared(readings[0]) if readings else 0
    return [
        reading
        for reading in readings
        if _CELL_BORDER not in reading.text or shared(reading) >= least
    ]


def without_namesakes(readings: Sequence[Reading], question: str) -> list[Reading]:
    """Return readings without those about another of a kind: Cedar College for Birch College.

    The first stays. What goes is of another document, mentions less of a name of the question than
    the first does, and has another name that shares a word with it.
    """
    if not readings:
        return []
    first, *others = readings
    known = mentions_of(first.passage)
    names = [
        anchor
        for anchor in find_anchors(question)
        if anchor.kind == "name" and len(anchor.keys) > 1 and not known.lack(anchor)
    ]
    kept = [other for other in others if not any(_is_namesake(other, first, it) for it in names)]
    return [first, *kept]


def _is_namesake(reading: Reading, first: Reading, name: Anchor) -> bool:
    passage, asked = reading.passage, set(name.keys)
    if passage.document.id == first.passage.document.id or not mentions_of(passage).lack(name):
        return False
    found = (set(other.keys) for other in find_anchors(reading.text) if other.kind == "name")
    return any(keys & asked and keys - asked - TITLES and len(keys) >= len(asked) for keys in found)


def compose(readings: Sequence[Reading], retrieved: Sequence[Retrieved]) -> tuple[Quote, ...]:
    """Return the quotes of the readings that `choose` returns."""
    return tuple(reading.to_quote() for reading in choose(readings, retrieved).readings)


def _adjoin(one: Reading, other: Reading) -> bool:
    is_beside = one.last + 1 == other.first or other.last + 1 == one.first
    is_likely = other.score >= _MIN_JOINED_SCORE
    return is_beside and is_likely and one.paragraph == other.paragraph


def _merge(one: Reading, other: Reading, retrieved: Sequence[Retrieved]) -> Reading | None:
    """The two readings as one, if a passage holds both and they are short enough."""
    first, last = min(one.first, other.first), max(one.last, other.last)
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    if len(span) > _MAX_JOINED_CHARS:
        return None
    for candidate in retrieved:
        passage = candidate.passage
        if passage.document.id == one.passage.document.id and passage.span.covers(span):
            return replace(one, passage=passage, first=first, last=last, span=span)
    return None
