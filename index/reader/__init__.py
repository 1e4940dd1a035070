"""The reader: which sentences of the passages found answer the question, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.core.answers import Hit, Quote
from index.core.documents import Passage, Span, Vector
from index.reader.calibration import Calibration, Evidence

__all__ = ["Question", "Reader", "Reading", "Retrieved"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its unit vector."""

    text: str
    vector: Vector


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage and the hit that found it."""

    passage: Passage
    hit: Hit


@dataclass(frozen=True, slots=True)
class Reading:
    """One or more neighbouring sentences of a passage that may answer.

    Attributes:
        first, last: the sentences' ordinals in the document, both included.
        span: from the start of the first to the end of the last.
        score: what readings are ordered by, 0..1.
        answer: spans of the short answer inside `span`; empty where the reader finds none.
    """

    passage: Passage
    first: int
    last: int
    span: Span
    score: float
    answer: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The characters under `span`."""
        return self.passage.cut(self.span)

    @property
    def paragraph(self) -> int:
        """The number of the paragraph in which it starts."""
        return self.passage.paragraph_at(self.span.start)

    def to_quote(self) -> Quote:
        """Return the sentences as a quote."""
        return Quote.from_passage(self.passage, self.span, self.score, self.answer)


@dataclass(frozen=True, slots=True)
class ReadPassages:
    """What a reader makes of the passages.

    Attributes:
        readings: best first; a sentence appears once.
        evidence: what tells whether the first one answers: shape (number of the calibration's
            features,).
    """

    readings: Sequence[Reading]
    evidence: Evidence


class Reader(Protocol):
    """Finds the answering sentences. Implementations differ in the model they use."""

    name: str
    """By which what was fitted for it is known."""

    calibration: Calibration
    """From evidence to confidence."""

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return what answers in `retrieved`, which is ordered best first."""
