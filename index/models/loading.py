"""Texts to unit vectors: what the index needs of a model, and the choice of who runs it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Vector
from index.core.settings import DEFAULT_MODEL


class TokenVectors(NamedTuple):
    """The word pieces of one text, special tokens left out.

    Attributes:
        vectors: unit vectors of the pieces in their context: shape (n, dimension), float32.
        spans: where each piece lies in the text, in code points: shape (n, 2), int.
    """

    vectors: Vector
    spans: NDArray[np.int64]

    @classmethod
    def of(cls, states: Vector, spans: NDArray[np.int64]) -> TokenVectors:
        """Return the states of some pieces, of any length, as unit vectors."""
        norms = np.linalg.norm(states, axis=1, keepdims=True)
        return cls(states / np.maximum(norms, 1e-12), spans)


class Embedder(Protocol):
    """What the index needs of a model.

    Attributes:
        name: recorded in the index; vectors of two models are never mixed.
        dimension: length of a vector.
        max_tokens: word pieces that it reads of a text, special tokens not counted.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the word pieces of each text, special tokens not counted, nothing cut off."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors of shape (len(texts), dimension)."""

    def embed_question(self, text: str) -> Vector:
        """Return a unit vector of shape (dimension,)."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the word pieces of each text in its context, cut off at `max_tokens`."""


class LazyEmbedder:
    """An embedder that loads its model when it is first needed, for commands that rarely do."""

    def __init__(self, name: str, cache: Path) -> None:
        """Name a model; `cache` is the folder of models converted for a quick start."""
        self.name = name
        self._cache = cache
        self._loading = threading.Lock()
        self._loaded: Embedder | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.load().dimension

    @property
    def max_tokens(self) -> int:
        """Word pieces that the model reads of a text."""
        return self.load().max_tokens

    def load(self) -> Embedder:
        """Return the model, loading it the first time.

        Raises:
            ModelError: it is not there or damaged.
        """
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self.name, self._cache)
            return self._loaded

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the word pieces of each text."""
        return self.load().count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors of shape (len(texts), dimension)."""
        return self.load().embed_passages(texts)

    def embed_question(self, text: str) -> Vector:
        """Return a unit vector of shape (dimension,)."""
        return self.load().embed_question(text)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the word pieces of each text in its context."""
        return self.load().embed_tokens(texts)


def _load(name: str, cache: Path) -> Embedder:
    # Each brings packages that take their time, and only one of them is needed.
    if name == DEFAULT_MODEL:
        from index.models.minilm import MiniLM  # noqa: PLC0415

        return MiniLM(cache)
    from index.models.sentence_transformer import TransformerEmbedder  # noqa: PLC0415

    return TransformerEmbedder(name)
