"""The words for days and spans of time, in the languages of the interface.

Most are dateparser's, which has them from CLDR.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, cast

import regex

from index.text.dates.grammar import GRAMMARS, Grammar, Unit

LANGUAGES = tuple(GRAMMARS)

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_UNITS: tuple[Unit, ...] = ("day", "week", "month", "year")
_OFFSET = regex.compile(
    r"(?P<ahead>in )?(?P<count>\d) (?P<unit>day|week|month|year)(?(ahead)| ago)"
)
_COUNT = r"(\d++[.,]?\d*+)"
# Written as one word or as two.
_PERSIAN_DAY = regex.compile("(?<=.)[ \u200c]*شنبه")
_MIN_CHARS = 3
_MIN_WEEKDAY_CHARS = 4
# "The previous day" is relative to another one.
_NOT_OURS = frozenset(["اليوم السابق", "till date"])


class Vocabulary(NamedTuple):
    """What one language has for days and spans of time, as patterns.

    Attributes:
        offsets: of each unit and count, as ("day", -1) for yesterday.
        weekdays: of Monday to Sunday.
        months: of all months.
        counts: of each number, 1 to 12.
        units: of each unit.
        ago: before or behind a number and a unit of the past.
    """

    grammar: Grammar
    offsets: dict[tuple[Unit, int], str]
    weekdays: tuple[str, ...]
    months: str
    counts: dict[int, str]
    units: dict[Unit, str]
    ago: str
    is_ago_behind: bool


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words of one of LANGUAGES."""
    module = import_module(f"dateparser.data.date_translation_data.{language}")
    info = cast("dict[str, Any]", module.info)
    grammar = GRAMMARS[language]
    offsets: dict[tuple[Unit, int], str] = {}
    for key, phrases in info["relative-type"].items():
        if found := _OFFSET.fullmatch(key):
            count = int(found["count"]) * (1 if found["ahead"] else -1)
            kept = [
                written(phrase)
                for phrase in phrases
                if len(phrase.split()[-1]) >= _MIN_CHARS and phrase not in _NOT_OURS
            ]
            offsets[cast("Unit", found["unit"]), count] = "|".join(kept)
    for place, more in grammar.more.items():
        offsets[place] = "|".join(filter(None, [offsets.get(place), more]))
    ago = info["relative-type-regex"][r"\1 day ago"][0]
    return Vocabulary(
        grammar,
        {place: phrases for place, phrases in offsets.items() if phrases},
        tuple(_either(info[day], _MIN_WEEKDAY_CHARS) for day in _WEEKDAYS),
        "|".join(_either(info[month], _MIN_CHARS) for month in _MONTHS),
        _counts(info) | grammar.counts,
        {unit: _unit(info[unit], grammar.units.get(unit, "")) for unit in _UNITS},
        written(" ".join(ago.replace(_COUNT, " ").rsplit(maxsplit=1)[:-1]))
        if not ago.startswith("(")
        else written(ago.split()[-1]),
        ago.startswith("("),
    )


def written(phrase: str) -> str:
    """Return a pattern for a phrase, however its apostrophes and joints are typed."""
    pattern = regex.escape(" ".join(phrase.split()), literal_spaces=True)
    return _PERSIAN_DAY.sub("[ \u200c]?شنبه", pattern.replace("'", "['’ʼ]"))


def _either(words: list[str], min_chars: int) -> str:
    long = {word.lower() for word in words if len(word) >= min_chars}
    return "|".join(map(written, sorted(long, key=lambda word: (-len(word), word))))


def _unit(words: list[str], more: str) -> str:
    return "|".join(filter(None, [more, _either(words, 2)]))


def _counts(info: dict[str, Any]) -> dict[int, str]:
    counts: dict[int, str] = {}
    for rule in info.get("simplifications", ()):
        for pattern, value in rule.items():
            if value.isdecimal() and "(?" not in pattern and 1 <= int(value) <= 12:
                plain = pattern.replace("(", "(?:")
                number = int(value)
                counts[number] = "|".join(filter(None, [counts.get(number), plain]))
    return counts
