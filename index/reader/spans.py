"""From the logits of word pieces to sentences and the short answers inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Passage, Span
from index.reader.encoding import EncodedPair

MAX_ANSWER_PIECES = 30
_NOTHING = -20.0


def units_of(
    passage: Passage,
    pair: EncodedPair,
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    evidence: NDArray[np.float32] | None,
) -> list[Unit]:
    """Return each sentence with its best answer, and two in a row where the best runs across.

    Args:
        passage: what was read.
        pair: its word pieces.
        starts: logits that an answer starts at a piece: shape (pieces,). That of the first piece
            stands for no answer.
        ends: the same for where it ends.
        evidence: the log-odds of each piece whose mean over a sentence is the sentence's; None for
            networks that have none: then the margin is taken for it.
    """
    none = float(starts[0] + ends[0])
    sums = _sums(pair, starts, ends)
    pieces = [_pieces(pair, passage, sentence.span) for sentence in passage.sentences]
    units = []
    for at, inside in enumerate(pieces):
        if not len(inside):  # past the longest text that the network reads
            units.append(Unit(at, at, _NOTHING, _NOTHING))
            continue
        total, answer = _best(pair, passage, sums, inside)
        margin = total - none
        odds = margin if evidence is None else float(evidence[inside].mean())
        units.append(Unit(at, at, odds, margin, answer))
    joined = _joined(passage, sums, pieces)
    if joined is not None:
        at, inside = joined
        total, answer = _best(pair, passage, sums, inside)
        odds = max(units[at].evidence, units[at + 1].evidence)
        units.append(Unit(at, at + 1, odds, total - none, answer))
    return units


def _sums(
    pair: EncodedPair, starts: NDArray[np.float32], ends: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What an answer from piece i to piece j scores, -inf for what cannot be: shape (n, n)."""
    sums = starts[:, None] + ends[None, :]
    allowed = np.triu(np.tri(len(pair), k=MAX_ANSWER_PIECES - 1, dtype=bool))
    allowed &= pair.of_text[:, None] & pair.of_text[None, :]
    return np.where(allowed, sums, -np.inf).astype(np.float32)


def _best(
    pair: EncodedPair, passage: Passage, sums: NDArray[np.float32], inside: NDArray[np.int64]
) -> tuple[float, Span]:
    """The best answer within a run of pieces: its score and where it stands in the document."""
    first, last = int(inside[0]), int(inside[-1]) + 1
    square = sums[first:last, first:last]
    start, end = np.unravel_index(int(square.argmax()), square.shape)
    base = passage.span.start
    span = Span(
        base + int(pair.offsets[first + start, 0]), base + int(pair.offsets[first + end, 1])
    )
    return float(square[start, end]), span


def _joined(
    passage: Passage, sums: NDArray[np.float32], pieces: Sequence[NDArray[np.int64]]
) -> tuple[int, NDArray[np.int64]] | None:
    """Two sentences in a row of a paragraph, where the passage's best answer runs across both.

    The position of the first, and the pieces from its first to the other's last.
    """
    start, end = np.unravel_index(int(sums.argmax()), sums.shape)
    for at, (one, other) in enumerate(pairwise(pieces)):
        together = passage.sentences[at].paragraph == passage.sentences[at + 1].paragraph
        if (
            together
            and len(one)
            and len(other)
            and one[0] <= start <= one[-1]
            and other[0] <= end <= other[-1]
        ):
            return at, np.array([one[0], other[-1]])
    return None


def _pieces(pair: EncodedPair, passage: Passage, span: Span) -> NDArray[np.int64]:
    start, end = span.start - passage.span.start, span.end - passage.span.start
    return pair.pieces_of(Span(start, end))


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
