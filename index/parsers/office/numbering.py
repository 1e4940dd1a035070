"""The numbers that Word shows before the paragraphs of lists, which stand nowhere in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.parsers.office.package import value
from index.parsers.toolkit.xml import Element, local_name

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MAX_ROMAN = 4000
_MAX_LEVEL = 8
_MAX_DIGITS = 9


class Place(NamedTuple):
    """The list and the level of a paragraph."""

    list_id: str
    level: int


class _Level(NamedTuple):
    kind: str
    text: str
    start: int


class Numbering:
    """Counts the paragraphs of each list, in the order in which they stand in the document."""

    def __init__(self, root: Element | None) -> None:
        """Read numbering.xml; without one no list has numbers."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for element in root if root is not None else ():
            if local_name(element) == "abstractNum":
                levels = {
                    _number(value(one, "ilvl")): _level(one) for one in _inside(element, "lvl")
                }
                self._levels[value(element, "abstractNumId")] = levels
            elif local_name(element) == "num":
                self._add_list(element)

    def label(self, place: Place) -> str:
        """Return the number of the next paragraph at a place, as in "2.1."; "" for a bullet."""
        abstract = self._lists.get(place.list_id, "")
        levels = self._levels.get(abstract, {})
        level = levels.get(place.level)
        if level is None or level.kind in {"bullet", "none"}:
            return ""
        counts = self._counts.setdefault(abstract, {})
        for restarted, start in self._restarts.pop(place.list_id, {}).items():
            counts[restarted] = start - 1
        counts[place.level] = counts.get(place.level, level.start - 1) + 1
        for deeper in [one for one in counts if one > place.level]:
            del counts[deeper]

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            other = levels.get(at, level)
            return _format(counts.get(at, other.start), other.kind)

        return _PLACE.sub(shown, level.text)

    def _add_list(self, element: Element) -> None:
        identifier = value(element, "numId")
        for mark in element:
            if local_name(mark) == "abstractNumId":
                self._lists[identifier] = value(mark, "val")
            elif local_name(mark) == "lvlOverride":
                for start in _inside(mark, "startOverride"):
                    restarts = self._restarts.setdefault(identifier, {})
                    restarts[_number(value(mark, "ilvl"))] = _number(value(start, "val"))


def read_place(marks: Iterator[Element], inherited: Place | None = None) -> Place | None:
    """Return the place that the properties of a paragraph or style give, else `inherited`."""
    for mark in marks:
        if local_name(mark) == "numPr":
            found = {local_name(one): value(one, "val") for one in mark}
            list_id = found.get("numId", inherited.list_id if inherited else "0")
            level = found.get("ilvl", str(inherited.level) if inherited else "0")
            return Place(list_id, min(_number(level), _MAX_LEVEL))
    return inherited


def _level(element: Element) -> _Level:
    found = {local_name(mark): value(mark, "val") for mark in element}
    return _Level(
        found.get("numFmt", "decimal"), found.get("lvlText", ""), _number(found.get("start", "1"))
    )


def _format(count: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 % 10 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"} and 0 < count < _MAX_ROMAN:
        numeral = ""
        for number, digits in _ROMAN:
            numeral += digits * (count // number)
            count %= number
        return numeral.upper() if kind == "upperRoman" else numeral
    return f"{count:02}" if kind == "decimalZero" else str(count)


def _inside(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if local_name(child) == tag)


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) <= _MAX_DIGITS else 0
