"""An embedder that tells how far it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.core.documents import Progress, Vector
from index.models.loading import Embedder, TokenVectors

_BATCH = 16


class PacedEmbedder:
    """Embeds passages some at a time and tells of (done, of all) before each time.

    What it tells may raise, which ends the work.
    """

    def __init__(self, embedder: Embedder, progress: Progress) -> None:
        self._embedder = embedder
        self._progress = progress
        self.name = embedder.name
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the word pieces of each text."""
        return self._embedder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors of shape (len(texts), dimension)."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH):
            self._progress(start, len(texts))
            end = start + _BATCH
            vectors[start:end] = self._embedder.embed_passages(texts[start:end])
        self._progress(len(texts), len(texts))
        return vectors

    def embed_question(self, text: str) -> Vector:
        """Return a unit vector of shape (dimension,)."""
        return self._embedder.embed_question(text)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the word pieces of each text in its context."""
        return self._embedder.embed_tokens(texts)
