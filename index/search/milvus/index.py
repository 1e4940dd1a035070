"""The search index in a Milvus server: derived from the store, and shared by all that share it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import URL

from index.core.documents import Progress, Vector
from index.core.errors import StoreError
from index.core.files import sha256_of
from index.core.scope import Scope
from index.models import Embedder
from index.search.languages import DocumentLanguages
from index.search.milvus.collection import Found, PassageCollection, tokens
from index.search.milvus.scoped import find_within, in_collections, partition
from index.search.scopes import Members, Scopes, changed, join, newest
from index.store.integrity import REBUILD, Fault
from index.store.revisions import Revision
from index.store.store import Store
from index.text.terms import TERMS_VERSION, Analyzer

_SETTLED_S = 10.0
_NAME_CHARS = 16
_CHANGING = "changing "
_MAX_WORDS = 10_000


class MilvusIndex:
    """A collection of a Milvus server with a partition key, the collection of a passage.

    It notes the state of the store that it is of, and `changing` before it is changed, so that one
    whose change was broken off is compared with the store id by id. Whoever finds it behind brings
    it up to date, one process at a time; to all others it costs one small read.
    """

    def __init__(
        self,
        store: Store,
        url: URL,
        lock: AbstractContextManager[None],
        embedder: Embedder,
        analyzer: Analyzer,
    ) -> None:
        self.languages = DocumentLanguages(store)
        self._store, self._url, self._changing = store, url, lock
        self._analyzer = analyzer
        self._model, self._dimension = embedder.name, store.dimension() or embedder.dimension
        self._opened: PassageCollection | None = None
        self._using = threading.RLock()
        self._scopes = Scopes(store)
        self.state: Revision | None = None  # of the store, when it was last caught up with
        self._known = np.empty(0, np.int64)
        self._changed = 0.0  # when a change was last seen
        self._words: dict[tuple[str, tuple[str, ...]], bool] = {}

    def refresh(self, progress: Progress | None = None) -> bool:
        """Bring the collection up to date unless another process has; return False.

        Costs one small read if nothing has changed. Embeds nothing.

        Raises:
            StoreError: the collection is of another store.
            ServerError: the server is out of reach.
        """
        if self._store.revisions.read() != self.state:
            with self._using:
                self._refresh(progress)
        return False

    def rebuild(self, progress: Progress | None = None) -> None:
        """Put all of it anew, also in place of what another store left. Embeds nothing."""
        with self._using, self._changing:
            collection = self._connect()
            collection.open()
            if not self._is_ours(collection.mark()):
                collection.drop()
                collection.open()
            state, members = self._store.revisions.passages()
            self._write(collection, state, members, np.empty(0, np.int64), progress)
            self._follow(state, members)

    def save(self) -> None:
        """Do nothing: what is put is kept by the server."""

    def search_dense(self, vector: Vector, k: int, scope: Scope) -> Found:
        """Return up to `k` (passage id, cosine) within `scope`, best first."""
        with self._reaching() as collection:
            level = self._level()
            return self._find(
                lambda count, within: collection.nearest(vector, count, within, level), k, scope
            )

    def search_lexical(self, question: str, k: int, scope: Scope) -> Found:
        """Return up to `k` (passage id, BM25) within `scope`, best first.

        How rare a word is, all passages of the server decide.
        """
        forms = self.analyzer(scope).content_forms(question)
        terms = list(dict.fromkeys(term for of_word in forms for term in of_word))
        if not terms:
            return []
        with self._reaching() as collection:
            level = self._level()
            return self._find(
                lambda count, within: collection.best(terms, count, within, level), k, scope
            )

    def analyzer(self, scope: Scope) -> Analyzer:
        return self._analyzer.asking(self.languages.every(scope.collections))

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these passages; any not held is left out."""
        if not ids:
            return {}
        with self._reaching() as collection:
            found = collection.vectors(ids, self._level())
        return {at: float(of @ vector) for at, of in found.items()}

    def has_word(self, term: str, scope: Scope) -> bool:
        """Whether a passage of the scope's collections holds a term of `Analyzer.terms`."""
        filled = tuple(self._scopes.filled(scope))
        if not filled:
            return False
        if (term, filled) not in self._words:
            if len(self._words) >= _MAX_WORDS:
                self._words.clear()
            with self._reaching() as collection:
                has = collection.has_term(term, in_collections(filled), self._level())
            self._words[term, filled] = has
        return self._words[term, filled]

    def describe(self) -> str:
        """Return how the collection stands to the store, "" if there is none."""
        collection = self._connect()
        if not collection.exists():
            return ""
        collection.open()
        mark = collection.mark()
        if not self._is_ours(mark):
            return "of another index"
        is_current = mark == self._store.revisions.read().token
        return "up to date" if is_current else "behind; the next question brings it up to date"

    def find_faults(self) -> list[Fault]:
        """Return the differences from the store; changes nothing. None at all is no fault."""
        collection = self._connect()
        if not collection.exists():
            return []
        collection.open()
        if not (mark := collection.mark()):
            return []
        if not self._is_ours(mark):
            return [Fault(collection.place, "of another index", REBUILD)]
        state, members = self._store.revisions.passages()
        wanted, held = join(members.values()), collection.ids()
        if mark != state.token and not mark.startswith(_CHANGING):
            return []  # the next question brings it up to date
        missing, extra = len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted))
        if missing or extra:
            text = f"not up to date, passages: {missing:,} missing, {extra:,} of no document"
            return [Fault(collection.place, text, REBUILD)]
        different = 0
        for batch in self._store.passages.searchable(wanted.tolist()):
            vectors = collection.vectors([passage.id for passage in batch], "Strong")
            different += sum(not np.array_equal(vectors[one.id], one.vector) for one in batch)
        text = f"{different:,} vectors are not those of the documents"
        return [Fault(collection.place, text, REBUILD)] if different else []

    def _refresh(self, progress: Progress | None) -> None:
        outdated = self._opened
        if outdated is not None and outdated.name != self._name():
            self._opened, self.state = None, None
        with self._reaching() as collection:
            state, members = self._read()
            if collection.mark() != state.token:
                with self._changing:
                    # No other process has written a later state than this one.
                    state, members = self._read()
                    self._catch_up(collection, state, members, progress)
                    if outdated is not None and outdated.name != collection.name:
                        outdated.drop()
            self._follow(state, members)

    def _read(self) -> tuple[Revision, Members]:
        """The present revision and its passages; of a large store only what changed is read."""
        known = self._scopes.members
        since = self.state and self._store.revisions.since(self.state, newest(known))
        if since is None:
            return self._store.revisions.passages()
        state, change = since
        return state, changed(known, change)

    @contextmanager
    def _reaching(self) -> Iterator[PassageCollection]:
        """Yield the collection; after an error, look anew what it holds when it is back."""
        try:
            if self._opened is None:
                self._opened = self._connect()
                self._opened.open()
            yield self._opened
        except StoreError:
            if self._opened is not None:
                self._opened.close()
            self._opened, self.state = None, None
            raise

    def _connect(self) -> PassageCollection:
        dimension = self._store.dimension() or self._dimension
        return PassageCollection(self._url, self._name(), dimension)

    def _name(self) -> str:
        """The name of the collection, another one for other vectors or terms."""
        model, language = self._store.model() or self._model, self._analyzer.language
        return f"onrecord_{sha256_of(f'{model} {language} {TERMS_VERSION}')[:_NAME_CHARS]}"

    def _is_ours(self, mark: str) -> bool:
        return not mark or self._store.revisions.hold(mark.removeprefix(_CHANGING))

    def _catch_up(
        self,
        collection: PassageCollection,
        state: Revision,
        members: Members,
        progress: Progress | None,
    ) -> None:
        if (mark := collection.mark()) == state.token:
            return
        if not self._is_ours(mark):
            raise StoreError(
                f"{collection.place} holds the index of another store; name another database in "
                "ONRECORD_MILVUS_URI, or replace it with `onrecord index rebuild`"
            )
        is_known = self.state is not None and mark == self.state.token
        held = self._known if is_known else collection.ids()
        self._write(collection, state, members, held, progress)

    def _write(
        self,
        collection: PassageCollection,
        state: Revision,
        members: Members,
        held: NDArray[np.int64],
        progress: Progress | None,
    ) -> None:
        """Put what is not held, delete what is no more, and note the state."""
        wanted = join(members.values())
        new = np.setdiff1d(wanted, held).tolist()
        collection.set_mark(f"{_CHANGING}{state.token}")
        done = 0
        for batch in self._store.passages.searchable(new):
            collection.put(
                {
                    "id": passage.id,
                    "partition": partition(passage.collection),
                    "terms": tokens(self._analyzer.terms(passage.words, passage.language)),
                    "vector": passage.vector.tolist(),
                }
                for passage in batch
            )
            done += len(batch)
            if progress is not None:
                progress(done, len(new))
        gone = held if len(held) else collection.ids()
        collection.delete(np.setdiff1d(gone, wanted).tolist())
        collection.set_mark(state.token)

    def _follow(self, state: Revision, members: Members) -> None:
        self._scopes.follow(members)
        self.state, self._known = state, join(members.values())
        self._changed = monotonic()
        self._words.clear()

    def _level(self) -> Any:
        """How fresh what is read must be: for a while after a change, all of it."""
        return "Strong" if monotonic() - self._changed < _SETTLED_S else "Bounded"

    def _find(self, search: Callable[[int, str], Found], k: int, scope: Scope) -> Found:
        among = self._scopes.within(scope) if scope.is_narrow else None
        return find_within(search, k, self._scopes.filled(scope), among)
