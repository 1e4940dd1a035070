"""Compares short answers: numbers, dates and names as different hands write them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

from index.text.anchors import find_anchors
from index.text.answer_types import AnswerType
from index.text.figures import MONTHS, find_figures
from index.text.terms import is_function_word, plain

Agreement = Literal["same", "compatible", "other"]
"""The same value; one that leaves room for the other; another value. None if unknown."""

_ROUGHLY = re.compile(
    r"\b(?:about|around|some|roughly|approximately|almost|nearly|close to|circa|ca|estimated|"
    r"or so|up to|under|fewer than|less than)\b|~",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|more than|over|above|no fewer than|upwards of|exceed\w*|dozens|scores|hundreds|"
    r"thousands|millions|tens of|several|many|most)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:dozens|scores|hundreds|thousands|millions|several|many|few|most|some|all|none)\b",
    re.IGNORECASE,
)
_EXACTLY = re.compile(r"\b(?:exactly|precisely)\b", re.IGNORECASE)
_SHARES = {"half": 50.0, "a third": 33.3, "a quarter": 25.0, "two thirds": 66.7}
_SHARES |= {"three quarters": 75.0, "a fifth": 20.0, "a tenth": 10.0}
_UNITS = {"second": 1 / 86_400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0}
_UNITS |= {"month": 30.4, "year": 365.2, "decade": 3652.0}
_DURATION = re.compile(r"\b(" + "|".join(_UNITS) + r")s?\b", re.IGNORECASE)
_MAX_WORDS = 5
_NEAR, _SLACK = 0.12, 3.0
_BEFORE_CHARS = 24
_STEM_CHARS = 5
_HOUR = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?\s?(?:([ap])\.?m\b|o['’]clock)", re.IGNORECASE)
_WEEKDAYS = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)


def kind_of(one: str, other: str) -> AnswerType | None:
    """Return what two short answers both are: quantities or times; None for anything else."""
    if any(len(text.split()) > _MAX_WORDS for text in (one, other)):
        return None
    kinds = [{figure.kind for figure in find_figures(text)} for text in (one, other)]
    if "number" in kinds[0] and "number" in kinds[1]:
        return "quantity"
    is_timed = all(of.intersection(("year", "date")) for of in kinds)
    return "time" if is_timed else None


def compare(
    kind: AnswerType | None, one: tuple[str, str], other: tuple[str, str]
) -> Agreement | None:
    """Return how two short answers agree, each given as (words before it, its words)."""
    if kind in {"quantity", "duration"}:
        return _compare_numbers(one, other)
    if kind == "time":
        return _compare_times(one[1], other[1])
    agreement = _compare_names(one[1], other[1])
    return _compare_words(one[1], other[1]) if agreement is None and kind is None else agreement


def _compare_numbers(one: tuple[str, str], other: tuple[str, str]) -> Agreement | None:
    values = [_number(text) for _before, text in (one, other)]
    contexts = [f"{before[-_BEFORE_CHARS:]} {text}" for before, text in (one, other)]
    a, b = values
    if a is None or b is None:
        return "compatible" if any(map(_VAGUE.search, contexts)) else None
    if math.isclose(a, b, rel_tol=1e-3):
        return "same"
    if any(_VAGUE.search(text) for _before, text in (one, other)):
        return "compatible"
    for value, against, context in ((a, b, contexts[0]), (b, a, contexts[1])):
        near = abs(value - against) <= _NEAR * max(value, against)
        is_round = _is_round(value, against) and not _EXACTLY.search(context)
        if near and (_ROUGHLY.search(context) or is_round):
            return "compatible"
        if _AT_LEAST.search(context) and value <= against <= _SLACK * value:
            return "compatible"
    return "other"


def _is_round(value: float, exact: float) -> bool:
    """Whether a value is another one with fewer digits: 1.2 million for 1,183,000."""
    digits = _digits(value)
    if exact == 0 or digits >= _digits(exact):
        return False
    place = digits - 1 - math.floor(math.log10(abs(exact)))
    return math.isclose(round(exact, place), value, rel_tol=1e-6)


def _digits(value: float) -> int:
    """The number of digits that count in a value: 2 for 1,200,000."""
    return len(f"{value:.6e}".partition("e")[0].replace(".", "").rstrip("0"))


def _number(text: str) -> float | None:
    """The first number of a text; a share as a percentage, a time in days."""
    lower = text.lower()
    for words, share in _SHARES.items():
        if re.search(rf"\b{words}\b(?! (?:a|an)\b)", lower) and not re.search(r"\d", lower):
            return share
    for figure in find_figures(text):
        if figure.kind in {"number", "year"} and len(figure.keys) == 1:
            key = figure.keys[0].removesuffix("n")
            try:
                value = float(key)
            except ValueError:
                return None
            unit = _DURATION.search(text[figure.span.end :])
            return value * _UNITS[unit[1].lower()] if unit else value
    return None


def _compare_times(one: str, other: str) -> Agreement | None:
    hours = [_hour(text) for text in (one, other)]
    if None not in hours:
        return "same" if hours[0] == hours[1] else "other"
    keys = [{key for figure in find_figures(text) for key in figure.keys} for text in (one, other)]
    if not keys[0] or not keys[1]:
        return None
    if keys[0] == keys[1]:
        return "same"
    is_known = False
    for pick in (_years, _months, _days):
        parts = [pick(part) for part in keys]
        if parts[0] and parts[1]:
            is_known = True
            if not any(_meet(a, b) for a in parts[0] for b in parts[1]):
                return "other"
    return "compatible" if is_known else None


def _hour(text: str) -> int | None:
    """The minutes since midnight of a time of the day alone, None for any other time."""
    found = _HOUR.search(text)
    if found is None or any(figure.kind in {"year", "date"} for figure in find_figures(text)):
        return None
    hour, half = int(found[1]), (found[3] or "").lower()
    return (hour % 12 + 12 * (half == "p") if half else hour) * 60 + int(found[2] or 0)


def _years(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if len(key.rstrip("s")) == 4 and key[:4].isdigit()}


def _months(keys: Iterable[str]) -> set[str]:
    return set(MONTHS).intersection(keys)


def _days(keys: Iterable[str]) -> set[str] | frozenset[str]:
    return {key for key in keys if key.isdigit() and len(key) <= 2} or _WEEKDAYS.intersection(keys)


def _meet(one: str, other: str) -> bool:
    """Whether two keys may mean the same: 1929 and the 1920s."""
    is_decade = one.endswith("0s") or other.endswith("0s")
    return one[:3] == other[:3] if is_decade else one == other


def _compare_names(one: str, other: str) -> Agreement | None:
    names = [_name_words(text) for text in (one, other)]
    if not names[0] or not names[1]:
        return None
    if names[0] & names[1]:
        return "same"
    for text, in_full in ((one, other), (other, one)):
        initials = "".join(word[0] for word in in_full.split() if word[0].isupper())
        if len(initials) > 1 and initials in text.split():
            return "same"
    return "other"


def _compare_words(one: str, other: str) -> Agreement | None:
    words = [_plain_words(text) for text in (one, other)]
    return None if words[0] & words[1] or not all(words) else "other"


def _plain_words(text: str) -> set[str]:
    """The beginnings of the words of a text, enough to know one in another form."""
    words = re.findall(r"[^\W\d_]+", plain(text))
    return {word[:_STEM_CHARS] for word in words if not is_function_word(word)}


def _name_words(text: str) -> set[str]:
    """The words of the names in a text."""
    found = {
        key
        for anchor in find_anchors(text)
        if anchor.kind == "name"
        for key in anchor.keys
        if len(key) > 2 and not is_function_word(key)
    }
    return found or ({plain(text)} if text[:1].isupper() else set())
