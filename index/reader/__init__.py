"""The reader: finds the sentences that answer a question, and how surely they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.core.answers import Hit, Quote
from index.core.documents import Passage, Span, Vector
from index.reader.calibration import Calibration, Evidence


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
    """One or more successive sentences of a passage that may answer.

    Attributes:
        first, last: the sentences' ordinals in the document, both included.
        span: from the start of the first to the end of the last.
        score: readings are ordered by it, 0..1.
        answer: spans of the short answer inside `span`.
    """

    passage: Passage
    first: int
    last: int
    span: Span
    score: float
    answer: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
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
    """The result of reading passages.

    Attributes:
        readings: best first; a sentence appears once.
        evidence: features from which the calibration computes whether the first reading answers.
    """

    readings: Sequence[Reading]
    evidence: Evidence


class Reader(Protocol):
    """Finds the answering sentences. Implementations differ in the model they use.

    Attributes:
        name: identifies the reader in the file of what was fitted for it.
        calibration: from evidence to confidence.
    """

    name: str
    calibration: Calibration

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the readings of `retrieved`, which is ordered best first."""
