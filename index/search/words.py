"""The lexical half of the search index: the words of each collection, in a folder of its own.

What a question finds in some collections, and how it is scored, does not depend on any other.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.core.answers import Searchable
from index.core.files import make_private, sha256_of
from index.search.lexical import Term, WordIndex
from index.text.spelling.slips import max_edits
from index.text.terms import Analyzer, idf

_NAME_CHARS = 16


class WordIndexes:
    """A word index for each collection that has passages, opened when it is first needed."""

    def __init__(self, folder: Path, analyzer: Analyzer) -> None:
        make_private(folder)
        self._folder = folder
        self._analyzer = analyzer
        self._opened: dict[str, WordIndex] = {}

    def reload(self) -> None:
        """See what other processes have committed."""
        for name, index in list(self._opened.items()):
            if folder_of(self._folder, name).exists():
                index.reload()
            else:
                del self._opened[name]

    def ids(self, collection: str) -> NDArray[np.int64]:
        """Return the ids of a collection's passages: shape (n,), in no particular order."""
        return self._open(collection).ids()

    def size(self, collection: str) -> int:
        """Return the number of a collection's passages."""
        return len(self._open(collection))

    def held(self, collection: str, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some ids that a collection holds: shape (n,), in no particular order."""
        return self._open(collection).held(ids)

    def update(self, collection: str, add: Iterable[Searchable], remove: Collection[int]) -> None:
        """Add and remove passages of a collection in one commit; see `WordIndex.update`."""
        self._open(collection).update(add, remove)

    def keep_only(self, collections: Collection[str]) -> None:
        """Delete the words of all other collections."""
        kept = {folder_of(self._folder, name) for name in collections}
        for folder in set(self._folder.iterdir()) - kept:
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
        for name in self._opened.keys() - set(collections):
            del self._opened[name]

    def search(
        self,
        question: str,
        k: int,
        collections: Collection[str],
        among: NDArray[np.int64] | None = None,
        languages: Sequence[str] = (),
    ) -> list[tuple[int, float]]:
        """Return up to `k` (id, BM25) of the collections, best first, ties by id.

        A word counts in each form that it has in the `languages` of the passages. Only passages in
        `among`, if given. How rare a word is, all the collections decide together; a word that none
        of them holds counts as misspelt: all terms near it are searched as one.
        """
        indexes = [self._open(name) for name in collections]
        terms: dict[str, Term] = {}
        for of_word in self._analyzer.asking(languages).content_forms(question):
            for edits in range(max(map(max_edits, of_word)) + 1):
                found_now = {
                    term: Term(edits, idf(holding, sum(map(len, indexes))))
                    for term in of_word
                    if edits <= max_edits(term)
                    and (holding := sum(index.count(term, edits) for index in indexes))
                }
                terms |= found_now
                if found_now:
                    break
        if not terms:
            return []
        found = [hit for index in indexes for hit in index.search(terms, k, among)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def count(self, term: str, collections: Collection[str]) -> int:
        """Return how many passages of the collections hold a term, as `Analyzer.terms` gives it."""
        return sum(self._open(name).count(term) for name in collections)

    def _open(self, collection: str) -> WordIndex:
        if collection not in self._opened:
            folder = folder_of(self._folder, collection)
            self._opened[collection] = WordIndex(folder, self._analyzer)
        return self._opened[collection]


def folder_of(folder: Path, collection: str) -> Path:
    """Return the folder of a collection's words, inside that of all."""
    return folder / sha256_of(collection)[:_NAME_CHARS]
