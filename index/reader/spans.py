"""Word pieces of a question and a passage, and the sentences and answers that their logits mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.core.documents import Passage, Span

MAX_TOKENS = 512
"""The number of positions of MiniLM: the longest passage and the longest question fit together."""
MAX_ANSWER_PIECES = 30
_NOTHING = -20.0
# On 1,100 questions nothing changed with answers further behind the best one, or with more of them.
_MAX_BEHIND = 4.0
_MAX_ANSWERS = 8

Accepts = Callable[[str, str, int], bool]
"""Reports whether words, given with their sentence and where in it they begin, may answer."""


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """The n word pieces of a question and a passage, special ones included.

    The offsets of a piece count code points of the passage's text, without its header; they are
    (0, 0) for a piece outside this text.
    """

    ids: NDArray[np.int64]  # shape (n,)
    types: NDArray[np.int64]  # shape (n,); 0 for the question's pieces, 1 for the passage's
    offsets: NDArray[np.int64]  # shape (n, 2)
    of_text: NDArray[np.bool_]  # whether a piece belongs to the passage's text: shape (n,)

    @classmethod
    def of_context(
        cls,
        ids: NDArray[np.int64],
        types: NDArray[np.int64],
        offsets: NDArray[np.int64],
        of_context: NDArray[np.bool_],
        header: str,
    ) -> EncodedPair:
        """Return a pair whose second text was made by `under` from a header and a passage's text.

        `offsets` are those within the question or the second text; `of_context`, of shape (n,),
        is true for the pieces of the second.
        """
        start = len(header) + 1 if header else 0
        of_text = of_context & (offsets[:, 0] >= start)
        return cls(ids, types, (offsets - start) * of_text[:, None], of_text)

    def __len__(self) -> int:
        return len(self.ids)

    def pieces_of(self, span: Span) -> NDArray[np.int64]:
        """Return the positions of the pieces inside a span of the passage's text, ascending."""
        inside = (self.offsets[:, 0] < span.end) & (self.offsets[:, 1] > span.start)
        return np.flatnonzero(inside & self.of_text)


class PairEncoder:
    """A tokenizer that joins question and passage as in training."""

    def __init__(self, tokenizer_file: Path, max_tokens: int = MAX_TOKENS) -> None:
        """Load a `tokenizer.json`; passages are truncated to fit `max_tokens`."""
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens, strategy="only_second")

    def encode(self, question: str, header: str, text: str) -> EncodedPair:
        encoded = self._tokenizer.encode(question, under(header, text))
        return EncodedPair.of_context(
            np.array(encoded.ids, np.int64),
            np.array(encoded.type_ids, np.int64),
            np.array(encoded.offsets, np.int64),
            np.array([of == 1 for of in encoded.sequence_ids]),
            header,
        )


def under(header: str, text: str) -> str:
    """Return a text under its header, if it has one."""
    return f"{header}\n{text}" if header else text


def header_of(passage: Passage) -> str:
    """Return the title and the heading under which a passage is read."""
    return " · ".join(filter(None, (passage.title, passage.heading)))


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a passage, or two successive ones that an answer spans.

    The margin is the score of the best answer above that of no answer, in logits; 0 from models
    that mark no answers.
    """

    first: int  # position of the first sentence in the passage
    last: int  # of the last, included
    evidence: float  # log-odds that the unit answers, by the model alone
    margin: float = 0.0
    answer: Span | None = None  # the best short answer inside, if any may be one


class ReadingModel(Protocol):
    """Reads a question and passages together."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the units of each passage, at least one for each of its sentences."""


def units_of(
    passage: Passage,
    pair: EncodedPair,
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    evidence: NDArray[np.float32] | None,
    *,
    accepts: Accepts,
) -> list[Unit]:
    """Return each sentence with its best answer, and two at once if the best answer spans them.

    The answer is the best one that `accepts` allows among those near the top, if there is one; the
    margin is that of the best one in any case.

    `starts` and `ends` are the logits that an answer starts or ends at a piece, the first of which
    stands for no answer. `evidence` holds log-odds, whose mean over a sentence is the sentence's;
    without it, the margin takes its place. All of shape (pieces,).
    """
    none = float(starts[0] + ends[0])
    sums = _sums(pair, starts, ends)
    base = passage.span.start
    spans = (sentence.span for sentence in passage.sentences)
    pieces = [pair.pieces_of(Span(span.start - base, span.end - base)) for span in spans]
    units = []
    for at, inside in enumerate(pieces):
        if not len(inside):  # beyond the longest text that the network reads
            units.append(Unit(at, at, _NOTHING, _NOTHING))
            continue
        total, answer = _best(passage, pair, sums, inside, accepts)
        margin = total - none
        odds = margin if evidence is None else float(evidence[inside].mean())
        units.append(Unit(at, at, odds, margin, answer))
    joined = _joined(passage, sums, pieces)
    if joined is not None:
        at, inside = joined
        total, answer = _best(passage, pair, sums, inside, accepts)
        odds = max(units[at].evidence, units[at + 1].evidence)
        units.append(Unit(at, at + 1, odds, total - none, answer))
    return units


def _sums(
    pair: EncodedPair, starts: NDArray[np.float32], ends: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The score of an answer from piece i to piece j, -inf if not allowed: shape (n, n)."""
    sums = starts[:, None] + ends[None, :]
    allowed = np.triu(np.tri(len(pair), k=MAX_ANSWER_PIECES - 1, dtype=bool))
    allowed &= pair.of_text[:, None] & pair.of_text[None, :]
    return np.where(allowed, sums, -np.inf).astype(np.float32)


def _best(
    passage: Passage,
    pair: EncodedPair,
    sums: NDArray[np.float32],
    inside: NDArray[np.int64],
    accepts: Accepts,
) -> tuple[float, Span | None]:
    """The score of the best answer within a run of pieces, and the best accepted one."""
    first, last = int(inside[0]), int(inside[-1]) + 1
    square = sums[first:last, first:last]
    opening = int(pair.offsets[first, 0])
    sentence = passage.text[opening : pair.offsets[last - 1, 1]]
    for place in _ranked(square):
        start, end = divmod(place, len(square))
        begin, stop = int(pair.offsets[first + start, 0]), int(pair.offsets[first + end, 1])
        if accepts(passage.text[begin:stop], sentence, begin - opening):
            base = passage.span.start
            return float(square.max()), Span(base + begin, base + stop)
    return float(square.max()), None


def _ranked(square: NDArray[np.float32]) -> Iterator[int]:
    """The places of the highest scores in a flattened square, best first."""
    flat = square.ravel()
    best = int(flat.argmax())
    yield best
    near = np.flatnonzero(flat >= flat[best] - _MAX_BEHIND)
    yield from near[np.argsort(-flat[near], kind="stable")][1:_MAX_ANSWERS].tolist()


def _joined(
    passage: Passage, sums: NDArray[np.float32], pieces: Sequence[NDArray[np.int64]]
) -> tuple[int, NDArray[np.int64]] | None:
    """Two successive sentences of a paragraph, if the passage's best answer spans them.

    The position of the first sentence, and the first and the last piece of both.
    """
    start, end = np.unravel_index(int(sums.argmax()), sums.shape)
    for at, (one, other) in enumerate(pairwise(pieces)):
        first, second = passage.sentences[at : at + 2]
        together = len(one) and len(other) and first.paragraph == second.paragraph
        if together and one[0] <= start <= one[-1] and other[0] <= end <= other[-1]:
            return at, np.array([one[0], other[-1]])
    return None
