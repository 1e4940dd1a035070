"""Stems of words by language, by Snowball where it has it, and letters that look alike."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import regex
import Stemmer

_ALGORITHMS = {
    "ar": "arabic",
    "bg": "russian",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
    "uk": "ukrainian",
}
# Snowball has none, but in Russian letters most endings are those of Russian: of 82 forms of 18
# words 73 get the stem of most forms of their word, 52 in their own letters.
_UKRAINIAN = "ukrainian"
_UKRAINIAN_LETTERS = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": "", "’": ""})

# Marks that most people leave out when they type: above and below the Latin letters of a foreign
# name, Arabic and Hebrew points, the stroke that stretches an Arabic word. In other scripts marks
# are vowels and letters.
_LEFT_OUT = re.compile(
    r"(?<=[a-z])[\u0300-\u036f]+"
    r"|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|[\u0640\u064b-\u0655\u0670\u200c]"
)
_ALIKE = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
    | {"ё": "е"}
    # One of each letter that keyboards for Arabic and Persian have, or people type, in two forms.
    | dict.fromkeys("یىے", "ي")
    | {"ک": "ك", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ٱ": "ا"}
)
_ARABIC_MARKS = re.compile(r"[\u0640\u064b-\u0652\u0670]")
_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ی": "ي", "ک": "ك"})
# Snowball takes the article off, but not behind a conjunction or a preposition.
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=\w{3})")
_FINAL_HEH = re.compile(r"(?<=\w{2})ه$")
_TYPED_UMLAUT = re.compile(r"([ao]|(?<![qea])u)e")
_OTHER_DIGIT = regex.compile(r"(?!\d(?<=[0-9]))\p{Nd}")
# Scripts without spaces between words, or with particles written onto them.
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー\p{M}]+"
)


@lru_cache(maxsize=1 << 15)
def stem(word: str, algorithm: str) -> str:
    """Return the stem of a word in small letters, without the marks that people leave out."""
    if algorithm == "arabic" and not word.isascii():
        word = _ARABIC_MARKS.sub("", word).translate(_ARABIC_LETTERS)
        word = _FINAL_HEH.sub("ة", _ARTICLE.sub("", word))
    if algorithm == _UKRAINIAN:
        word, algorithm = word.translate(_UKRAINIAN_LETTERS), "russian"
    return fold(_stemmer(algorithm).stemWord(word))


def without_umlauts(word: str) -> str:
    """Return a word with the vowels alone of those that are typed for umlauts: konig of koenig."""
    return _TYPED_UMLAUT.sub(r"\1", word)


def algorithm_of(language: str | None, default: str) -> str:
    """Return the name of Snowball's algorithm for a language, given as a code of two letters."""
    return _ALGORITHMS.get(language or "", default)


def fold(word: str) -> str:
    """Return a word without the marks that people leave out, in one form of letters and digits."""
    if word.isascii():
        return word
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFD", word))
    folded = unicodedata.normalize("NFC", bare).translate(_ALIKE)
    return _OTHER_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), folded)


def pairs(word: str) -> list[str]:
    """Return the pairs of neighbouring letters of a word of a script without spaces, else it.

    Cutting into pairs needs no dictionary, and finds about as much: Nie et al. 2000, "On the Use
    of Words and N-grams for Chinese Information Retrieval".
    """
    if word.isascii() or len(word) < 3 or not _UNSPACED.fullmatch(word):
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)
