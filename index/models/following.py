"""The embedding model of an index, which may be changed to another one while it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.core.documents import Vector
from index.core.settings import IndexSettings
from index.models import Embedder, TokenVectors
from index.models.loading import open_embedder


class FollowingEmbedder:
    """The model that made the index, or the one of the settings as long as none has."""

    def __init__(
        self,
        settings: IndexSettings,
        made_with: Callable[[], str | None],
        revision: Callable[[], object],
    ) -> None:
        """`made_with` reads the name of the model that made the index, None for none yet.

        `revision` returns the revision of the index that was read last, None for none: the name is
        read anew when it is another one.
        """
        self._made_with = made_with
        self._revision = revision
        self._looked_at: object = None
        self._cache = settings.models_folder
        self._embedder = open_embedder(settings.model, self._cache)

    @property
    def name(self) -> str:
        return self._current().name

    @property
    def dimension(self) -> int:
        return self._current().dimension

    @property
    def max_tokens(self) -> int:
        return self._current().max_tokens

    @property
    def tokenizer(self) -> str:
        return self._current().tokenizer

    @property
    def is_multilingual(self) -> bool:
        return self._current().is_multilingual

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._current().count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self._current().embed_passages(texts)

    def embed_question(self, text: str) -> Vector:
        return self._current().embed_question(text)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._current().embed_tokens(texts)

    def _current(self) -> Embedder:
        revision = self._revision()
        if revision is not None and revision == self._looked_at:
            return self._embedder
        name = self._made_with()
        self._looked_at = revision if name else None
        if name not in {None, self._embedder.name}:
            self._embedder = open_embedder(str(name), self._cache)
        return self._embedder
