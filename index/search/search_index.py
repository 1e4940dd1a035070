"""The derived index: what the store holds, made quick to search. It may be deleted at any time."""

from __future__ import annotations

import shutil
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from index.core.answers import Searchable
from index.core.documents import Progress, Vector
from index.core.scope import Scope
from index.search.lexical import WordIndex
from index.search.vectors import VectorIndex
from index.store.store import Store
from index.text.terms import TERMS_VERSION, Analyzer


class DerivedIndex(Protocol):
    """Dense and lexical search over the passages of the store."""

    def refresh(self) -> bool:
        """Add what the store has gained and remove what it has lost since the last time."""

    def search_dense(self, vector: Vector, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine) within `scope`, best first."""

    def search_lexical(self, question: str, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25) within `scope`, best first."""

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these passages; any not held is left out."""

    def document_frequency(self, term: str) -> tuple[int, int]:
        """Return how many passages hold a term, and of how many."""


def vectors_file(folder: Path) -> Path:
    """Return where the dense half lies in the folder of a derived index."""
    return folder / "vectors.faiss"


def words_folder(folder: Path, language: str) -> Path:
    """Return where the lexical half lies in the folder of a derived index."""
    return folder / f"words-{language}-{TERMS_VERSION}"


class LocalIndex:
    """A FAISS file and a Tantivy folder beside the store.

    A passage never changes under its id, so each half is up to date exactly when it holds the ids
    that the store holds; whatever a crash tore is mended by adding and removing the difference.
    """

    def __init__(
        self, store: Store, folder: Path, model: str, dimension: int, analyzer: Analyzer
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._store = store
        self._folder = folder
        self._dimension = dimension
        self._analyzer = analyzer
        self._vectors_path = vectors_file(folder)
        self._model = model
        self._revision: int | None = None
        self._unsaved = False
        self._members: dict[str, NDArray[np.int64]] = {}
        self._writing = FileLock(folder / "lock")
        self._resolved: tuple[Scope, NDArray[np.int64]] | None = None  # of the last search
        self._using = threading.RLock()  # FAISS may not be searched while it changes
        with self._writing:
            self._open()

    def refresh(self, progress: Progress | None = None) -> bool:
        """Add what the store has gained and remove what it has lost since the last time.

        Costs one small read where nothing has changed. Embeds nothing. Returns whether the
        vectors differ from those in their file.
        """
        revision = self._store.revision()
        if revision == self._revision:
            return self._unsaved
        with self._using, self._writing:
            members = self._store.passages.ids()
            wanted = np.concatenate([np.empty(0, np.int64), *members.values()])
            self._words.reload()
            self._catch_up(wanted, progress)
            self._members = members
            self._resolved = None
            self._revision = revision
        return self._unsaved

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make all of it anew; who searches meanwhile waits. Embeds nothing."""
        with self._using, self._writing:
            for path in self._folder.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path != Path(self._writing.lock_file):
                    path.unlink()
            self._open()
            self._revision = None
            self.refresh(progress)
            self.save()

    def save(self) -> None:
        """Write the vectors to their file, so that the next process need not gather them."""
        with self._using, self._writing:
            self._vectors.save(self._vectors_path, self._model)
            self._unsaved = False

    def search_dense(self, vector: Vector, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine) within `scope`, best first."""
        with self._using:
            return self._vectors.search(vector, k, self._within(scope))

    def search_lexical(self, question: str, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25) within `scope`, best first."""
        with self._using:
            if scope.is_narrow:
                return self._words.search(question, k, among=self._within(scope))
            collections = None if self._is_all(scope) else scope.collections
            return self._words.search(question, k, collections)

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these passages; any not held is left out."""
        with self._using:
            return self._vectors.cosines(vector, ids)

    def document_frequency(self, term: str) -> tuple[int, int]:
        """Return how many passages hold a term, and of how many."""
        with self._using:
            return self._words.document_frequency(term), len(self._words)

    def _open(self) -> None:
        self._vectors = VectorIndex.load(self._vectors_path, self._dimension, self._model)
        words = words_folder(self._folder, self._analyzer.language)
        for outdated in set(self._folder.glob(f"words-{self._analyzer.language}*")) - {words}:
            shutil.rmtree(outdated)
        self._words = WordIndex(words, self._analyzer)

    def _is_all(self, scope: Scope) -> bool:
        return not scope.is_narrow and self._members.keys() <= set(scope.collections)

    def _within(self, scope: Scope) -> NDArray[np.int64] | None:
        """The ids within a scope; None where none lies outside."""
        if self._is_all(scope):
            return None
        if self._resolved is None or self._resolved[0] != scope:
            self._resolved = scope, self._resolve(scope)
        return self._resolved[1]

    def _resolve(self, scope: Scope) -> NDArray[np.int64]:
        if scope.is_narrow:
            return self._store.passages.ids_within(scope)
        named = [self._members[name] for name in self._members.keys() & set(scope.collections)]
        return np.concatenate([np.empty(0, np.int64), *named])

    def _catch_up(self, wanted: NDArray[np.int64], progress: Progress | None) -> None:
        dense, lexical = self._vectors.ids, self._words.ids
        lost = np.setdiff1d(dense, wanted).tolist()
        self._vectors.remove(lost)
        stale = np.setdiff1d(lexical, wanted).tolist()
        new_dense = set(np.setdiff1d(wanted, dense).tolist())
        new_lexical = set(np.setdiff1d(wanted, lexical).tolist())
        self._unsaved |= bool(lost or new_dense)
        new = self._take(new_dense, new_lexical, progress)
        if stale or new_lexical:
            self._words.update(new, stale)
        else:
            deque(new, maxlen=0)

    def _take(
        self, dense: set[int], lexical: set[int], progress: Progress | None
    ) -> Iterator[Searchable]:
        """Add the vectors of new passages, and yield those whose words are new."""
        done, total = 0, len(dense | lexical)
        for batch in self._store.passages.searchable(sorted(dense | lexical)):
            vectors = [passage for passage in batch if passage.id in dense]
            self._vectors.add(
                [passage.id for passage in vectors],
                np.asarray([passage.vector for passage in vectors], np.float32),
            )
            yield from (passage for passage in batch if passage.id in lexical)
            done += len(batch)
            if progress is not None:
                progress(done, total)
