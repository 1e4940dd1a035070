"""The words of some languages, in all their forms: the lists of pyspellchecker."""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.util import find_spec
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from index.text.language import base
from index.text.stemming import algorithm_of, stem
from index.text.terms import plain

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

_LANGUAGES = frozenset(["ar", "de", "en", "es", "fa", "fr", "it", "nl", "pt", "ru"])
_MAX_COMMON, _ENOUGH = 10_000, 5_000
_MAX_WEIGHT, _WEIGHT = 0.3, 0.03
# "Paris" and "London" are counted 1,090 times there, "bankrupt" 4,318 times.
_MIN_COMMON = 1100


def is_word(word: str, languages: Collection[str]) -> bool:
    """Whether a word is in the list of one of some languages, given as BCP 47 tags.

    The English list holds names, too, in small letters.
    """
    return any(_count(word.lower(), name) for name in _LANGUAGES & set(map(base, languages)))


def is_common(word: str) -> bool:
    """Whether an English word is frequent in small letters, as names are not."""
    return _count(word.lower(), "en") >= _MIN_COMMON


def is_verb(word: str) -> bool:
    """Whether an English word has the forms of a verb."""
    stem = word.removesuffix("e")
    ends = (f"{stem}ing", f"{stem}{stem[-1:]}ing")
    return any(_count(form, "en") for form in ends)


class Common(NamedTuple):
    """A common word as it is written, and how frequent it is, 0..0.3."""

    word: str
    weight: float


@lru_cache(maxsize=2)
def common(tag: str) -> Mapping[str, Common]:
    """Return the common words of a language, by `plain`; none without a list."""
    if (name := base(tag)) not in _LANGUAGES:
        return {}
    # Those of four digits are enough for most lists, and fewer to sort.
    entries = (found for digits in (4, 2) if len(found := _entries(name, digits)) >= _ENOUGH)
    counts = sorted((int(count), word) for word, count in next(entries, []))[-_MAX_COMMON:]
    return {
        word if word.isascii() else plain(word): Common(
            word, min(_MAX_WEIGHT, _WEIGHT * log2(count / counts[0][0]))
        )
        for count, word in counts
    }


@lru_cache(maxsize=2)
def _stems(tag: str) -> frozenset[str]:
    algorithm = algorithm_of(base(tag), "english")
    return frozenset(stem(word, algorithm) for word in common(tag))


def is_form(word: str, languages: Collection[str]) -> bool:
    """Whether a word is a form of a common one in some languages, with or without accents."""
    return any(
        stem(plain(word), algorithm_of(base(tag), "english")) in _stems(tag)
        for tag in languages
        if base(tag) in _LANGUAGES
    )


def _entries(name: str, digits: int) -> list[tuple[str, str]]:
    return re.findall(rf'"([^"]+)": ?(\d{{{digits},}})', _read(name))


@lru_cache(maxsize=1024)
def _count(word: str, language: str) -> int:
    # The lists as dictionaries would take up to 40 MB each. They are sorted, a word a line.
    lines = _read(language)
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind("\n", low, (low + high) // 2) + 1 or low
        end = lines.find("\n", start, high)
        quoted, _, count = lines[start : end if end >= 0 else high].rstrip(",").rpartition(":")
        found = quoted.strip('"')
        if found == word:
            return int(count)
        if found < word:
            low = end + 1 if end >= 0 else high
        else:
            high = start
    return 0


@lru_cache(maxsize=2)
def _read(language: str) -> str:
    package = cast("ModuleSpec", find_spec("spellchecker")).submodule_search_locations or []
    file = Path(package[0], "resources", f"{language}.json.gz")
    with gzip.open(file, "rt", encoding="utf-8") as written:
        return written.read().strip("{}\n")
