"""The consonants of a name, alike in Latin, Cyrillic and Arabic letters: Грюнвальд, Grünwalde."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from index.text.stemming import fold

_CLASSES = {
    "b": "bpбпبپ",
    "f": "fфف",
    "t": "dtдтدتطةض",
    "s": "szcjxжзсцчшщجچزژسشصثذظ",
    "k": "gkqгґкхقكکگخغ",
    "l": "lлل",
    "m": "mмم",
    "n": "nнن",
    "r": "rрر",
}
_SOUNDS = {letter: sound for sound, letters in _CLASSES.items() for letter in letters}
_SPELLINGS = re.compile(r"sch|tsch|ch|sh|zh|kh|gh|ph|th|ck|c(?=[aouklrt])|qu|ks")
_AS_ONE = {"ph": "f", "th": "t", "kh": "k", "gh": "k", "ck": "k", "c": "k", "qu": "k", "ks": "s"}
_REPEATED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ\u200c-][^\W\d_]+)*")
_MIN_SOUNDS = 3


@lru_cache(maxsize=8192)
def consonants(word: str) -> str:
    """Return the classes of a word's consonants, without those that languages leave out."""
    latin = _SPELLINGS.sub(lambda found: _AS_ONE.get(found[0], "s"), fold(word.casefold()))
    return _REPEATED.sub(r"\1", "".join(_SOUNDS.get(letter, "") for letter in latin))


def sounds_in(name: str, text: str) -> bool:
    """Whether a word of a text may be a name as another script has it, or its beginning.

    A name of fewer than three consonants may be any.
    """
    heard = consonants(name)
    if len(heard) < _MIN_SOUNDS:
        return True
    return any(_is_near(heard, consonants(word)) for word in _WORD.findall(text))


def _is_near(one: str, other: str) -> bool:
    # An h that only some write may come first: Hamburg, Гамбург.
    if len(other) <= len(one) + _MIN_SOUNDS and one in {other[: len(one)], other[1 : len(one) + 1]}:
        return True
    shorter = min(len(one), len(other))
    # Endings that a language adds, and what it has no letter for: Воронцовский, Woroncowski.
    most = 0 if shorter <= _MIN_SOUNDS else 1 if shorter == _MIN_SOUNDS + 1 else 2
    return bool(most) and one[0] == other[0] and OSA.distance(one, other, score_cutoff=most) <= most
