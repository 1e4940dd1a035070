"""Any sentence-transformers model, run by PyTorch."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.core.documents import Vector
from index.core.errors import ModelError
from index.models.loading import TokenVectors

_SPECIAL_TOKENS = 2
_BATCH = 32


class TransformerEmbedder:
    """A sentence-transformers model, by its name on the hub or its folder."""

    def __init__(self, name: str) -> None:
        """Load the model; takes seconds.

        Raises:
            ModelError: it is not there.
        """
        self.name = name
        self._model = _load(name)
        self._tokenizer = self._model.tokenizer
        self.dimension = self._model.get_embedding_dimension() or 0
        self.max_tokens = (self._model.max_seq_length or 512) - _SPECIAL_TOKENS

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the word pieces of each text, special tokens not counted, nothing cut off."""
        if not texts:
            return []
        encoded = self._tokenizer(
            list(texts), add_special_tokens=False, truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Return unit vectors of shape (len(texts), dimension)."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._model.encode_document(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def embed_question(self, text: str) -> Vector:
        """Return a unit vector of shape (dimension,)."""
        vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the word pieces of each text in its context, cut off at `max_tokens`."""
        encoded = self._tokenizer(
            list(texts),
            truncation=True,
            max_length=self.max_tokens + _SPECIAL_TOKENS,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            verbose=False,
        )
        states = self._model.encode(
            list(texts),
            batch_size=_BATCH,
            output_value="token_embeddings",
            show_progress_bar=False,
        )
        return [
            TokenVectors.of(
                state.numpy(force=True)[: len(spans)][~np.asarray(special, bool)],
                np.asarray(spans)[~np.asarray(special, bool)],
            )
            for state, spans, special in zip(
                states, encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True
            )
        ]


def _load(name: str) -> SentenceTransformer:

    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(name)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"cannot load the embedding model {name}: {error}; set ONRECORD_MODEL to a "
            "sentence-transformers name or folder"
        ) from error
