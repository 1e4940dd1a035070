"""The words that one with a wrong letter may be meant for: of the documents, and common ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from index.text import language
from index.text.languages import lexicon
from index.text.languages.lexicon import Common
from index.text.spelling.slips import LETTER, UNLIKE, max_edits, slip
from index.text.terms import is_function_word, plain, without_possessive

WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’\u200c][\p{L}\p{M}]+)*")
ASKED_HOW = frozenset(["many", "much", "long", "old", "far", "often", "big", "high", "tall"])
"""What follows "how"."""
_HELD, _ASKED_AFTER_HOW = 0.3, 0.5
"""What makes a word likelier beside the cost of a slip: the documents have it; it follows "how"."""
_MIN_SURE_CHARS, _MIN_FREQUENT = 6, 0.12
"""A shorter word that is not in the documents may be a name, unless a frequent one is meant."""
_MAX_EDITS = 2


class Doubtful(NamedTuple):
    """A word that may be wrong.

    Attributes:
        before: the word before it, in small letters.
        is_name: it has a capital for no other reason.
    """

    word: str
    before: str
    is_name: bool


class Words(NamedTuple):
    """The words that one may be meant for, by `plain`.

    Attributes:
        held: those of the documents, with their spellings.
        common: those of the language.
        max_cost: of a slip for which one of the language is taken.
    """

    held: Mapping[str, Counter[str]]
    common: Mapping[str, Common]
    max_cost: float

    @classmethod
    def of(cls, texts: Iterable[str], tongue: str) -> Words:
        held: dict[str, Counter[str]] = defaultdict(Counter)
        for word in (without_possessive(word) for text in texts for word in WORD.findall(text)):
            if not is_function_word(word):
                held[plain(word)][word] += 1
        # Other lists lack forms of words, which differ in their endings.
        max_cost = UNLIKE if language.base(tongue) == "en" else LETTER
        return cls(held, lexicon.common(tongue), max_cost)


def nearest(one: Doubtful, word: str, words: Words, is_guess: bool = False) -> str:
    """Return the likeliest word that another is meant for, "" for none; a guess may be unlikely.

    Ties go to the more frequent word, then to the one that shares more of the beginning.
    """
    held, common = words.held, {} if one.is_name else words.common
    near = []
    for other in dict.fromkeys([*_within_edits(word, held), *_within_edits(word, common)]):
        cost = slip(word, other)
        spellings, known = held.get(other), common.get(other)
        spelt = spellings.most_common(1)[0][0] if spellings else common[other].word
        weight = known.weight if known else 0.0
        if cost is None or (one.is_name and not spelt[0].isupper()):
            continue
        if not is_guess and not (spellings and (spelt[0].isupper() or len(word) > _MIN_SURE_CHARS)):
            is_likely = cost < UNLIKE or max_edits(word) == _MAX_EDITS
            is_likely &= bool(spellings) or cost <= words.max_cost
            is_frequent = spellings or len(word) >= _MIN_SURE_CHARS or weight >= _MIN_FREQUENT
            if not (is_likely and is_frequent):
                continue
        is_asked = one.before == "how" and other in ASKED_HOW
        rank = cost - weight - _HELD * bool(spellings) - _ASKED_AFTER_HOW * is_asked
        count = spellings.total() if spellings else 0
        near.append((rank, -count, -Prefix.similarity(word, other), spelt))
    return min(near)[-1] if near else ""


def _within_edits(word: str, others: Iterable[str]) -> list[str]:
    near = process.extract(
        word, list(others), scorer=OSA.distance, score_cutoff=_MAX_EDITS, limit=None
    )
    return [other for other, _distance, _at in near]
