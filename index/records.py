"""The values that travel from step to step: parse → split → embed → store → search → read → answer.

All offsets are code points of the document's canonical text, as Python counts them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import SpanError

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
    """

    text: str
    paragraphs: tuple[Paragraph, ...]
    metadata: Metadata = field(default_factory=Metadata)
    pages: tuple[int, ...] = ()
    entries: tuple[Entry, ...] = ()

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
class Scope:
    """Which passages a question may see.

    Attributes:
        collections: the documents of these; none where it is empty.
        since, until: published on this day or later, or earlier; None for no limit. What has no
            date lies outside of any limit.
        source: the title, path, publisher or URL contains this, whatever the case.
        documents: only these; None for all.
    """

    collections: tuple[str, ...] = ("library",)
    since: date | None = None
    until: date | None = None
    source: str | None = None
    documents: tuple[int, ...] | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it takes more than the names of collections to know what lies inside."""
        return any(
            limit is not None for limit in (self.since, self.until, self.source, self.documents)
        )


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document as its folder sees it. `origin` is "sync" or "add"."""

    document_id: int
    path: str
    origin: str
    stat: FileStat
    sha256: str


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document ready to be stored; `embedded` holds the text to embed for each chunk.

    `fetched` is when it came from its URL, UTC; None for a file.
    """

    path: str
    origin: str
    stat: FileStat
    sha256: str
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

    def entry_at(self, offset: int) -> Entry | None:
        """Return the entry that holds the character at `offset`."""
        return _entry_at(self.entries, offset)

    def cut(self, span: Span) -> str:
        """Return the document's characters under `span`, unchanged.

        Raises:
            SpanError: `span` does not lie inside this passage.
        """
        return _cut_within(self.text, self.span, span)


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a derived index holds of a passage: the words to search and the unit vector."""

    id: int
    collection: str
    words: str
    vector: Vector


class Hit(NamedTuple):
    """A passage that a search found. Higher scores are better.

    Attributes:
        score: what the hits are ordered by; for a fused hit 0..1.
        cosine: similarity of the two vectors, -1..1.
        lexical: BM25 divided by the best hit's BM25, 0..1.
    """

    passage_id: int
    score: float
    cosine: float = 0.0
    lexical: float = 0.0


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of one document, cut from it unchanged.

    Attributes:
        text: exactly `document text[span.start:span.end]`.
        answer: spans of the short answer inside `span`, in the document's offsets.
        paragraph: where the quote starts, counted from 1.
        page: for documents with pages, counted from 1.
        score: what the quotes are ordered by, 0..1.
        section: the heading above it, "" for none.
        entry: the part of the document it lies in, where that has a source of its own.
        also: where other documents say the same, almost word for word, best first.
    """

    document: Document
    span: Span
    text: str
    paragraph: int
    score: float
    answer: tuple[Span, ...] = ()
    page: int | None = None
    speaker: Speaker | None = None
    section: str = ""
    entry: Entry | None = None
    also: tuple[Quote, ...] = ()

    @property
    def source(self) -> Document:
        """The document as it is cited: what the entry says of itself goes before."""
        if self.entry is None:
            return self.document
        entry, metadata = self.entry, self.document.metadata
        return replace(
            self.document,
            metadata=replace(
                metadata,
                title=entry.title or metadata.title,
                published=entry.published or metadata.published,
                url=entry.url or metadata.url,
            ),
        )

    def cut(self, span: Span) -> str:
        """Return the characters under `span`, in the document's offsets.

        Raises:
            SpanError: `span` does not lie inside this quote.
        """
        return _cut_within(self.text, self.span, span)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question, or that they do not.

    Attributes:
        quotes: best first, 1 to 3 of them unless more were asked for; empty when abstaining.
        reason: why there is no answer; None when there is one.
        closest: when abstaining, the quotes that came nearest, best first.
        confidence: calibrated probability that the first quote answers, 0..1.
        elapsed_ms: wall time from question to answer, in milliseconds.
        steps_ms: the same per step, in the order they ran.
        further: whether there are more quotes than were asked for.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    elapsed_ms: float
    reason: str | None = None
    closest: tuple[Quote, ...] = ()
    steps_ms: tuple[tuple[str, float], ...] = ()
    further: bool = False

    @property
    def answered(self) -> bool:
        """Whether the documents answer."""
        return bool(self.quotes)


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """How much is indexed, for the collections one may see."""

    documents: int
    passages: int
    newest: date | None


def _entry_at(entries: Sequence[Entry], offset: int) -> Entry | None:
    found = bisect_right(entries, offset, key=lambda entry: entry.start)
    return entries[found - 1] if found else None


def _cut_within(text: str, outer: Span, inner: Span) -> str:
    """The part under `inner` of the text under `outer`."""
    if not outer.covers(inner):
        raise SpanError(f"{inner} does not lie inside {outer}")
    return text[inner.start - outer.start : inner.end - outer.start]
