"""Embeds prepared documents and stores them, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence

from index.core.documents import NewDocument, Progress, Vector
from index.core.files import sha256_of
from index.models import Embedder
from index.store.store import Store

_GROUP_PASSAGES = 64
_REPORTED_PASSAGES = 16


class Writer:
    """Writes documents to one collection of a store; `embedding` gets the passages embedded."""

    def __init__(
        self, store: Store, embedder: Embedder, collection: str, embedding: Progress | None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._collection = collection
        self._embedding = embedding
        self._group: list[NewDocument] = []
        self._embedded = 0

    def of_several(self, files: int) -> Progress:
        """Return what takes the count of files done, if there are several.

        It is the progress from now on, and that of a file ends at most the run.
        """
        inform = self._embedding
        if inform is None or files == 1:
            return lambda *_: None
        at = (0, files)

        def finish(done: int, total: int) -> None:
            nonlocal at
            at = done, total
            inform(*at)

        self._embedding = lambda *_: inform(*at)
        return finish

    def write(self, new: NewDocument) -> None:
        """Take a document; it is stored once enough are at hand."""
        self._group.append(new)
        if sum(len(taken.chunks) for taken in self._group) >= _GROUP_PASSAGES:
            self._write_group()

    def go_on(self, passages: int) -> None:
        """Let whoever is told of the progress end it by raising, before any passage is embedded."""
        if self._embedding is not None:
            self._embedding(0, passages)

    def finish(self) -> int:
        """Store what is left; return the number of passages embedded since the last call."""
        self._write_group()
        embedded, self._embedded = self._embedded, 0
        return embedded

    def _write_group(self) -> None:
        """Embed what is not embedded yet, and store the documents at hand in one transaction."""
        if not self._group:
            return
        self._store.claim_model(self._embedder.name, self._embedder.dimension)
        texts = {sha256_of(text): text for new in self._group for text in new.embedded}
        missing = sorted(texts.keys() - self._store.known_embeddings(texts))
        vectors = self._embed([texts[key] for key in missing])
        self._store.put(self._collection, self._group, dict(zip(missing, vectors, strict=True)))
        self._embedded += len(missing)
        self._group = []

    def _embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self._embedding is None:
            return list(self._embedder.embed_passages(texts))
        vectors: list[Vector] = []
        for done in range(0, len(texts), _REPORTED_PASSAGES):
            self._embedding(done, len(texts))
            vectors.extend(self._embedder.embed_passages(texts[done : done + _REPORTED_PASSAGES]))
        self._embedding(len(texts), len(texts))
        return vectors
