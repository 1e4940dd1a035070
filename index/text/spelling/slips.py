"""How likely a word was typed for another one: letters doubled, swapped, left out, mistaken."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import groupby

from rapidfuzz.distance import OSA

# Wrong letters and the shortest word that may have them: a shorter one has too many neighbours.
_SHORTEST = {1: 4, 2: 9}
_KEYBOARDS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
)
_VOWELS = frozenset("aeiouаеёиіїоуыэюяє")
_ALIKE = tuple(map(frozenset, ("cks", "szx", "fv", "dt", "bp", "gj", "mn", "qk", "зс", "дт", "бп")))
_RULED = re.compile(r"(?<=[bcdfghklmnprstvz])y(s|ed)$")

SAME, DOUBLED, MISHEARD, LETTER, UNLIKE = 0.0, 0.5, 0.7, 1.0, 2.0
"""What slips cost: no letter but its accent; one doubled; a vowel for another or two swapped; one
left out, added or beside the right key; any other."""
_OTHER_START, _OTHER_END = 1.0, 0.35
"""What is added if the first or the last letter differs."""


def max_edits(word: str) -> int:
    """Return how many edits may part a word from the one meant, 0 to 2; a swap is one edit."""
    if not word.isalpha():
        return 0
    return max((edits for edits, shortest in _SHORTEST.items() if len(word) >= shortest), default=0)


def regular(word: str) -> str:
    """Return the form that is right of one made by the rule: "denied" of "denyed"."""
    return _RULED.sub(lambda found: f"i{'e' * (found[1] == 's')}{found[1]}", word)


def slip(word: str, meant: str) -> float | None:
    """Return what it costs to take a word for another one, both as `plain` has them.

    None if they are too far from each other.
    """
    if word == meant:
        return SAME
    is_swapped = sorted(word) == sorted(meant)
    ends = _OTHER_START * (word[0] != meant[0])
    ends += _OTHER_END * (word[-1] != meant[-1] and not is_swapped)
    if _squeezed(word) == _squeezed(meant):
        return DOUBLED + ends
    limit = max_edits(word)
    distance = OSA.distance(word, meant, score_cutoff=limit)
    if not limit or distance > limit:
        return None
    return ends + (_of_one(word, meant) if distance == 1 else UNLIKE)


def _of_one(word: str, meant: str) -> float:
    """What one edit costs."""
    if len(word) != len(meant):
        return LETTER
    typed, right = next((a, b) for a, b in zip(word, meant, strict=True) if a != b)
    if sorted(word) == sorted(meant) or _sounds_alike(typed, right):
        return MISHEARD
    is_near = right in _beside(typed) or any({typed, right} <= alike for alike in _ALIKE)
    return LETTER if is_near else UNLIKE


@cache
def _beside(letter: str) -> frozenset[str]:
    """The letters on the keys around one."""
    for rows in _KEYBOARDS:
        for at, row in enumerate(rows):
            if (place := row.find(letter)) >= 0:
                around = rows[max(0, at - 1) : at + 2]
                near = (other[max(0, place - 1) : place + 2] for other in around)
                return frozenset("".join(near))
    return frozenset()


@lru_cache(maxsize=4096)
def _squeezed(word: str) -> str:
    return "".join(letter for letter, _run in groupby(word))


def _sounds_alike(one: str, other: str) -> bool:
    return {one, other} <= _VOWELS or {one, other} == {"i", "y"}


def is_shortened(word: str, whole: str) -> bool:
    """Return whether a word is another one that lacks letters, but for the first."""
    rest = iter(whole)
    return word[0] == whole[0] and all(letter in rest for letter in word)
