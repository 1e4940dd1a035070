"""The words of some languages, in all their forms: the lists of pyspellchecker."""

from __future__ import annotations

import gzip
from collections.abc import Collection
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.text.language import base

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

LANGUAGES = frozenset(["ar", "de", "es", "fa", "fr", "it", "nl", "pt", "ru"])
"""English is left out: its list holds names, which look like words in small letters."""


def is_word(word: str, languages: Collection[str]) -> bool:
    """Whether a word is known in one of some languages, given as BCP 47 tags."""
    return any(_is_listed(word.lower(), name) for name in LANGUAGES & set(map(base, languages)))


@lru_cache(maxsize=1024)
def _is_listed(word: str, language: str) -> bool:
    # The lists as sets of words would take up to 40 MB each, and few words are looked up.
    return f'"{word}":' in _read(language)


def _read(language: str) -> str:
    package = cast("ModuleSpec", find_spec("spellchecker")).submodule_search_locations or []
    with gzip.open(
        Path(package[0], "resources", f"{language}.json.gz"), "rt", encoding="utf-8"
    ) as written:
        return written.read()
