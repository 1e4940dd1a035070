"""What a search index does, whatever keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.core.documents import Progress, Vector
from index.core.scope import Scope
from index.search.languages import DocumentLanguages
from index.store.revisions import Revision
from index.text.terms import Analyzer


class Search(Protocol):
    """Vectors and words of all passages of a store: derived from it, and made anew if lost.

    `SearchIndex` keeps them beside the store, `MilvusIndex` in a server.
    """

    @property
    def state(self) -> Revision | None:
        """The revision of the store that it last caught up with."""
        ...

    @property
    def languages(self) -> DocumentLanguages: ...

    def refresh(self, progress: Progress | None = None) -> bool:
        """Catch up with the store; return whether there is something to save. Embeds nothing."""
        ...

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make all of it anew; embeds nothing."""
        ...

    def save(self) -> None:
        """Keep what was caught up with for the next process."""
        ...

    def search_dense(self, vector: Vector, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, cosine) within `scope`, best first."""
        ...

    def search_lexical(self, question: str, k: int, scope: Scope) -> list[tuple[int, float]]:
        """Return up to `k` (passage id, BM25) within `scope`, best first."""
        ...

    def analyzer(self, scope: Scope) -> Analyzer: ...

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these passages; any not held is left out."""
        ...

    def has_word(self, term: str, scope: Scope) -> bool:
        """Whether a passage of the scope's collections holds a term of `Analyzer.terms`."""
        ...
