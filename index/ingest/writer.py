"""Attributes, embeds and stores prepared documents, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from functools import cache
from threading import Event, Lock
from typing import NamedTuple, Self

from index.attribution.tagger import VERSION, Tagger
from index.core.attributions import Attribution
from index.core.documents import NewDocument, Progress, Vector
from index.core.files import sha256_of
from index.models import Embedder
from index.models.onnx import processors
from index.store.store import Store

_GROUP_PASSAGES = 64
_REPORTED_PASSAGES = 16
_MAX_ATTRIBUTED_AT_ONCE = 4  # what the network says of each takes a few megabytes


class _Taken(NamedTuple):
    new: NewDocument
    attributions: Future[list[Attribution]]


class Writer:
    """Writes documents to one collection of a store; `embedding` gets the passages embedded.

    Who says what in a document is found on other threads as soon as it is taken, while the next
    ones are read and those at hand are embedded. Leaving the context ends that, and drops what is
    not stored.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        tagger: Tagger,
        collection: str,
        embedding: Progress | None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._tagger = tagger
        self._collection = collection
        self._embedding = embedding
        self._told = (0, 0)
        self._telling = Lock()
        self._group: list[_Taken] = []
        self._embedded = 0
        self._ended = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._group = []

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
        if not self._group:
            self._told = (0, len(new.chunks))
        find, run = self._tagger.find, copy_context().run
        found = _threads().submit(run, find, new.parsed.text, new.sentences, self._go_on)
        self._group.append(_Taken(new, found))
        if sum(len(taken.new.chunks) for taken in self._group) >= _GROUP_PASSAGES:
            self._write_group()

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
        texts = {sha256_of(text): text for taken in self._group for text in taken.new.embedded}
        missing = sorted(texts.keys() - self._store.known_embeddings(texts))
        vectors = self._embed([texts[key] for key in missing])
        group = [
            replace(new, attributions=found.result(), attribution_version=VERSION)
            for new, found in self._group
        ]
        self._store.put(self._collection, group, dict(zip(missing, vectors, strict=True)))
        self._embedded += len(missing)
        self._group = []

    def _embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        if self._embedding is None:
            return list(self._embedder.embed_passages(texts))
        vectors: list[Vector] = []
        for done in range(0, len(texts), _REPORTED_PASSAGES):
            self._tell((done, len(texts)))
            vectors.extend(self._embedder.embed_passages(texts[done : done + _REPORTED_PASSAGES]))
        self._tell((len(texts), len(texts)))
        return vectors

    def _go_on(self) -> None:
        """End what another thread is doing, if the run has ended or its progress raises."""
        if self._ended.is_set():
            raise CancelledError
        self._tell()

    def _tell(self, progress: tuple[int, int] | None = None) -> None:
        """Tell of the progress, or again of the last."""
        if self._embedding is not None:
            with self._telling:
                self._told = progress or self._told
                self._embedding(*self._told)


@cache
def _threads() -> ThreadPoolExecutor:
    size = min(processors(), _MAX_ATTRIBUTED_AT_ONCE)
    return ThreadPoolExecutor(size, thread_name_prefix="attributing")
