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
    """A question with its unit vector.

    Attributes:
        unknown: share of its content words that no passage it may see has, 0..1.
        names: words of it in small letters that are names, though no passage has them.
        thorough: whether all passages are to be read, also those that hardly change the best.
    """

    text: str
    vector: Vector
    unknown: float = 0.0
    names: tuple[str, ...] = ()
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage and the hit that found it."""

    passage: Passage
    hit: Hit


@dataclass(frozen=True, slots=True)
class Reading:
    """One or more successive sentences of a passage that may answer."""

    passage: Passage
    first: int  # ordinal of the first sentence in the document
    last: int  # of the last, included
    span: Span
    score: float  # readings are ordered by it, 0..1
    answer: tuple[Span, ...] = ()  # short answers inside `span`

    @property
    def text(self) -> str:
        return self.passage.cut(self.span)

    @property
    def paragraph(self) -> int:
        """The number of the paragraph in which the reading starts."""
        return self.passage.paragraph_at(self.span.start)

    def to_quote(self) -> Quote:
        return Quote.from_passage(self.passage, self.span, self.score, self.answer)


@dataclass(frozen=True, slots=True)
class ReadPassages:
    """The readings of passages, best first, and the evidence that the first of them answers."""

    readings: Sequence[Reading]  # a sentence appears once
    evidence: Evidence
    calibration: Calibration | None = None  # that of the evidence; None: the reader's
    is_whole: bool = True  # whether all passages were read that may answer


class Reader(Protocol):
    """Finds the answering sentences. Implementations differ in the model they use."""

    name: str  # identifies the reader in the file of its fitted values
    calibration: Calibration

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the readings of `retrieved`, which is ordered best first."""
