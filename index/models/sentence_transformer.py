"""Any sentence-transformers model, run by PyTorch."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.core.documents import Vector
from index.core.errors import ModelError
from index.models import TokenVectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_SPECIAL_TOKENS = 2
_PREFIX_TOKENS = 4
_E5 = re.compile(r"(?:.*[/\\])?(?:multilingual-)?e5-(?:small|base|large)(?:-v2)?/?")
_E5_PREFIXES = {"query": "query: ", "document": "passage: "}
_BATCH = 32


class TransformerEmbedder:
    """A sentence-transformers model, by its name on the hub or its folder.

    The first use loads it, which takes seconds.

    Raises:
        ModelError: at the first use; there is no such model.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        # Part of these models, though their own files do not say so.
        self._prefixes = _E5_PREFIXES if _E5.fullmatch(name) else None

    @cached_property
    def _model(self) -> SentenceTransformer:
        # They bring PyTorch.
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils import logging as transformers_logging  # noqa: PLC0415

        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(self.name, prompts=self._prefixes)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"cannot load the embedding model {self.name}: {error}; set ONRECORD_MODEL to a "
                "sentence-transformers name or folder"
            ) from error

    @property
    def dimension(self) -> int:
        return self._model.get_embedding_dimension() or 0

    @property
    def max_tokens(self) -> int:
        prefix = _PREFIX_TOKENS if self._prefixes else 0
        return (self._model.max_seq_length or 512) - _SPECIAL_TOKENS - prefix

    @property
    def tokenizer(self) -> str:
        fast = getattr(self._model.tokenizer, "backend_tokenizer", None)
        if fast is None:
            raise ModelError(
                f"the embedding model {self.name} has no fast tokenizer; choose another one"
            )
        return str(fast.to_str())

    @cached_property
    def is_multilingual(self) -> bool:
        """Whether the name says so, or the model's card names several languages."""
        if "multilingual" in self.name.lower():
            return True
        from huggingface_hub import ModelCard  # noqa: PLC0415  # slow to import
        from sentence_transformers.util import load_file_path  # noqa: PLC0415

        card = load_file_path(self.name, "README.md", local_files_only=True)
        if card is None:
            return False
        languages = ModelCard.load(card, ignore_metadata_errors=True).data.language
        return isinstance(languages, list) and len(languages) > 1

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encoded = self._model.tokenizer(
            list(texts), add_special_tokens=False, truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._model.encode_document(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def embed_question(self, text: str) -> Vector:
        vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, np.float32)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        encoded = self._model.tokenizer(
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
        tokens = []
        parts = zip(states, encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
        for state, spans, special in parts:
            kept = ~np.asarray(special, bool)
            vectors = state.numpy(force=True)[: len(spans)]
            tokens.append(TokenVectors.of(vectors[kept], np.asarray(spans)[kept]))
        return tokens
