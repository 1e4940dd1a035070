"""What is answered: quotes, or that there are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from index.core.documents import Document, Entry, Passage, Span, Speaker, Vector, cut_within


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

    @classmethod
    def from_passage(
        cls, passage: Passage, span: Span, score: float = 0.0, answer: tuple[Span, ...] = ()
    ) -> Quote:
        """Return the sentences of `passage` under `span` as a quote."""
        entry = passage.entry_at(span.start)
        return cls(
            document=passage.document,
            span=span,
            text=passage.cut(span),
            paragraph=passage.paragraph_at(span.start),
            score=score,
            answer=answer,
            page=passage.page_at(span.start),
            speaker=entry.speaker if entry else None,
            section=passage.heading,
            entry=entry,
        )

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
        return cut_within(self.text, self.span, span)


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
        understood: the question that was answered, where misspelt words of it were put right.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    elapsed_ms: float
    reason: str | None = None
    closest: tuple[Quote, ...] = ()
    steps_ms: tuple[tuple[str, float], ...] = ()
    further: bool = False
    understood: str | None = None

    @property
    def answered(self) -> bool:
        """Whether the documents answer."""
        return bool(self.quotes)


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
