"""Stemmed terms of a text, as word search compares them, and their BM25 weights."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import regex
import Stemmer

from index.core.errors import StoreError
from index.text.language import base, detect, guess, is_plainly_in
from index.text.languages.stop_words import STOP_WORDS
from index.text.stemming import algorithm_of, fold, pairs, stem, without_umlauts

# Vowels of Indian scripts, points of Arabic and Hebrew and the dot of a small İ are marks.
# The mark without width that joins parts of a Persian word is part of it.
_WORD = regex.compile(
    r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}\p{M}]+|\u200c+\p{Arabic}[\p{L}\p{N}\p{M}]*)*"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_K1 = 1.2

TERMS_VERSION = 5
"""Raise it when the terms of a text or their files change: all passages are then indexed again."""

_STOP_WORDS = STOP_WORDS["en"]
# Without accents, many are words of English: war, die, son.
_FOREIGN_STOP_WORDS = {
    word for words in STOP_WORDS.values() for word in words if not word.isascii()
}


class Analyzer:
    """Cuts text into terms: words in lower case without possessives, stemmed by Snowball.

    Stems lose the marks that people leave out: Erdogan finds Erdoğan and the other way round.
    """

    def __init__(self, language: str = "english", asked: Sequence[str] = ()) -> None:
        """Stem texts of an unknown language with `language`, an algorithm of Snowball.

        `asked` are the languages of the documents that a question is about, as codes.

        Raises:
            StoreError: Snowball has no stemmer for the language.
        """
        if language not in Stemmer.algorithms():
            known = ", ".join(Stemmer.algorithms())
            raise StoreError(f"no stemmer for ONRECORD_LANGUAGE={language}; there are: {known}")
        self.language = language
        self._asked = tuple(asked)
        stemmed = [algorithm_of(code, language) for code in asked]
        self._algorithms = tuple(dict.fromkeys([*stemmed, language]))

    def asking(self, languages: Sequence[str]) -> Analyzer:
        """Return the analyzer of questions about documents in these languages."""
        return _asking(self.language, tuple(languages)) if languages else self

    def terms(self, text: str, language: str | None = None) -> list[str]:
        """Return the terms of a text, in order, stop words included; `language` is a BCP 47 tag."""
        return self._stem(_words(text), language)

    def content_terms(self, question: str, language: str | None = None) -> list[str]:
        """Return the distinct terms of a question without stop words, in order.

        They are those of a text in `language`. A question of nothing but stop words keeps them all.
        """
        content = self._content(question, self._asked if language is None else (language,))
        return list(dict.fromkeys(self._stem(content, language)))

    def content_forms(self, question: str) -> list[tuple[str, ...]]:
        """Return the content terms of a question, each as each of the languages has it."""
        return list(dict.fromkeys(map(self._forms, self._content(question, self._asked))))

    def forms(self, word: str) -> tuple[str, ...]:
        """Return the terms that a word may be of, as each of the languages has it."""
        return tuple(dict.fromkeys(form for part in _words(word) for form in self._forms(part)))

    def stop_words(self, question: str) -> frozenset[str]:
        """Return the words that carry the form of a question, in the language that it is in."""
        return _stop_words(question, self._asked)

    def _forms(self, word: str) -> tuple[str, ...]:
        forms = [stem(word, name) for name in self._algorithms]
        if "german" in self._algorithms and (bare := without_umlauts(word)) != word:
            # The stemmer knows "koenig" for "könig", but not in a table of unknown language.
            forms.append(stem(bare, self.language))
        return tuple(dict.fromkeys(forms))

    def _content(self, question: str, languages: Sequence[str]) -> Sequence[str]:
        words = _words(question)
        stop_words = _stop_words(question, languages)
        return [word for word in words if word not in stop_words] or words

    def _stem(self, words: Sequence[str], language: str | None) -> list[str]:
        algorithm = algorithm_of(base(language) if language else None, self.language)
        return [stem(word, algorithm) for word in words]


@lru_cache(maxsize=64)
def _asking(language: str, languages: tuple[str, ...]) -> Analyzer:
    # One object for the same languages: what is made from an analyzer is kept with it.
    return Analyzer(language, languages)


def _stop_words(question: str, languages: Sequence[str]) -> frozenset[str]:
    return STOP_WORDS.get(_language_of(question, tuple(map(base, languages))), _STOP_WORDS)


@lru_cache(256)
def _language_of(question: str, languages: tuple[str, ...]) -> str:
    """The language of a question about documents in some; English if it may be, and these are."""
    if not set(languages) <= {"en"}:
        return guess(question, {*STOP_WORDS, *languages}) or "en"
    found = None if is_plainly_in(question, ("en",)) else detect(question)
    return found.language if found else "en"


def is_function_word(word: str) -> bool:
    """Whether a word, or punctuation, carries the form of a sentence, not its subject."""
    folded = word.casefold()
    known = folded in _STOP_WORDS or folded in _FOREIGN_STOP_WORDS
    return known or not any(map(str.isalnum, folded))


def plain(word: str) -> str:
    """Return a word in lower case, without the marks that people leave out."""
    return fold(_lower(word))


def without_possessive(word: str) -> str:
    """Return a word without "'s" or "'" at its end."""
    return _POSSESSIVE.sub("", word)


def _words(text: str) -> list[str]:
    found = _WORD.findall(_lower(text))
    if text.isascii():
        return [without_possessive(word) for word in found]
    return [pair for word in found for pair in pairs(without_possessive(word))]


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def idf(holding: int, total: int) -> float:
    """Return the inverse document frequency of a term that `holding` of `total` texts contain.

    Smoothed as in Lucene, so never negative.
    """
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def saturate(count: int, relative_length: float, b: float) -> float:
    """Return the BM25 weight, 0..k1 + 1, of a term that stands `count` times in a text.

    `relative_length` is that of the text / mean length, `b` the penalty on long texts, 0..1.
    Robertson and Zaragoza, "The Probabilistic Relevance Framework", equation 3.15.
    """
    return count * (_K1 + 1) / (count + _K1 * (1 - b + b * relative_length))
