"""Years, dates, numbers and ordinals of a text, in figures or in English words.

Months are known in several languages, figures in all scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import regex

from index.core.documents import Span
from index.text.dates.months import AMBIGUOUS_MONTHS, MONTH_WORDS
from index.text.stemming import fold

FigureKind = Literal["year", "date", "number", "ordinal"]

_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

MONTHS = tuple(_MONTHS.split())
_SHORT_MONTHS = {name[:3]: name for name in MONTHS} | {"sept": "september"}
_VALUES = {word: at for at, word in enumerate(_UNITS.split())}
_VALUES |= {word: 10 * at for at, word in enumerate(_TENS.split(), 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9}
_IRREGULAR |= {"twelfth": 12, "hundredth": 100}
_ORDINALS = _IRREGULAR | {
    f"{word[:-1]}ieth" if value >= 20 else f"{word}th": value
    for word, value in _VALUES.items()
    if value not in {0, 1, *_IRREGULAR.values()}
}

# What each word is: ("month", "july"), ("unit", 7), ("scale", 100), ("ordinal", 7).
_WORDS: dict[str, tuple[str, str | int]] = {
    **{
        word: ("short month" if word in AMBIGUOUS_MONTHS else "month", name)
        for word, name in MONTH_WORDS.items()
    },
    **{name: ("month", name) for name in MONTHS},
    **{word: ("short month", name) for word, name in _SHORT_MONTHS.items() if word != name},
    **{word: ("day", word) for word in _DAYS.split()},
    **{word: ("unit", value) for word, value in _VALUES.items()},
    **{word: ("scale", value) for word, value in _SCALES.items()},
    **{word: ("ordinal word", value) for word, value in _ORDINALS.items()},
}
FIGURE_WORDS = frozenset(_WORDS)
"""The words that figures are made of, as `fold` has them."""
NUMBER_WORDS = frozenset([*_VALUES, *_SCALES])
"""Those that numbers are made of."""

_PIECE = re.compile(
    r"(?<!\w)(?:"
    r"(?P<iso>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b"
    r"|(?P<slashed>\d{1,2}([/.])\d{1,2}\3[12]\d{3})\b"
    r"|(?P<range>[12]\d{3}[-–/](?:[12]\d{3}|\d\d))\b(?![-–/]\d)"
    r"|(?P<decade>[12]\d\d0['’]?s|['’]\d0s|(?<=the )\d0s)\b"
    r"|(?P<ordinal>\d{1,9}(?:,\d{3})*(?:st|nd|rd|th|er)|[QH][1-4])\b"
    r"|(?P<number>\d+(?:[,\u00a0\u202f]\d{3})*(?:\.\d+)?)(?P<suffix>(?:k|m|mn|bn|tn)\b)?"
    r"|(?P<word>[^\W\d_]+)(?!['’]?\w)"
    r")",
    re.IGNORECASE,
)
_BEFORE_AMOUNTS = frozenset("$€£¥#.")
_AFTER_AMOUNTS = frozenset("%°€$")
# Without a capital they are mostly verbs.
_VERBS = frozenset({"may", "march"})
_IN_DATE = re.compile(r"(?:,|\.)? (?:(?:of|the|de|del|di|do|ماه|شهر) )?")
_OTHER_FIGURE = regex.compile(r"(?![0-9])[\p{Nd}٫٬]")
_MARKS = {"٫": ".", "٬": ","}
_IN_NUMBER = re.compile(r"[ -]")
_AFTER_HUNDREDS = re.compile(r"[ -]|,? and ")
_MAX_WORDS = 8
_MAX_EXACT_DIGITS = 15


class Figure(NamedTuple):
    """A figure, its place, and its keys, the same however it is written.

    Years are "2019", decades "1990s", months and days of the week "july" and "sunday", days "10",
    numbers "20n", ordinals "92th".
    """

    kind: FigureKind
    span: Span
    keys: tuple[str, ...]


class _Piece(NamedTuple):
    kind: str  # the group of _PIECE, or what the word is
    value: str | float
    text: str
    start: int
    end: int


def find_figures(text: str) -> list[Figure]:
    """Return the figures of a text in order, none overlapping."""
    text = _OTHER_FIGURE.sub(_in_ascii, text)
    pieces = list(_pieces(text))
    figures = []
    at = 0
    while at < len(pieces):
        size, kind, keys = _date_at(text, pieces, at) or _number_at(text, pieces, at) or (1, "", ())
        if kind:
            span = Span(pieces[at].start, pieces[at + size - 1].end)
            figures.append(Figure(kind, span, keys))
        at += size
    return figures


_Found = tuple[int, FigureKind, tuple[str, ...]]  # pieces that a figure takes, its kind, its keys


def _in_ascii(found: regex.Match[str]) -> str:
    return _MARKS.get(found[0]) or str(unicodedata.decimal(found[0]))


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _PIECE.finditer(text):
        kind = found.lastgroup or ""
        written, start, end = found[0], found.start(), found.end()
        if kind == "word":
            meaning = _WORDS.get(fold(written.lower()))
            if meaning:
                yield _Piece(*meaning, written, start, end)
        elif kind == "ordinal":
            digits = written[1:] if written[0] in "QHqh" else written[:-2].replace(",", "")
            yield _Piece(kind, int(digits[:_MAX_EXACT_DIGITS]), written, start, end)
        elif kind in {"number", "suffix"}:
            yield _Piece("number", _value(found["number"], found["suffix"]), written, start, end)
        else:
            yield _Piece(kind, written, written, start, end)


def _value(digits: str, suffix: str | None) -> str | float:
    """The value of a number, or its digits if there are too many to be exact."""
    plain = re.sub(r"[,\u00a0\u202f]", "", digits)
    exact = len(plain) <= _MAX_EXACT_DIGITS
    return float(plain) * _SUFFIXES.get((suffix or "").lower(), 1) if exact else plain


def _date_at(text: str, pieces: Sequence[_Piece], at: int) -> _Found | None:
    """The year or date that starts at a piece."""
    piece = pieces[at]
    if piece.kind == "range":
        return 1, *_range(piece.text)
    if piece.kind == "decade":
        return 1, "year", (_decade(piece.text),)
    keys: tuple[str, ...] = ()
    if piece.kind == "iso":
        year, month, day = piece.text.split("-")
        keys = str(int(day)), MONTHS[int(month) - 1], year
    elif piece.kind == "slashed":
        keys = _slashed(piece.text)
    elif piece.kind == "day":
        keys = (str(piece.value),)
    elif year := _year(text, piece):
        return 1, "year", (year,)
    return (1, "date", keys) if keys else _spelled_at(text, pieces, at)


def _spelled_at(text: str, pieces: Sequence[_Piece], at: int) -> _Found | None:
    """The date with a month in words that starts at a piece: a day and a month, in any order."""
    near = [pieces[at]]
    for other in pieces[at + 1 : at + 3]:
        if not _IN_DATE.fullmatch(text, near[-1].end, other.start):
            break
        near.append(other)
    months = [str(other.value) if "month" in other.kind else "" for other in near]
    days = [_day(other) for other in near]
    years = [_year(text, other) for other in near]
    if len(near) > 1 and days[0] and months[1]:
        keys = days[0], months[1]
    elif len(near) > 1 and months[0] and days[1] and near[0].text not in _VERBS:
        keys = days[1], months[0]
    elif len(near) > 1 and months[0] and years[1]:
        return 2, "date", (months[0], years[1])
    elif near[0].kind == "month" and not _is_verb(near[0]):
        return 1, "date", (months[0],)
    else:
        return None
    year = years[2] if len(near) > 2 else ""
    return (3, "date", (*keys, year)) if year else (2, "date", keys)


def _is_verb(piece: _Piece) -> bool:
    return piece.text in _VERBS or (piece.start == 0 and piece.text.lower() in _VERBS)


def _day(piece: _Piece) -> str:
    if piece.kind == "ordinal word":
        return str(piece.value)
    is_day = piece.kind == "ordinal" or (piece.kind == "number" and piece.text.isdecimal())
    digits = re.sub(r"\D", "", piece.text) if is_day and len(piece.text) <= 4 else ""
    return str(int(digits)) if digits and 1 <= int(digits) <= 31 else ""


def _year(text: str, piece: _Piece) -> str:
    figures = piece.text
    if piece.kind != "number" or len(figures) != 4 or not "1000" <= figures < "2100":
        return ""
    before, after = text[piece.start - 1 : piece.start], text[piece.end : piece.end + 1]
    is_amount = before in _BEFORE_AMOUNTS or after in _AFTER_AMOUNTS
    return "" if is_amount or not figures.isdecimal() else figures


def _slashed(date: str) -> tuple[str, ...]:
    """The keys of 31/12/2021; the year alone where day and month could be exchanged.

    With points, the day comes first.
    """
    one, other, year = re.split(r"\D", date)
    month, day = sorted((int(one), int(other)))
    is_sure = 1 <= month <= 12 < day <= 31
    if "." in date:
        day, month = int(one), int(other)
        is_sure = 1 <= month <= 12 and 1 <= day <= 31
    return (str(day), MONTHS[month - 1], year) if is_sure else (year,)


def _decade(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    century = "" if len(digits) == 4 else "20" if digits < "20" else "19"
    return f"{century}{digits}s"


def _range(written: str) -> tuple[FigureKind, tuple[str, ...]]:
    """Two years, as in 2018–19 and 1999/2000, or a year and a month, as in 2021-07."""
    first, last = re.split(r"\D", written)
    end = last if len(last) == 4 else first[:2] + last
    if first[2:] == "99" and last == "00":
        end = str(int(first) + 1)
    if end > first:
        return "year", (first, end)
    is_month = len(last) == 2 and 1 <= int(last) <= 12
    return ("date", (MONTHS[int(last) - 1], first)) if is_month else ("year", (first,))


def _number_at(text: str, pieces: Sequence[_Piece], at: int) -> _Found | None:
    """The number or ordinal that starts at a piece, in figures, in words, or in both."""
    piece = pieces[at]
    if piece.kind in {"ordinal", "ordinal word"}:
        is_time = piece.text == "second" and at and pieces[at - 1].end == piece.start - 1
        return None if is_time else (1, "ordinal", (f"{piece.value}th",))
    if piece.kind not in {"number", "unit", "scale"}:
        return None
    if isinstance(piece.value, str):
        return 1, "number", (f"{piece.value}n",)
    total, current, size = 0.0, piece.value, 1
    total, current = (current, 0.0) if piece.kind == "scale" and current > 100 else (0.0, current)
    for before, other in pairwise(pieces[at : at + _MAX_WORDS]):
        value = other.value
        joint = _AFTER_HUNDREDS if before.kind == "scale" else _IN_NUMBER
        if isinstance(value, str) or not joint.fullmatch(text, before.end, other.start):
            break
        is_ten = before.kind == "unit" and current % 100 >= 20
        fits = (before.kind == "scale" and value < 100) or (is_ten and value < 10)
        if other.kind == "ordinal word" and fits and piece.kind != "number":
            return size + 1, "ordinal", (f"{total + current + value:.0f}th",)
        if other.kind == "scale":
            current = max(current, 1) * value
            if value > 100:
                total, current = total + current, 0.0
        elif other.kind == "unit" and fits and piece.kind != "number":
            current += value
        else:
            break
        size += 1
    is_pronoun = size == 1 and piece.text.lower() == "one"
    return None if is_pronoun else (size, "number", (f"{total + current:.15g}n",))
