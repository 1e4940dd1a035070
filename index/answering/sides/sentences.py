"""The sentences of passages that were found, each once, with its neighbours before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import regex

from index.core.answers import Quote
from index.core.documents import Passage, Span
from index.reader import Reading
from index.store.passages import PassageReader

_REPORTS = regex.compile(
    r"\b(?:said|says|saying|told|tells|reported|reports|claims|claimed|wrote|writes|according to|"
    r"announced|stated|alleged|alleges|accused|accuses|believes?|found that|published|claiming)\b",
    regex.IGNORECASE,
)
LOOK_BACK = 3
"""How many sentences before a denial what it denies may stand."""
_NEXT_CHARS = 200


@dataclass(frozen=True)
class Told:
    """A sentence of a document, with the passage that it was found in.

    Attributes:
        ordinal: its number in the document.
    """

    passage: Passage
    ordinal: int
    span: Span

    @cached_property
    def text(self) -> str:
        return self.passage.cut(self.span)

    @property
    def document_id(self) -> int:
        return self.passage.document.id

    @property
    def key(self) -> tuple[int, int]:
        return self.document_id, self.ordinal

    @cached_property
    def is_report(self) -> bool:
        """Whether it reports what somebody says."""
        return _REPORTS.search(self.text) is not None or any(
            part.overlaps(self.span)
            for one in self.passage.attributions
            if one.source
            for part in one.content
        )

    @property
    def published(self) -> date | None:
        return published_at(self.passage, self.span.start)

    def to_quote(self, score: float = 0.0, answer: Sequence[Span] = ()) -> Quote:
        return Quote.from_passage(self.passage, self.span, score, tuple(answer))


def source_in(told: Told) -> tuple[Span, ...]:
    """Return the place of the words in a sentence that name who says it, if one alone does."""
    sources = {
        part
        for one in told.passage.attributions
        if any(part.overlaps(told.span) for part in (*one.cue, *one.content))
        for part in one.source
        if told.span.covers(part)
    }
    return tuple(sources) if len(sources) == 1 else ()


def following(passages: PassageReader, reading: Reading, found: Sequence[Passage]) -> list[Passage]:
    """Return the passage after that of a reading that stands at the end of it, unless found."""
    passage = reading.passage
    is_last = passage.span.end >= passage.document.characters - 1
    if is_last or reading.last < passage.first + len(passage.sentences) - LOOK_BACK:
        return []
    after = Span(passage.span.end, passage.span.end + _NEXT_CHARS)
    known = {one.id for one in found}
    ids = passages.overlapping(passage.document.id, after)
    return passages.read([at for at in ids if at not in known][:1])


def published_at(passage: Passage, offset: int) -> date | None:
    """Return the day on which what stands at an offset was published, None if unknown."""
    entry = passage.entry_at(offset)
    return (entry and entry.published) or passage.document.metadata.published


class Context:
    """The sentences of passages, in the order of their documents."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._told: dict[tuple[int, int], Told] = {}
        self.passages: list[Passage] = []
        for passage in passages:
            self.passages.append(passage)
            for at, sentence in enumerate(passage.sentences, start=passage.first):
                if passage.span.covers(sentence.span):
                    key = passage.document.id, at
                    self._told.setdefault(key, Told(passage, at, sentence.span))

    def __iter__(self) -> Iterator[Told]:
        return iter(self._told.values())

    def of(self, passage: Passage) -> list[Told]:
        """Return the sentences of one of the passages."""
        keys = ((passage.document.id, passage.first + at) for at in range(len(passage.sentences)))
        return [self._told[key] for key in keys if key in self._told]

    def at(self, document_id: int, ordinal: int) -> Told | None:
        return self._told.get((document_id, ordinal))

    def before(self, told: Told, count: int) -> list[Told]:
        """Return up to `count` sentences right before one, the nearest first."""
        found = []
        for ordinal in range(told.ordinal - 1, told.ordinal - 1 - count, -1):
            if (earlier := self.at(told.document_id, ordinal)) is None:
                break
            found.append(earlier)
        return found
