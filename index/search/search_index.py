"""The search index, derived from the store: it may be deleted or torn by a crash at any time."""

from __future__ import annotations

import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index.core.answers import Searchable
from index.core.documents import Progress, Vector
from index.core.files import make_private, replacing
from index.core.scope import Scope
from index.models import Embedder
from index.search.dense import DenseIndex
from index.search.languages import DocumentLanguages
from index.search.scopes import Members, Scopes, changed, join, newest
from index.search.vectors import without
from index.search.words import WordIndexes
from index.store.lock import WriteLock
from index.store.revisions import Change, Revision
from index.store.store import Store
from index.text.terms import TERMS_VERSION, Analyzer


class _Difference(NamedTuple):
    """The ids of passages in which the two halves differ from the store."""

    lost: NDArray[np.int64]  # vectors of passages that are gone
    vectors: Members  # that are missing
    stale: Members  # words of passages that are gone; each collection has an entry
    words: Members  # that are missing


class SearchIndex:
    """A FAISS file and a Tantivy folder for each collection, beside the store.

    A passage never changes under its id, so each half is up to date exactly when it holds the ids
    that the store holds; a half torn by a crash is mended by adding and removing the difference.
    Ids mean something only to the store that gave them: the folder names the state of the store
    that it is of, and one of another store, or of a state that this one never had, is emptied.
    """

    def __init__(self, store: Store, folder: Path, embedder: Embedder, analyzer: Analyzer) -> None:
        make_private(folder)
        self._store = store
        self._folder = folder
        self._dimension = store.dimension() or embedder.dimension
        self._analyzer = analyzer
        self.languages = DocumentLanguages(store)
        self._vectors_path = vectors_file(folder)
        self._model = embedder.name
        self.state: Revision | None = None  # of the store, when it was last looked at
        self._unsaved = False
        self._scopes = Scopes(store)
        self._writing = WriteLock(folder / "lock")
        self._using = threading.RLock()  # FAISS may not be searched while it changes
        with self._writing:
            if not is_of(store, folder):
                self._clear()
            self._open()

    def refresh(self, progress: Progress | None = None) -> bool:
        """Catch up with the store; return whether the vectors differ from those in their file.

        Costs one small read if nothing has changed. Embeds nothing. If there is no file, as after a
        restore, it is written.
        """
        if (state := self._store.revisions.read()) == self.state:
            return self._unsaved
        with self._using, self._writing:
            state, members, change = self._read()
            # Before any of these ids is written, and after they are read: never an earlier state.
            with replacing(_origin_file(self._folder)) as temporary:
                temporary.write_text(state.token, encoding="ascii")
            self._words.reload()
            self._follow_model()
            self._vectors.reload()
            self._words.keep_only(members)
            if change is not None:
                self._catch_up(self._follow(members, change), progress)
            if change is None or not self._holds_as_many(members):
                self._catch_up(self._compare(members), progress)
            self._scopes.follow(members)
            self.state = state
            if self._unsaved and not self._vectors_path.exists():
                with suppress(OSError):  # searches need no file
                    self.save()
        return self._unsaved

    def _read(self) -> tuple[Revision, Members, Change | None]:
        """The revision of the store, its passages, and how they changed; None if all may have."""
        known = self._scopes.members
        if self.state is not None and self._model == self._store.model():
            since = self._store.revisions.since(self.state, newest(known))
            if since is not None:
                state, change = since
                return state, changed(known, change), change
        return *self._store.revisions.passages(), None

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make all of it anew; searches wait meanwhile. Embeds nothing."""
        with self._using, self._writing:
            self._clear()
            self._open()
            self.state = None
            self.refresh(progress)
            self.save()

    def save(self) -> None:
        """Write the vectors to their file, so that the next process need not gather them."""
        with self._merging() as alone:
            if alone:  # while searches go on
                self._vectors.merge()
            with self._using, self._writing:
                self._vectors.save(sweep=alone)
                self._unsaved = False

    def search_dense(self, vector: Vector, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine) within `scope`, best first."""
        with self._using:
            return self._vectors.search(vector, k, self._scopes.within(scope))

    def search_lexical(self, question: str, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25) within `scope`, best first."""
        with self._using:
            among = self._scopes.within(scope) if scope.is_narrow else None
            filled, tags = self._scopes.filled(scope), self.languages.every(scope.collections)
            return self._words.search(question, k, filled, among, tags)

    def analyzer(self, scope: Scope) -> Analyzer:
        return self._analyzer.asking(self.languages.every(scope.collections))

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these passages; any not held is left out."""
        with self._using:
            return self._vectors.cosines(vector, ids)

    def has_word(self, term: str, scope: Scope) -> bool:
        """Whether a passage of the scope's collections holds a term of `Analyzer.terms`."""
        with self._using:
            return self._words.count(term, self._scopes.filled(scope)) > 0

    @contextmanager
    def _merging(self) -> Iterator[bool]:
        """Hold the lock of merges if nobody else does; yield whether it is held."""
        lock = FileLock(self._folder / "merging", mode=0o600)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _clear(self) -> None:
        for path in self._folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != self._writing.path:
                path.unlink()

    def _open(self) -> None:
        self._vectors = DenseIndex(self._vectors_path, self._dimension, self._model)
        words = words_folder(self._folder, self._analyzer.language)
        for outdated in set(self._folder.glob(f"words-{self._analyzer.language}*")) - {words}:
            shutil.rmtree(outdated)
        self._words = WordIndexes(words, self._analyzer)

    def _follow_model(self) -> None:
        """Begin the vectors anew if the store has got those of another model."""
        if (model := self._store.model()) not in {None, self._model}:
            self._model, self._dimension = str(model), self._store.dimension() or 0
            self._vectors = DenseIndex(self._vectors_path, self._dimension, self._model)
            self._unsaved = True

    def _compare(self, members: Members) -> _Difference:
        """How both halves differ from all that the store holds."""
        dense = self._vectors.ids
        words = {name: self._words.ids(name) for name in members}
        return _Difference(
            without(dense, join(members.values())),
            {name: without(ids, dense) for name, ids in members.items()},
            {name: without(words[name], ids) for name, ids in members.items()},
            {name: without(ids, words[name]) for name, ids in members.items()},
        )

    def _follow(self, members: Members, change: Change) -> _Difference:
        """How they differ after a change, which another process may have written to the files."""
        added = {name: ids for name, ids in change.added.items() if name in members}
        return _Difference(
            self._vectors.held(change.removed),
            {name: without(ids, self._vectors.held(ids)) for name, ids in added.items()},
            {name: self._words.held(name, change.removed) for name in members},
            {name: without(ids, self._words.held(name, ids)) for name, ids in added.items()},
        )

    def _holds_as_many(self, members: Members) -> bool:
        """Whether nothing was lost meanwhile, as if the folder was deleted."""
        return len(self._vectors) == sum(map(len, members.values())) and all(
            self._words.size(name) == len(ids) for name, ids in members.items()
        )

    def _catch_up(self, difference: _Difference, progress: Progress | None) -> None:
        lost, vectors, stale, words = difference
        self._vectors.remove(lost.tolist())
        self._unsaved |= bool(len(lost) or any(map(len, vectors.values())))
        done = 0
        total = len({*join(vectors.values()).tolist(), *join(words.values()).tolist()})

        def count(taken: int) -> None:
            nonlocal done
            done += taken
            if progress is not None:
                progress(done, total)

        for name, gone in stale.items():
            of_vectors, of_words = (set(of.get(name, gone[:0]).tolist()) for of in (vectors, words))
            new = self._take(of_vectors, of_words, count)
            if len(gone) or of_words:
                self._words.update(name, new, gone.tolist())
            else:
                deque(new, maxlen=0)

    def _take(
        self, dense: set[int], lexical: set[int], count: Callable[[int], None]
    ) -> Iterator[Searchable]:
        """Add the vectors of new passages, and yield those whose words are new."""
        for batch in self._store.passages.searchable(sorted(dense | lexical)):
            vectors = [passage for passage in batch if passage.id in dense]
            self._vectors.add(
                [passage.id for passage in vectors],
                np.asarray([passage.vector for passage in vectors], np.float32),
            )
            yield from (passage for passage in batch if passage.id in lexical)
            count(len(batch))


def is_of(store: Store, folder: Path) -> bool:
    """Whether a folder was derived from this store, as it is or was."""
    try:
        return store.revisions.hold(_origin_file(folder).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


def _origin_file(folder: Path) -> Path:
    return folder / "origin"


def vectors_file(folder: Path) -> Path:
    return folder / "vectors.faiss"


def words_folder(folder: Path, language: str) -> Path:
    return folder / f"words-{language}-{TERMS_VERSION}"
