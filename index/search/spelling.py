"""Questions put right by the words of the passages that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from index.core.documents import Passage
from index.core.scope import Scope
from index.models import Embedder
from index.search.protocol import Search
from index.store.passages import PassageReader
from index.text.spelling.speller import Speller

_MAX_PASSAGES = 16


def searched_text(passage: Passage) -> str:
    """Return the words by which a passage is found."""
    return f"{passage.title or ''} {passage.heading} {passage.text}"


def open_speller(
    search: Search, passages: PassageReader, embedder: Embedder, scope: Scope
) -> Speller:
    """Return what puts questions to the documents within `scope` right."""

    def find(words: str) -> Iterator[str]:
        hits = search.search_lexical(words, _MAX_PASSAGES, scope)
        for passage in passages.read([passage_id for passage_id, _score in hits]):
            yield searched_text(passage)

    return Speller(
        search.analyzer(scope),
        partial(search.has_word, scope=scope),
        embedder.count_tokens,
        find,
        () if embedder.is_multilingual else tuple(search.languages.of(scope.collections)),
    )
