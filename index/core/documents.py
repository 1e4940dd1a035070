"""The values that travel from step to step: parse → split → embed → store → search → read → answer.

All offsets are code points of the document's canonical text, as Python counts them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

import numpy as np
from numpy.typing import NDArray

from index.core.errors import SpanError

Vector = NDArray[np.float32]
"""Unit vectors: shape (dimension,) for one, (n, dimension) for many; dtype float32."""

Progress = Callable[[int, int], None]
"""Told of (done, of all) while something takes its time."""

TimeOfDay = time
"""Named apart from the field `time`, so that its annotation can be looked up at run time."""

Step = Callable[[str], Progress]
"""Gives what is told of the progress of a step of this title."""


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
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself outside its sentences.

    Attributes:
        publisher: the newspaper, site or house.
        language: a BCP 47 tag such as `en` or `pt-BR`.
        url: where it can be read.
    """

    title: str | None = None
    published: date | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of prose, under the nearest heading above it ("" for none)."""

    span: Span
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom the text names as the one who said it."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a document with a source of its own: a message of a chat, a row of a table.

    It reaches from `start` to the next entry. What it does not say holds as the document says it.

    Attributes:
        start: offset of its first character.
        time: of day, where the day alone says too little.
        speaker: who wrote it, as the text names them.
    """

    start: int
    title: str | None = None
    published: date | None = None
    time: TimeOfDay | None = None
    speaker: Speaker | None = None
    url: str | None = None

    @property
    def source(self) -> tuple[str | None, date | None, str | None]:
        """What a passage has one of: entries may share it only if this is the same."""
        return self.title, self.published, self.url


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file after parsing: its canonical text, and which parts of it may be quoted.

    Attributes:
        paragraphs: in reading order, none overlapping. What lies between them (heads, headings,
            captions) is never quoted.
        pages: where each page starts, ascending; empty for a document without pages.
        entries: ascending by `start`; empty where the whole document has one source.
        left_out: what of the file could not be read, and why; told, not kept.
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    metadata: Metadata = field(default_factory=Metadata)
    pages: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()
    left_out: tuple[str, ...] = ()

    def entry_at(self, offset: int) -> Entry | None:
        """Return the entry that holds the character at `offset`, None before the first."""
        return _entry_at(self.entries, offset)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the smallest thing that is quoted. `paragraph` counts from 1."""

    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that has not been stored: sentences `first`..`last` (both included).

    `span` runs from the start of the first sentence to the end of the last; only where one sentence
    is longer than the model's limit is it a part of that sentence.
    """

    span: Span
    first: int
    last: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells at the cost of a stat whether a file is still the one that was indexed."""

    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document as its folder sees it. `origin` is "sync" or "add"."""

    document_id: int
    path: str
    origin: str
    stat: FileStat
    sha256: str
    parsers_version: int


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document ready to be stored; `embedded` holds the text to embed for each chunk.

    `fetched` is when it came from its URL, UTC; None for a file.
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


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, without its text.

    Attributes:
        path: where it lies inside its folder, with forward slashes, or the URL it was fetched from;
            unique in its collection.
        fetched: when it was fetched, UTC; None for a file.
        opening: its first characters, by which one without a title is known.
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


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage with what it takes to read it: whole sentences.

    Attributes:
        first: the ordinal in the document of the first of its `sentences`.
        pages: number and start of the pages it lies on, ascending; empty without pages.
        entries: those it lies in, ascending; empty where the document has none.
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

    @property
    def title(self) -> str | None:
        """The title of its entry, or else of its document."""
        entry = self.entry_at(self.span.start)
        return (entry and entry.title) or self.document.metadata.title

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page that holds the character at `offset`."""
        return max((number for number, start in self.pages if start <= offset), default=None)

    def paragraph_at(self, offset: int) -> int:
        """Return the number of the paragraph of the sentence that holds `offset`."""
        return next(sentence.paragraph for sentence in self.sentences if offset < sentence.span.end)

    def entry_at(self, offset: int) -> Entry | None:
        """Return the entry that holds the character at `offset`."""
        return _entry_at(self.entries, offset)

    def cut(self, span: Span) -> str:
        """Return the document's characters under `span`, unchanged.

        Raises:
            SpanError: `span` does not lie inside this passage.
        """
        return cut_within(self.text, self.span, span)


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """How much is indexed, for the collections one may see."""

    documents: int
    passages: int
    newest: date | None


def _entry_at(entries: Sequence[Entry], offset: int) -> Entry | None:
    found = bisect_right(entries, offset, key=lambda entry: entry.start)
    return entries[found - 1] if found else None


def cut_within(text: str, outer: Span, inner: Span) -> str:
    """Return the part under `inner` of the text under `outer`.

    Raises:
        SpanError: `inner` does not lie inside `outer`.
    """
    if not outer.covers(inner):
        raise SpanError(f"{inner} does not lie inside {outer}")
    return text[inner.start - outer.start : inner.end - outer.start]
