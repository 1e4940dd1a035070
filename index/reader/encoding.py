"""Question and passage as the word pieces that a reading network takes in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.core.documents import Passage, Span

MAX_TOKENS = 512
"""What MiniLM has positions for: the longest passage and the longest question fit together."""


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """The word pieces of a question and a passage, special ones included.

    Attributes:
        ids, types: shape (n,); `types` tells the question's pieces (0) from the passage's (1).
        offsets: where each piece lies in the passage's text, under its header: shape (n, 2), in
            code points; (0, 0) for what is not of the text.
        of_text: whether a piece is of the passage's text: shape (n,).
    """

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    offsets: NDArray[np.int64]
    of_text: NDArray[np.bool_]

    @classmethod
    def of_context(
        cls,
        ids: NDArray[np.int64],
        types: NDArray[np.int64],
        offsets: NDArray[np.int64],
        of_context: NDArray[np.bool_],
        header: str,
    ) -> EncodedPair:
        """Return a pair whose second text is a header, a line end, and the passage's text.

        Args:
            ids: shape (n,).
            types: shape (n,).
            offsets: of each piece in the one of the two texts that it is of: shape (n, 2).
            of_context: whether it is of the second: shape (n,).
            header: "" for none; then there is no line end either.
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
    """A tokenizer that joins question and passage as the network was trained to see them."""

    def __init__(self, tokenizer_file: Path, max_tokens: int = MAX_TOKENS) -> None:
        """Load a `tokenizer.json`; of longer pairs the passage is cut off."""
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens, strategy="only_second")

    def encode(self, question: str, header: str, text: str) -> EncodedPair:
        """Return the pieces of a question and of a passage's text under its header."""
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
    """Return the title and heading that a passage is read under; maybe nothing."""
    return " · ".join(filter(None, (passage.title, passage.heading)))
