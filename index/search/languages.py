"""The languages of the documents of some collections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from index.store.revisions import Revision
from index.store.store import Store
from index.text import language

MAX_UNKNOWN_SHARE = 0.1
"""Of documents whose language is unknown; if there are more, no question is taken for foreign."""
_MAX_CACHED = 200
_MAX_EVERY = 8


class _Known(NamedTuple):
    revision: Revision
    certain: tuple[str, ...]
    every: tuple[str, ...]


class DocumentLanguages:
    """The languages of the documents of some collections, cached until the documents change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, ...], _Known] = {}

    def of(self, collections: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages, the commonest first; none if too many are unknown."""
        return self._read(collections).certain

    def every(self, collections: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages that are known, up to eight, the commonest first."""
        return self._read(collections).every

    def of_passages(self, ids: Collection[int]) -> dict[int, str | None]:
        """Return those of the documents of passages, as BCP 47 tags, None if unknown."""
        return self._store.passages.languages(ids)

    def _read(self, collections: tuple[str, ...]) -> _Known:
        revision = self._store.revisions.last or self._store.revisions.read()
        known = self._known.get(collections)
        if known is None or known.revision != revision:
            if len(self._known) >= _MAX_CACHED:
                self._known.clear()
            counts = self._store.languages(collections)
            every = choose({tag: count for tag, count in counts.items() if tag is not None})
            known = _Known(revision, choose(counts), every[:_MAX_EVERY])
            self._known[collections] = known
        return known


def choose(counts: Mapping[str | None, int]) -> tuple[str, ...]:
    """Return the languages of documents without their countries, the commonest first."""
    languages = Counter[str]()
    for tag, number in counts.items():
        if tag is not None:
            languages[language.base(tag)] += number
    is_known = counts.get(None, 0) <= MAX_UNKNOWN_SHARE * sum(counts.values())
    ordered = sorted(languages, key=lambda tag: (-languages[tag], tag))
    return tuple(ordered) if is_known else ()
