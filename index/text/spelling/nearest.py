"""The words that one with a wrong letter may be meant for: of the documents, and common ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Set
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
_HELD, _ASKED_AFTER_HOW, _BESIDE = 0.3, 0.5, 0.5
"""What makes a word likelier beside the cost of a slip: the documents have it; it follows "how"; it
stands in them after the same word."""
_MIN_SURE_CHARS, _MIN_FREQUENT = 6, 0.12
"""A shorter word that is not in the documents may be a name, unless a frequent one is meant."""
_MAX_EDITS = 2


Forms = Callable[[str], tuple[str, ...]]


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
        is_english: whether the language is English.
        forms: the terms of those of the documents.
        pairs: two successive words of the documents, as `plain` has them.
        forms_of: returns the terms of a word.
    """

    held: Mapping[str, Counter[str]]
    common: Mapping[str, Common]
    max_cost: float
    is_english: bool
    forms: Set[str]
    pairs: Collection[tuple[str, str]]
    forms_of: Forms

    @classmethod
    def of(cls, texts: Iterable[str], tongue: str, forms_of: Forms) -> Words:
        held: dict[str, Counter[str]] = defaultdict(Counter)
        pairs: set[tuple[str, str]] = set()
        for text in texts:
            before = ""
            for word in map(without_possessive, WORD.findall(text)):
                bare = plain(word)
                pairs.add((before, bare))
                before = bare
                if not is_function_word(word):
                    held[bare][word] += 1
        # Other lists lack forms of words, which differ in their endings.
        is_english = language.base(tongue) == "en"
        max_cost = UNLIKE if is_english else LETTER
        forms = {form for word in held for form in forms_of(word)}
        return cls(held, lexicon.common(tongue), max_cost, is_english, forms, pairs, forms_of)

    def has_form(self, word: str) -> bool:
        """Whether the documents have a word in any form."""
        return not self.forms.isdisjoint(self.forms_of(word))

    def weight(self, word: str) -> float:
        """Return how frequent a word of the language is, 0..0.3; 0 for one that is not common."""
        known = self.common.get(word)
        return known.weight if known else 0.0

    def stands_after(self, before: str, word: str) -> bool:
        """Whether a word stands after another one in the documents, both as `plain` has them."""
        return (before, word) in self.pairs


def nearest(one: Doubtful, word: str, words: Words, is_guess: bool = False) -> str:
    """Return the likeliest word that another is meant for, "" for none; a guess may be unlikely.

    Ties go to the more frequent word, then to the one that shares more of the beginning.
    """
    held, common = words.held, {} if one.is_name else words.common
    near = []
    for other in dict.fromkeys([*_within_edits(word, held), *_within_edits(word, common)]):
        cost = slip(word, other)
        spellings = held.get(other)
        spelt = spellings.most_common(1)[0][0] if spellings else common[other].word
        weight = 0.0 if one.is_name else words.weight(other)
        if cost is None or (one.is_name and not spelt[0].isupper()):
            continue
        is_held = bool(spellings) or (words.is_english and words.has_form(other))
        if not is_guess and not (spellings and (spelt[0].isupper() or len(word) > _MIN_SURE_CHARS)):
            is_likely = cost < UNLIKE or max_edits(word) == _MAX_EDITS
            is_likely &= bool(spellings) or cost <= words.max_cost
            is_frequent = is_held or len(word) >= _MIN_SURE_CHARS or weight >= _MIN_FREQUENT
            if not (is_likely and is_frequent):
                continue
        is_asked = one.before == "how" and other in ASKED_HOW
        is_beside = words.stands_after(plain(one.before), other)
        rank = cost - weight - _HELD * is_held - _ASKED_AFTER_HOW * is_asked - _BESIDE * is_beside
        count = spellings.total() if spellings else 0
        near.append((rank, -count, -Prefix.similarity(word, other), spelt))
    return min(near)[-1] if near else ""


def _within_edits(word: str, others: Iterable[str]) -> list[str]:
    near = process.extract(
        word, list(others), scorer=OSA.distance, score_cutoff=_MAX_EDITS, limit=None
    )
    return [other for other, _distance, _at in near]
