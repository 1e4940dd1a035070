"""Opens the search index that the settings name."""

from __future__ import annotations

from sqlalchemy import URL

from index.core.settings import IndexSettings
from index.models import Embedder
from index.search.faults import find_file_faults
from index.search.milvus.index import MilvusIndex
from index.search.protocol import Search
from index.search.search_index import SearchIndex
from index.store.integrity import Fault
from index.store.store import Store
from index.text.terms import Analyzer


def open_search(
    store: Store, settings: IndexSettings, embedder: Embedder, analyzer: Analyzer
) -> Search:
    """Return the index beside the store, or on a server; it is not brought up to date yet."""
    if settings.milvus is None:
        return SearchIndex(store, settings.derived_folder, embedder, analyzer)
    return _on_server(settings.milvus, store, settings, embedder, analyzer)


def find_derived_faults(
    store: Store, settings: IndexSettings, embedder: Embedder, analyzer: Analyzer
) -> list[Fault]:
    """Return the differences of the search index from the store; changes nothing."""
    if settings.milvus is None:
        return find_file_faults(store, settings, embedder.name)
    return _on_server(settings.milvus, store, settings, embedder, analyzer).find_faults()


def read_server_state(
    store: Store, settings: IndexSettings, embedder: Embedder, analyzer: Analyzer
) -> str:
    """Return how the index on the server stands to the store, "" if there is none.

    Raises:
        ServerError: the server is out of reach.
    """
    if settings.milvus is None:
        return ""
    return _on_server(settings.milvus, store, settings, embedder, analyzer).describe()


def _on_server(
    url: URL, store: Store, settings: IndexSettings, embedder: Embedder, analyzer: Analyzer
) -> MilvusIndex:
    lock = store.lock(settings.data / "search.lock", "search")
    return MilvusIndex(store, url, lock, embedder, analyzer)
