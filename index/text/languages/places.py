"""Names of countries and large cities in each language, from CLDR."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from index.text.language import base
from index.text.stemming import algorithm_of, fold, stem

_MIN_CHARS = 4
_INFLECTED = frozenset(["ar", "cs", "de", "el", "fi", "hu", "pl", "ru", "sr", "tr", "uk"])


def is_place(word: str, tag: str) -> bool:
    """Whether a word, in any form of it and in small letters, too, names a country or city."""
    language = base(tag)
    return len(word) >= _MIN_CHARS and _stem(word, language) in _stems(language)


@cache
def _stems(language: str) -> frozenset[str]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    cities = (str(zone.get("city", "")) for zone in locale.time_zones.values())
    # Those that a language writes as English does have no name of their own.
    zones = (zone.rpartition("/")[2] for zone in get_global("zone_territories"))
    # Numbers are those of parts of the world, and of all of it.
    countries = (name for code, name in locale.territories.items() if code.isalpha())
    names = {*countries, *cities, *zones}
    return frozenset(_stem(name, language) for name in names if name.isalpha())


def _stem(word: str, language: str) -> str:
    folded = fold(word.casefold())
    # Elsewhere names have no cases, and a stem may be that of another word: lago, Lagos.
    return stem(folded, algorithm_of(language, "english")) if language in _INFLECTED else folded
