"""What a reading model says of the sentences of a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.core.documents import Passage, Span


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a passage, or two in a row that an answer runs across.

    Attributes:
        first, last: positions of the sentences in the passage, both included.
        evidence: log-odds that the unit answers, as far as the model knows.
        margin: how much better its best answer is than no answer, in logits; 0 where the model
            marks no answers.
        answer: the best short answer inside, in the document's offsets; None where the model marks
            none.
    """

    first: int
    last: int
    evidence: float
    margin: float = 0.0
    answer: Span | None = None


class ReadingModel(Protocol):
    """Reads a question and passages together."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the units of each passage, at least one for each of its sentences."""
