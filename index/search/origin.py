"""The state of a store that a half of the search index was made from."""

from __future__ import annotations

from collections.abc import Callable

IsKnown = Callable[[str], bool]
"""Whether a token names a state that the store has or had; see `index.store.revisions`."""


class OriginError(ValueError):
    """A half made from another store, or from a state that this one never had."""
