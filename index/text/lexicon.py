"""The words of some languages, in all their forms: the lists of pyspellchecker."""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.text.language import base

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

_LANGUAGES = frozenset(["ar", "de", "es", "fa", "fr", "it", "nl", "pt", "ru"])
# "Paris" and "London" are counted 1,090 times there, "bankrupt" 4,318 times.
_MIN_COMMON = 1100


def is_word(word: str, languages: Collection[str]) -> bool:
    """Whether a word is known in one of some languages, given as BCP 47 tags.

    English does not count: its list holds names in small letters.
    """
    return any(_count(word.lower(), name) for name in _LANGUAGES & set(map(base, languages)))


def is_common(word: str) -> bool:
    """Whether an English word is frequent in small letters, as names are not."""
    return _count(word.lower(), "en") >= _MIN_COMMON


@lru_cache(maxsize=1024)
def _count(word: str, language: str) -> int:
    # The lists as dictionaries would take up to 40 MB each, and few words are looked up.
    found = re.search(rf'"{re.escape(word)}": ?(\d+)', _read(language))
    return int(found[1]) if found else 0


def _read(language: str) -> str:
    package = cast("ModuleSpec", find_spec("spellchecker")).submodule_search_locations or []
    file = Path(package[0], "resources", f"{language}.json.gz")
    with gzip.open(file, "rt", encoding="utf-8") as written:
        return written.read()
