"""Documents and their parts, from the parser to the store and back.

All offsets are code points of a document's canonical text, as Python counts them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.core.errors import SpanError
from index.core.files import FileStat

if TYPE_CHECKING:  # they are made of what is here
    from index.core.attributions import Attribution

Vector = NDArray[np.float32]
"""Unit vectors: shape (dimension,) for one, (n, dimension) for many; dtype float32."""

Progress = Callable[[int, int], None]
"""Called with (done, total) during a long step."""

Step = Callable[[str], Progress]
"""Begins a step with a title and returns the callback for its progress."""

HAVE_ORIGINS = ("title", "published", "author")
"""The fields of `Metadata` of which is known where they were read."""

TimeOfDay = time  # `Entry` has a field named `time`, and annotations are evaluated at run time


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range [start, end) of a document's text, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise SpanError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def cut(self, text: str) -> str:
        """Return the characters of `text` under this span, unchanged.

        Raises:
            SpanError: the span ends past the last character.
        """
        if self.end > len(text):
            raise SpanError(
                f"[{self.start}, {self.end}) ends past a text of {len(text)} characters"
            )
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def shared(self, other: Span) -> int:
        """Return the number of characters under both."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def cut_within(text: str, outer: Span, inner: Span) -> str:
    """Return the part under `inner` of a `text` that lies under `outer`.

    Raises:
        SpanError: `inner` does not lie inside `outer`.
    """
    if not outer.covers(inner):
        raise SpanError(f"{inner} does not lie inside {outer}")
    return text[inner.start - outer.start : inner.end - outer.start]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts about a document; `language` is a BCP 47 tag such as `en` or `pt-BR`.

    `origins` says where title, day and author were read, as "og:title" or "mail header".
    """

    title: str | None = None
    published: date | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    url: str | None = None
    origins: dict[str, str] = field(default_factory=dict, compare=False)

    def read_in(self, place: str) -> Metadata:
        """Return it with `place` as the origin of what is known and has none yet."""
        known = [name for name in HAVE_ORIGINS if getattr(self, name) is not None]
        return replace(self, origins=dict.fromkeys(known, place) | self.origins)

    def titled(self, title: str | None, place: str) -> Metadata:
        """Return it with a title that was read in `place`."""
        return replace(self, title=title, origins=self.origins | {"title": place})


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of prose that may be quoted, with the nearest heading above it ("" for none)."""

    span: Span
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as the text names them, and the span of that name."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a document with a source of its own: a message of a chat, a row of a table.

    It reaches from its `start` to the next entry. Fields that are None hold as in the document.
    """

    start: int
    title: str | None = None
    published: date | None = None
    time: TimeOfDay | None = None
    speaker: Speaker | None = None
    url: str | None = None

    @property
    def source(self) -> tuple[str | None, date | None, str | None]:
        """The facts that all entries of one passage share."""
        return self.title, self.published, self.url


def _entry_at(entries: Sequence[Entry], offset: int) -> Entry | None:
    found = bisect_right(entries, offset, key=lambda entry: entry.start)
    return entries[found - 1] if found else None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file after parsing: its canonical text, and the parts of it that may be quoted.

    Attributes:
        paragraphs: in reading order, without overlap. Text between them (heads, headings, captions)
            is never quoted.
        pages: offset of each page, ascending; empty for a document without pages.
        resumed: number and offset of pages to which the text comes back after a later one has
            begun, ascending by offset: for notes below a sentence that goes on overleaf.
        entries: ascending by `start`; empty if the whole document has one source.
        left_out: reasons why parts of the file could not be read.
        warnings: what may be wrong though all was read, as an encoding that was guessed.
        recognized: the pages that were read by OCR; (0,) for all of a document without pages.
        doubtful: words of which OCR is not sure, ascending; their sentences are not quoted.
        block_quotes: paragraphs that the file sets as quotations; for drafts, not stored.
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    metadata: Metadata = field(default_factory=Metadata)
    pages: tuple[int, ...] = ()
    resumed: tuple[tuple[int, int], ...] = ()
    entries: tuple[Entry, ...] = ()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    recognized: tuple[int, ...] = ()
    doubtful: tuple[Span, ...] = ()
    block_quotes: tuple[Span, ...] = ()

    def entry_at(self, offset: int) -> Entry | None:
        """Return the entry around a character, None before the first."""
        return _entry_at(self.entries, offset)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the smallest unit of a quote. `paragraph` counts from 1."""

    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage before it is stored: sentences `first`..`last`, both included.

    `span` covers all of them; only of a sentence longer than the model's limit it covers a part.
    """

    span: Span
    first: int
    last: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document ready to be stored, with the text to embed for each chunk.

    `fetched` is the time of fetching it from its URL in UTC, None for a file.
    """

    path: str
    origin: str
    stat: FileStat
    sha256: str
    parsers_version: int
    parsed: Parsed
    sentences: Sequence[Sentence]
    chunks: Sequence[Chunk]
    embedded: Sequence[str]
    fetched: datetime | None = None
    attributions: Sequence[Attribution] = ()
    attribution_version: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, without its text.

    Attributes:
        path: its path in the folder, with forward slashes, or its URL; unique in the collection.
        opening: its first characters, in place of a missing title.
        fetched: time of fetching it from its URL in UTC; None for a file.
        quotable: share of its characters that may be quoted, 0..1; None if an older release
            read it.
        warnings: parts of it that could not be read, and what may be wrong, a line each.
        recognized: see `Parsed`.
    """

    id: int
    collection: str
    path: str
    metadata: Metadata
    sha256: str
    characters: int
    passages: int
    opening: str = ""
    fetched: datetime | None = None
    quotable: float | None = None
    warnings: tuple[str, ...] = ()
    recognized: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage with its sentences, ready for the reader.

    Attributes:
        first: ordinal in the document of its first sentence.
        pages: number and offset of the pages it lies on, by offset; empty without pages.
        entries: the entries it lies in, ascending; empty without entries.
        attributions: those whose content lies in it, wholly or in part.
    """

    id: int
    document: Document
    text: str
    span: Span
    heading: str
    sentences: tuple[Sentence, ...]
    first: int
    pages: tuple[tuple[int, int], ...] = ()
    entries: tuple[Entry, ...] = ()
    attributions: tuple[Attribution, ...] = ()

    @property
    def title(self) -> str | None:
        """The title of its entry, else of its document."""
        entry = self.entry_at(self.span.start)
        return (entry and entry.title) or self.document.metadata.title

    def page_at(self, offset: int) -> int | None:
        begun = (number for number, start in reversed(self.pages) if start <= offset)
        return next(begun, None)

    def paragraph_at(self, offset: int) -> int:
        return next(sentence.paragraph for sentence in self.sentences if offset < sentence.span.end)

    def entry_at(self, offset: int) -> Entry | None:
        return _entry_at(self.entries, offset)

    def cut(self, span: Span) -> str:
        """Return the document's characters under `span`, which must lie inside the passage."""
        return cut_within(self.text, self.span, span)
