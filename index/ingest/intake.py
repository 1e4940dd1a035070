"""The way into a library: an indexer within the limits that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.core.settings import IndexSettings
from index.ingest.indexer import Indexer
from index.models.loading import Embedder
from index.parsers import Parse
from index.store.store import Store

if TYPE_CHECKING:
    from index.sources.web import Fetched


def open_indexer(
    settings: IndexSettings, store: Store, embedder: Embedder, parse: Parse, collection: str
) -> Indexer:
    """Return an indexer of one collection, for one run."""
    max_bytes = int(settings.max_file_mb * 1_000_000)

    def fetch_page(url: str) -> Fetched:
        from index.sources.web import FetchLimits, fetch  # noqa: PLC0415  # slow to import

        return fetch(url, FetchLimits(max_bytes, settings.fetch_seconds, settings.fetch_private))

    return Indexer(
        store,
        embedder,
        parse=parse,
        fetch=fetch_page,
        max_file_bytes=max_bytes,
        collection=collection,
        apart=settings.own_folders,
    )
