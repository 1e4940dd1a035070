"""Names of countries and large cities in each language, from CLDR."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from index.text.language import base
from index.text.stemming import algorithm_of, fold, stem

_MIN_CHARS = 4
_INFLECTED = frozenset(["ar", "cs", "de", "el", "fi", "hu", "pl", "ru", "sr", "tr", "uk"])


def is_place(word: str, tag: str) -> bool:
    """Whether a word, in any form of it and in small letters, too, names a country or city."""
    return bool(_codes_of(word, base(tag)))


def place_names(word: str, tag: str, other: str) -> frozenset[str]:
    """Return what the places that a word names are called in another language."""
    names = _names(base(other))
    return frozenset(names[code] for code in _codes_of(word, base(tag)) if code in names)


def _codes_of(word: str, language: str) -> frozenset[str]:
    found = _by_stem(language).get(_stem(word, language)) if len(word) >= _MIN_CHARS else None
    return found or frozenset()


@cache
def _by_stem(language: str) -> Mapping[str, frozenset[str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for code, name in _names(language).items():
        if name.isalpha():
            codes[_stem(name, language)].add(code)
    return {word: frozenset(of) for word, of in codes.items()}


@cache
def _names(language: str) -> Mapping[str, str]:
    """The names of countries and cities by the codes of countries and time zones."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    # Cities that a language writes as English does have no name of their own.
    names = {
        zone: zone.rpartition("/")[2].replace("_", " ") for zone in get_global("zone_territories")
    }
    names |= {zone: str(of["city"]) for zone, of in locale.time_zones.items() if "city" in of}
    # Numbers are those of parts of the world, and of all of it.
    return names | {code: name for code, name in locale.territories.items() if code.isalpha()}


def _stem(word: str, language: str) -> str:
    folded = fold(word.casefold())
    # Elsewhere names have no cases, and a stem may be that of another word: lago, Lagos.
    return stem(folded, algorithm_of(language, "english")) if language in _INFLECTED else folded
