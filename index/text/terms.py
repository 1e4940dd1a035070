"""Stemmed terms of a text, as word search compares them, and their BM25 weights."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

import regex
import Stemmer

from index.core.errors import StoreError

# Vowels of Indian scripts, points of Arabic and Hebrew and the dot of a small İ are marks.
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}\p{M}]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_K1 = 1.2

TERMS_VERSION = 3
"""Raise it when the terms of a text or their files change: all passages are then indexed again."""

# Marks that most people leave out when they type: above and below the Latin letters of a foreign
# name, Arabic and Hebrew points, the stroke that stretches an Arabic word. In other scripts marks
# are vowels and letters.
_LEFT_OUT = re.compile(
    r"(?<=[a-z])[\u0300-\u036f]+"
    r"|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|[\u0640\u064b-\u0652\u0670]"
)
_LATIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)

# Words that carry the form of an English sentence, not its subject. In a small index their
# frequency alone does not give them away.
_FUNCTION_WORDS = """
a about above after again against all also am an and any are as at be because been before being
below between both but by can could did do does doing down during each few for from further had has
have having he her here hers herself him himself his how i if in into is it its itself just may me
might more most much must my myself no nor not now of off on once only or other our ours out over
own said same say says shall she should so some such tell than that the their theirs them themselves
then there these they this those through to too under until up very was we were what when where
which while who whom whose why will with would you your yours
"""
_STOP_WORDS = frozenset(_FUNCTION_WORDS.split())


class Analyzer:
    """Cuts text into terms: words in lower case without possessives, stemmed by Snowball.

    Stems lose the marks that people leave out: Erdogan finds Erdoğan and the other way round.
    """

    def __init__(self, language: str = "english") -> None:
        """Raises StoreError if Snowball has no stemmer for the language."""
        if language not in Stemmer.algorithms():
            known = ", ".join(Stemmer.algorithms())
            raise StoreError(f"no stemmer for ONRECORD_LANGUAGE={language}; there are: {known}")
        self.language = language
        self._stemmer = Stemmer.Stemmer(language)

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text, in order, stop words included."""
        return self._stem(_words(text))

    def content_terms(self, question: str) -> list[str]:
        """Return the distinct terms of a question without stop words, in order.

        A question of nothing but stop words keeps them all.
        """
        words = _words(question)
        content: Sequence[str] = [word for word in words if word not in _STOP_WORDS] or words
        return list(dict.fromkeys(self._stem(content)))

    def _stem(self, words: Sequence[str]) -> list[str]:
        return [_fold(stem) for stem in self._stemmer.stemWords(list(words))]


def is_function_word(word: str) -> bool:
    """Whether a word, or punctuation, carries the form of a sentence, not its subject."""
    folded = word.casefold()
    return folded in _STOP_WORDS or not any(map(str.isalnum, folded))


def plain(word: str) -> str:
    """Return a word in lower case, without the marks that people leave out."""
    return _fold(_lower(word))


def without_possessive(word: str) -> str:
    """Return a word without "'s" or "'" at its end."""
    return _POSSESSIVE.sub("", word)


def _words(text: str) -> list[str]:
    return [without_possessive(found) for found in _WORD.findall(_lower(text))]


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _fold(word: str) -> str:
    if word.isascii():
        return word
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_LATIN_LETTERS)


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
