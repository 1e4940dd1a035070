"""Searches of a Milvus collection that see a scope alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.core.files import sha256_of
from index.search.milvus.collection import Found

_LISTED = 5_000  # ids in a filter
_MAX_K = 16_384  # of Milvus
_NAME_CHARS = 16


def find_within(
    search: Callable[[int, str], Found],
    k: int,
    collections: Sequence[str],
    among: NDArray[np.int64] | None = None,
) -> Found:
    """Return up to `k` (id, score) of some collections; only ids in `among`, if given.

    `search` takes how many to find, and a filter. Few ids are named to the server; if there are
    many, it is asked for more than `k`, and the rest is left out.
    """
    if not collections or not k or (among is not None and not len(among)):
        return []
    within = in_collections(collections)
    if among is None:
        return search(k, within)
    if len(among) > _LISTED:
        for count in (10 * k, _MAX_K):
            found = search(count, within)
            kept = [hit for hit in found if _holds(among, hit[0])]
            if len(kept) >= k or len(found) < count:
                return kept[:k]
    parts = [among[at : at + _LISTED].tolist() for at in range(0, len(among), _LISTED)]
    kept = [hit for part in parts for hit in search(k, f"{within} and id in {part}")]
    return sorted(kept, key=lambda hit: (-hit[1], hit[0]))[:k]


def in_collections(names: Sequence[str]) -> str:
    """Return the filter of the passages of these collections."""
    listed = ", ".join(f'"{partition(name)}"' for name in names)
    return f"partition in [{listed}]"


def partition(collection: str) -> str:
    """Return the value of the partition key for a collection, whose name may hold anything."""
    return sha256_of(collection)[:_NAME_CHARS]


def _holds(ids: NDArray[np.int64], wanted: int) -> bool:
    at = int(np.searchsorted(ids, wanted))
    return at < len(ids) and int(ids[at]) == wanted
