"""Finds questions in a language that no document is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from index.store.store import Store
from index.text import language
from index.text.question import Speller

MAX_UNKNOWN_SHARE = 0.1
"""Of documents whose language is unknown; if there are more, no question is taken for foreign."""
_MIN_CHARS = 4
_MAX_CACHED = 200


class DocumentLanguages:
    """The languages of the documents of some collections, cached until the documents change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}

    def of(self, collections: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages, the commonest first; none if too many are unknown."""
        revision = self._store.revision()
        known = self._known.get(collections)
        if known is None or known[0] != revision:
            if len(self._known) >= _MAX_CACHED:
                self._known.clear()
            known = revision, choose(self._store.languages(collections))
            self._known[collections] = known
        return known[1]


def choose(counts: Mapping[str | None, int]) -> tuple[str, ...]:
    """Return the languages of documents without their countries, the commonest first."""
    languages = Counter[str]()
    for tag, number in counts.items():
        if tag is not None:
            languages[language.base(tag)] += number
    is_known = counts.get(None, 0) <= MAX_UNKNOWN_SHARE * sum(counts.values())
    ordered = sorted(languages, key=lambda tag: (-languages[tag], tag))
    return tuple(ordered) if is_known else ()


def is_foreign(question: str, languages: Sequence[str], speller: Speller) -> bool:
    """Whether a question is certainly in none of the languages.

    Words of it that documents have make it doubtful: a few if its language is not beyond doubt,
    else all, as a document may have parts in another language.
    """
    if not languages or language.is_plainly_in(question, languages):
        return False
    found = language.detect(question)
    words = found.words if found else language.telling_words(question)
    if found is None:
        of_script = language.script_languages(words)
        if not of_script or of_script & set(languages):
            return False
    elif found.language in languages:
        return False
    long = [word for word in words if len(word) >= _MIN_CHARS] or words
    known = [word for word in long if all(map(speller.is_known, speller.analyzer.terms(word)))]
    return len(known) < len(long) if found is None or found.is_certain else not known
