"""Finds the marks that begin the turns of a transcript: a speaker's name, a time, or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from index.core.documents import Span

_NAME = r"[^\W\d_](?:[^\n:<>\[\]()|\t]{0,38}?[^\s:<>\[\]()|,;?!])?"
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
_TIME = r"\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?(?:[ \u202f]?[AaPp]\.?[Mm]\b\.?)?"
_UNTIL = rf"(?:[ ]*(?:-->|[-–—])[ ]*{_TIME})?"


def _stamp(number: int) -> str:
    """A time, perhaps after a date; its groups are named by a number."""
    return rf"(?:(?P<day{number}>{_DATE})(?:,?[ \u202f]+|T))?(?P<time{number}>{_TIME})"


_STAMP_FIRST = re.compile(
    rf"^[ \t\u200e]*[\[(]?{_stamp(1)}{_UNTIL}[\])]?[ \t]*(?:[-–—][ \t]*)?"
    rf"(?:<[@+% ]?(?P<nick>[^<>\n]{{1,40}})>|(?P<name>{_NAME})[ ]?:|)(?=\s|$)",
    re.MULTILINE,
)
_NAME_FIRST = re.compile(
    rf"^[ \t]*(?P<name>{_NAME})(?:[ \t]*\n{{1,2}}[ \t]*|[ \t]*[-–—,|:][ \t]*|[ \t]+)"
    rf"(?:[\[(]{_stamp(1)}[\])]:?|{_stamp(2)}[ \t]*:?[ \t]*$)",
    re.MULTILINE,
)
_RANGE_FIRST = re.compile(
    rf"^[ \t]*(?P<time1>{_TIME})[ ]*-->[ ]*{_TIME}[ \t]*\n{{1,2}}[ \t]*(?P<name>{_NAME})[ \t]*$",
    re.MULTILINE,
)
_NAME_ALONE = re.compile(
    rf"^[ \t]*(?:(?P<role>[QA])[.:]|(?P<name>{_NAME}):)[ \t]+(?=\S)", re.MULTILINE
)
_SHAPES = (_STAMP_FIRST, _NAME_FIRST, _RANGE_FIRST)
_ROLES = frozenset(
    "q a question answer frage antwort pregunta respuesta réponse вопрос ответ".split()  # noqa: SIM905
)
_LEVELS = frozenset({"trace", "debug", "info", "notice", "warn", "warning", "error", "critical"})
_PARTICLES = frozenset(
    "al an and bin da de del den der di du el la le of the van von y".split()  # noqa: SIM905
)
_CLOCK = re.compile(r"\d:\d")
_ENDS = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*\s*$")
_MIN_TURNS = 2
_MIN_BARE_TURNS = 4
_MIN_SHARE = 0.1
_MIN_SAID = 0.6
_MIN_ENDED = 0.6
_MAX_WORDS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """The beginning of a turn. `name` is None where nobody is named: a role, a note of the chat."""

    span: Span
    name: Span | None
    published: date | None = None
    at: time | None = None
    is_note: bool = False


def find_marks(text: str) -> list[Mark]:
    """Return the marks of a text in order; none if it is no transcript.

    Marks with a time are believed if most have words after them and a name comes again; names alone
    only if speakers take turns, in sentences.
    """
    if not _CLOCK.search(text):
        return _untimed(text)
    found = max((list(shape.finditer(text)) for shape in _SHAPES), key=_count_named)
    names = [_name(one) for one in found if _name(one)]
    said = sum(bool(words.strip()) for words in _between(text, found))
    if (
        len(names) >= max(_MIN_TURNS, _MIN_SHARE * _count_lines(text))
        and said >= _MIN_SAID * len(found)
        and (len(set(names)) < len(names) or len(names) == _MIN_TURNS)
        and not _LEVELS & {name.casefold() for name in names}
    ):
        return _timed(found)
    return _untimed(text)


def _between(text: str, found: Sequence[re.Match[str]]) -> list[str]:
    """What stands after each mark, up to the next."""
    starts = [*(one.start() for one in found), len(text)]
    return [text[one.end() : end] for one, end in zip(found, starts[1:], strict=True)]


def _count_lines(text: str) -> int:
    return text.count("\n") + 1 - text.count("\n\n")


def _timed(found: Sequence[re.Match[str]]) -> list[Mark]:
    days = _Days([_group(one, "day1", "day2") or "" for one in found], found)
    clock = any(_group(one, "day1", "day2") or _group(one, "nick") for one in found)
    marks = []
    for one in found:
        named = next((group for group in ("name", "nick") if _group(one, group)), None)
        day = _group(one, "day1", "day2")
        if named is None and not day:
            continue
        marks.append(
            Mark(
                Span(*one.span()),
                Span(*one.span(named)) if named else None,
                days.read(day) if day else None,
                _read_time(_group(one, "time1", "time2") or "", clock),
                is_note=named is None,
            )
        )
    return marks


def _untimed(text: str) -> list[Mark]:
    found = [one for one in _NAME_ALONE.finditer(text) if one["role"] or _is_name(one["name"])]
    names = [(one["role"] or one["name"]).casefold() for one in found]
    if len(names) < _MIN_BARE_TURNS or not 2 <= len(set(names)) <= len(names) / 2:
        return []
    ended = sum(bool(_ENDS.search(said[-20:])) for said in _between(text, found))
    changed = sum(one != other for one, other in pairwise(names))
    if min(ended, changed + 1) < max(_MIN_ENDED * len(names), _MIN_SHARE * _count_lines(text)):
        return []
    return [
        Mark(
            Span(*one.span()),
            None if one["role"] or name in _ROLES else Span(*one.span("name")),
        )
        for one, name in zip(found, names, strict=True)
    ]


def _is_name(name: str) -> bool:
    """Whether all words but particles begin with a capital."""
    words = name.split()
    return len(words) <= _MAX_WORDS and all(
        word[0].isupper() or word[0].isdigit() or word.casefold() in _PARTICLES for word in words
    )


def _count_named(found: Sequence[re.Match[str]]) -> int:
    return sum(bool(_name(one)) for one in found)


def _name(found: re.Match[str]) -> str:
    return _group(found, "name", "nick") or ""


def _group(found: re.Match[str], *names: str) -> str | None:
    groups = found.groupdict()
    return next((groups[name] for name in names if groups.get(name)), None)


class _Days:
    """Reads the dates of a log, all of them in the order of day and month that fits them."""

    def __init__(self, days: Sequence[str], found: Sequence[re.Match[str]]) -> None:
        parts = [[int(part) for part in re.split(r"[./-]", day)] for day in days if day]
        # Without a day past the 12th: who writes 6:05 PM writes the month first.
        halves = any("m" in (_group(one, "time1", "time2") or "").lower() for one in found)
        dotted = any("." in day for day in days)
        day_first = any(one[0] > 12 for one in parts) or dotted or not halves
        self._day_first = day_first and not any(one[1] > 12 for one in parts)

    def read(self, day: str) -> date | None:
        first, second, third = (int(part) for part in re.split(r"[./-]", day))
        if first > 31:
            year, month, number = first, second, third
        else:
            year = third if third > 99 else 2000 + third
            month, number = (second, first) if self._day_first else (first, second)
        try:
            return date(year, month, number)
        except ValueError:
            return None


def _read_time(stamp: str, clock: bool) -> time | None:
    """The time of a stamp; 18:05 is hours and minutes on a `clock`, else minutes and seconds."""
    numbers = [int(part) for part in re.findall(r"\d+", re.split("[.,]", stamp)[0])]
    half = re.search(r"[AaPp]\.?[Mm]", stamp)
    if len(numbers) == 2:
        numbers = (
            [*numbers, 0] if clock or half else [numbers[0] // 60, numbers[0] % 60, numbers[1]]
        )
    hour, minute, second = numbers
    if half:
        hour = hour % 12 + 12 * (half[0][0] in "pP")
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
