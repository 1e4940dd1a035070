"""Embedding models: the protocol, and a module for each way to run one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Vector


class TokenVectors(NamedTuple):
    """The n word pieces of one text, special tokens left out."""

    vectors: Vector  # unit vectors of the pieces in their context: shape (n, dimension)
    spans: NDArray[np.int64]  # start and end in the text, in code points: shape (n, 2)

    @classmethod
    def of(cls, states: Vector, spans: NDArray[np.int64]) -> TokenVectors:
        """Return the states of some pieces, of any length, as unit vectors."""
        norms = np.linalg.norm(states, axis=1, keepdims=True)
        return cls(states / np.maximum(norms, 1e-12), spans)


class Embedder(Protocol):
    """A model that turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Recorded in the index, since vectors of two models are never mixed."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """The word pieces that the model reads of a text, special tokens not counted."""

    @property
    def tokenizer(self) -> str:
        """The tokenizer as JSON of the library `tokenizers`."""

    @property
    def is_multilingual(self) -> bool:
        """Whether a question finds passages in other languages, as far as the model declares."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the word pieces of each text, special tokens not counted, nothing cut off."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors of shape (len(texts), dimension)."""

    def embed_question(self, text: str) -> Vector:
        """Return a unit vector of shape (dimension,)."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the word pieces of each text in its context, cut off at `max_tokens`."""
