"""Looks the anchors of a question up in the sentences and passages that may answer it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from pathlib import PurePosixPath
from typing import NamedTuple

from index.core.documents import Passage, Span
from index.text.anchors import Anchor, Mentions, find_anchors
from index.text.terms import plain

_MIN_NAME_CHARS = 4
_BEFORE = re.compile(
    r"\s*\b(?:(?:in|on|of|for|at|during|from|im|am|vom|en|el|del?|du|au|le|в|во|у|за|در|في)\s+)?"
    r"(?:(?:last|letzten|vergangenen|прошл(?:ом|ого)|минулого|минулому|año|jahr|année|mes de|"
    r"mois de|سال|ماه|عام|سنة|شهر)\s+)?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s*(?:года|году|год|г\.|року|році|рік|р\.|pasado|dernier|میلادی|هـ)(?!\w)", re.IGNORECASE
)


class Lack(NamedTuple):
    """The largest share of an anchor that is not mentioned, by the type of anchors, 0..1.

    0 for types that the question does not have.
    """

    time: float  # years and dates
    number: float  # numbers and ordinals
    name: float

    @property
    def most(self) -> float:
        return max(self)


_NOTHING = Lack(0.0, 0.0, 0.0)


class AnchorMatch:
    """The anchors of a question beside what passages mention."""

    def __init__(
        self, question: str, passages: Iterable[Passage], names: Iterable[str] = ()
    ) -> None:
        """Find the anchors; in small letters, names are what passages write with capitals.

        Words of the question in `names` are names as well.

        A passage mentions what stands in its text and what a citation of it shows; a sentence
        mentions what stands in it and in the citation, but for the date if it has a year itself.
        """
        each = {passage.id: passage for passage in passages}
        self._question = question
        self.anchors = find_anchors(question)
        if question.islower():
            self.anchors += names_in(question, each.values())
        self.anchors += named(question, names)
        self._dates: dict[int, Mentions] = {}
        self._undated: dict[int, Mentions] = {}
        self._within: dict[int, Mentions] = {}
        if self.anchors:
            for key, passage in each.items():
                self._dates[key] = _dates_of(passage)
                self._undated[key] = _mentions_beside(passage)
                around = self._undated[key] | self._dates[key]
                self._within[key] = around | Mentions.of(passage.text)

    def in_sentence(self, passage: Passage, span: Span) -> Lack:
        """Return what a part of a passage lacks."""
        if not self.anchors:
            return _NOTHING
        said = Mentions.of(passage.cut(span))
        if not any(len(key) == 4 and key.isdigit() for key in said.keys):
            said |= self._dates[passage.id]
        return self._lack(self._undated[passage.id] | said)

    def in_passage(self, passage: Passage) -> Lack:
        return self._lack(self._within[passage.id]) if self.anchors else _NOTHING

    def anywhere(self) -> Lack:
        """Return what all passages together lack."""
        return self._lack(reduce(or_, self._within.values())) if self._within else _NOTHING

    def without_date(self, passage: Passage) -> str:
        """Return the question without the years and dates in which a passage was published.

        An article of July 2021 rarely says so again in the sentence that tells what happened then.
        """
        times = (anchor for anchor in self.anchors if anchor.is_time)
        met = [anchor for anchor in times if self._dates[passage.id].lack(anchor) == 0]
        return leave_out(self._question, met)

    def _lack(self, mentions: Mentions) -> Lack:
        def most(*kinds: str) -> float:
            lacks = (mentions.lack(anchor) for anchor in self.anchors if anchor.kind in kinds)
            return max(lacks, default=0.0)

        return Lack(most("year", "date"), most("number", "ordinal"), most("name"))


def named(question: str, words: Iterable[str]) -> list[Anchor]:
    """Return words of a question as anchors that are names, those that stand there."""
    return [
        Anchor("name", word, Span(*found.span()), (plain(word),))
        for word in words
        if (found := re.search(rf"\b{re.escape(word)}\b", question))
    ]


def mentions_of(passage: Passage) -> Mentions:
    """Return what a passage mentions, and a citation of it: title, people, name and dates."""
    return _mentions_beside(passage) | _dates_of(passage) | Mentions.of(passage.text)


def leave_out(question: str, anchors: Sequence[Anchor]) -> str:
    """Return a question without some of its anchors and the words that belong to them."""
    for anchor in sorted(anchors, key=lambda anchor: -anchor.span.start):
        before = _BEFORE.sub("", question[: anchor.span.start])
        behind = question[anchor.span.end :]
        question = before + (_without_unit(behind) if anchor.is_time else behind)
    return question.lstrip(" ,")


def _without_unit(behind: str) -> str:
    unit = _BEHIND.match(behind)
    return behind[unit.end() :] if unit else behind


def _mentions_beside(passage: Passage) -> Mentions:
    metadata, entries = passage.document.metadata, passage.entries
    texts = (
        passage.heading,
        metadata.title,
        metadata.author,
        metadata.publisher,
        PurePosixPath(passage.document.path).name,
        *(entry.title for entry in entries),
        *(entry.speaker.text for entry in entries if entry.speaker),
    )
    told = (Mentions.of(text) for text in dict.fromkeys(filter(None, texts)))
    return reduce(or_, told, Mentions.of(""))


def _dates_of(passage: Passage) -> Mentions:
    days = {passage.document.metadata.published, *(entry.published for entry in passage.entries)}
    return reduce(or_, (Mentions.of("", day) for day in days - {None}), Mentions.of(""))


def names_in(question: str, passages: Iterable[Passage]) -> list[Anchor]:
    """Return names of the passages that a question in small letters has, the longest of each."""
    names = {
        anchor.text.casefold(): anchor
        for passage in passages
        for anchor in find_anchors(f"{passage.title or ''}\n{passage.text}")
        if anchor.kind == "name" and len(anchor.text) >= _MIN_NAME_CHARS
    }
    found: list[Anchor] = []
    padded = f" {question.rstrip('?')} "
    for name in sorted(names, key=len, reverse=True):
        at = padded.find(f" {name} ")
        span = Span(at, at + len(name)) if at >= 0 else None
        if span and not any(span.overlaps(other.span) for other in found):
            found.append(Anchor("name", name, span, names[name].keys))
    return found
