"""Recognizes sentences that differ in a few words without weight.

In doubt they differ: a reader must be able to rely on "also in 4 other sources".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import Stemmer
from rapidfuzz.distance import Levenshtein

from index.text.normalization import fold_compatible
from index.text.terms import without_possessive

_WORD = re.compile(r"(?<!\w)[-−](?=\d)|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%$£€¥₹]")
_GROUPING = re.compile(r"(?<=\d),(?=\d{3})")
_DATELINE = re.compile(
    r"\W*(?:[A-Z][\w.,'’/ -]{1,40}\([\w ]{2,30}\)\s*[-–—:]+"  # KABUL, July 8 (Reuters) -
    r"|[A-Z]{3,}(?:,? [\w.]+){0,3}\s+[-–—]+)\s+"  # KABUL, Afghanistan —
)
# A sentence means the same with and without these.
_FREE_WORDS = "a also an and as at been had has have in of on that the which"
_FREE = frozenset(_FREE_WORDS.split())
# These change the meaning, whatever else agrees.
_TURNING_WORDS = """
about acting after against all almost alleged allegedly apparently appears before but can cannot
could denied denies deny deputy down except expected failed false few fewer former ex if least
less likely may might more most must nearly neither never no nobody none nor not nothing only or
over possible possibly probably refused reportedly seems shall should some unless under unlikely
until up vice will without would
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
hundred hundreds thousand thousands million millions billion billions trillion trillions dozen
dozens half quarter third twice double both first second last next
"""
_TURNING = frozenset(_TURNING_WORDS.split())
_MIN_WORDS = 5
_WORDS_PER_EXTRA_WORD = 10
_stemmer = Stemmer.Stemmer("english")


class Word(NamedTuple):
    """A word in lower case, without a possessive ending.

    A `fixed` one must be in both sentences: a number, a name, a word that turns the meaning.
    """

    key: str
    fixed: bool


def normalize(text: str) -> str:
    """Return the words of a text in lower case, without punctuation, one space apart."""
    return " ".join(map(_key, _find_words(text)))


@lru_cache(maxsize=1024)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a sentence, without a dateline such as "KABUL (Reuters) -"."""
    return tuple(map(_word, _find_words(text)))


def _find_words(text: str) -> list[str]:
    normal = fold_compatible(text)
    dateline = _DATELINE.match(normal)
    bare = _GROUPING.sub("", normal[dateline.end() :] if dateline else normal)
    return _WORD.findall(bare)


def say_the_same(one: str, other: str) -> bool:
    """Whether two sentences have the same words, but for a few that change nothing.

    Numbers, names and words such as "not", "may" and "former" must agree; any other word may be
    replaced by another form of it alone; at most one word in ten may be added or left out.
    """
    left, right = words_of(one), words_of(other)
    if [word.key for word in left] == [word.key for word in right]:
        return bool(left)
    shorter, longer = sorted((len(left), len(right)))
    if shorter < _MIN_WORDS or longer > 2 * shorter:
        return False
    if _numbers(left) != _numbers(right):  # cheap, and settles nearly all pairs
        return False
    extra = max(1, shorter // _WORDS_PER_EXTRA_WORD)
    for gone, new in _changes(left, right):
        count = _count_extra(gone, new)
        if count is None or (extra := extra - count) < 0:
            return False
    return True


def _key(found: str) -> str:
    return without_possessive(found.casefold().replace("’", "'"))


@lru_cache(maxsize=1 << 14)
def _word(found: str) -> Word:
    key = _key(found)
    fixed = key in _TURNING or key.endswith("n't") or not found.islower()
    return Word(key, fixed and key not in _FREE)


def _numbers(words: Sequence[Word]) -> set[str]:
    return {word.key for word in words if word.fixed and word.key.isdigit()}


def _changes(
    left: Sequence[Word], right: Sequence[Word]
) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    blocks = Levenshtein.opcodes([w.key for w in left], [w.key for w in right])
    for is_equal, run in groupby(blocks, key=lambda block: block.tag == "equal"):
        if not is_equal:
            edits = list(run)
            first, last = edits[0], edits[-1]
            yield left[first.src_start : last.src_end], right[first.dest_start : last.dest_end]


def _count_extra(gone: Sequence[Word], new: Sequence[Word]) -> int | None:
    """The number of words added or left out; None if the meaning may have changed."""
    if "".join(word.key for word in gone) == "".join(word.key for word in new):
        return 0
    left = [word for word in gone if word.key not in _FREE]
    right = [word for word in new if word.key not in _FREE]
    if any(word.fixed for word in (*left, *right)):
        # A capital at the head of a sentence looks like a name; elsewhere the word is plain.
        return 0 if [w.key for w in left] == [w.key for w in right] else None
    if left and right:
        return 0 if _stems(left) == _stems(right) else None
    return len(left) + len(right)


def _stems(words: Sequence[Word]) -> list[str]:
    return list(_stemmer.stemWords([word.key for word in words]))
