"""The passages that a search may find, as their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from index.core.scope import Scope
from index.store.revisions import Change
from index.store.store import Store

Members = Mapping[str, NDArray[np.int64]]
"""The ids of all passages by collection: shape (n,) each, ascending."""


class Scopes:
    """Resolves scopes; keeps the last one, which is asked for several times a question."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.members: Members = {}
        self._resolved: tuple[Scope, NDArray[np.int64]] | None = None

    def follow(self, members: Members) -> None:
        """Take the passages that the store holds by now."""
        self.members, self._resolved = members, None

    def filled(self, scope: Scope) -> list[str]:
        """Return the collections of a scope that have passages."""
        return sorted(self.members.keys() & set(scope.collections))

    def within(self, scope: Scope) -> NDArray[np.int64] | None:
        """Return the ids within a scope, ascending; None if no passage lies outside."""
        if not scope.is_narrow and self.members.keys() <= set(scope.collections):
            return None
        if self._resolved is None or self._resolved[0] != scope:
            self._resolved = scope, self._resolve(scope)
        return self._resolved[1]

    def _resolve(self, scope: Scope) -> NDArray[np.int64]:
        if scope.is_narrow:
            return self._store.passages.ids_within(scope)
        return np.sort(join(self.members[name] for name in self.filled(scope)))


def newest(members: Members) -> int:
    """Return the largest id, 0 for none."""
    return max((int(ids[-1]) for ids in members.values()), default=0)


def changed(members: Members, change: Change) -> Members:
    """Return the members after a change."""
    after: dict[str, NDArray[np.int64]] = {}
    for name in members.keys() | change.added.keys():
        ids = join(of[name] for of in (members, change.added) if name in of)
        at = np.searchsorted(ids, change.removed)
        known = ids[np.minimum(at, len(ids) - 1)] == change.removed
        kept = np.delete(ids, at[known])
        if len(kept):
            after[name] = kept
    return after


def join(ids: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the ids of all arrays in one."""
    return np.concatenate([np.empty(0, np.int64), *ids])
