"""The time that a question asks about, and how well a reading fits it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.answering.sides.sentences import published_at
from index.core.documents import Passage
from index.reader import Reading
from index.text.dates.months import SOLAR_MONTHS, of_solar_hijri
from index.text.figures import MONTHS, Figure, find_figures
from index.text.terms import Analyzer

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|last known|up[- ]to[- ]date|so far|as of now|by now|"
    r"current(?:ly)?|right now|at present|these days|now)\b",
    re.IGNORECASE,
)
_BOUNDS = {
    "since": """since from seit ab desde depuis dès с со з від від from از منذ""",
    "after": """after nach después\\sde(?:l)? après после після پس\\sاز بعد\\sاز بعد""",
    "before": """before vor antes\\sde(?:l)? avant до پیش\\sاز قبل\\sاز قبل""",
    "until": """until till by bis hasta jusqu['’]en jusqu['’]à по تا حتى""",
    "in": """in on during im am en durante dans pendant au au\\scours\\sde в во у за در طی في
        خلال""",
}
"""Words before a time, by what they say of it; "до" may also mean until."""
_WORDS = "|".join(f"(?P<{name}>{'|'.join(words.split())})" for name, words in _BOUNDS.items())
_BOUND = re.compile(
    rf"\b(?:{_WORDS})\s(?:early |late |mid-?|el |le |dem |den |der |mes\sde )?"
    r"(?:last |this |прошл(?:ом|ого) |минулого |минулому |letzte[nm] |vergangene[nm] |"
    r"pasado |año |jahr |année |سال |ماه |عام |سنة |شهر )?$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:before|after|since|until|during|following)\s(?:the|its|his|her|their)\s"
    r"(?P<words>[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*){0,2})",
    re.IGNORECASE,
)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_PERSIAN = re.compile("[پچژگکی]")
_IRANIAN_YEARS = range(1300, 1450)
"""From 1921 on."""
_OUTSIDE, _UNKNOWN = 0.4, 0.8
_TOLD_WITHIN = timedelta(3)
_NEAR_EVENT, _NO_EVENT = 0.9, 0.8
_NEWER_SHARE = 0.4
"""Of the best score, that a newer reading needs to be preferred as the latest."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `since` to `until`, or from or before or after an event, or the latest.

    Attributes:
        is_of_telling: what was published after `until` cannot be about it either.
        event: the stems of the words for it.
    """

    since: date | None = None
    until: date | None = None
    is_of_telling: bool = False
    event: frozenset[str] = frozenset()
    is_latest: bool = False

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.event or self.is_latest)


def read_period(question: str, newest: date | None, analyzer: Analyzer) -> Period:
    """Return the time that a question asks about; `newest` is the day that weekdays count from."""
    is_latest = _LATEST.search(question) is not None
    is_persian = _PERSIAN.search(question) is not None
    for figure in find_figures(question):
        bound = _BOUND.search(question[: figure.span.start])
        if not bound or (days := _days_of(figure, newest, is_persian=is_persian)) is None:
            continue
        first, last = days
        match bound.lastgroup:
            case "since":
                return Period(since=first, is_latest=is_latest)
            case "after":
                return Period(since=last + timedelta(1), is_latest=is_latest)
            case "before":
                return Period(until=first - timedelta(1), is_latest=is_latest)
            case "until":
                return Period(until=last, is_latest=is_latest)
            case _ if first == last and figure.keys[0] in _DAYS:
                continue  # in the documents, too, it is the day of a week
            case _:
                return Period(first, last, is_of_telling=True, is_latest=is_latest)
    event = _EVENT.search(question)
    stems = frozenset(analyzer.content_terms(event["words"])) if event else frozenset()
    return Period(event=stems, is_latest=is_latest)


def newest_of(passages: Iterable[Passage]) -> date | None:
    """Return the last day of publication among the sentences of passages, None if none is known."""
    days = (
        published_at(passage, sentence.span.start)
        for passage in passages
        for sentence in passage.sentences
    )
    return max(filter(None, days), default=None)


def fit(reading: Reading, period: Period, analyzer: Analyzer) -> float:
    """Return how well a reading fits a period, 0..1."""
    factor = 1.0
    if period.since or period.until:
        factor = _fit_days(reading, period)
    if period.event and not period.event <= set(analyzer.terms(reading.text)):
        is_near = period.event <= set(analyzer.terms(reading.passage.text))
        factor *= _NEAR_EVENT if is_near else _NO_EVENT
    return factor


def prefer(readings: Sequence[Reading], period: Period, analyzer: Analyzer) -> list[Reading]:
    """Return readings by how likely they answer and how well they fit, best first."""
    ordered = sorted(readings, key=lambda one: -one.score * fit(one, period, analyzer))
    if not period.is_latest or not ordered:
        return ordered
    least = _NEWER_SHARE * ordered[0].score
    likely = [one for one in ordered if one.score >= least]

    def day(reading: Reading) -> date:
        return published_at(reading.passage, reading.span.start) or date.min

    return [*sorted(likely, key=day, reverse=True), *(o for o in ordered if o.score < least)]


def _fit_days(reading: Reading, period: Period) -> float:
    """1 for a time inside, less for an unknown one or one outside."""
    is_persian = _PERSIAN.search(reading.text) is not None
    told = [
        days
        for figure in find_figures(reading.text)
        if figure.kind in {"year", "date"}
        and (days := _days_of(figure, None, is_persian=is_persian))
    ]
    if told:
        return 1.0 if any(_meets(days, period) for days in told) else _OUTSIDE
    published = published_at(reading.passage, reading.span.start)
    if published is None:
        return _UNKNOWN
    if period.since and published < period.since:
        return _OUTSIDE
    if period.until and published > period.until:
        # Of what was before a day, later documents tell as well.
        is_late = period.is_of_telling and published - period.until > _TOLD_WITHIN
        return _OUTSIDE if is_late else _UNKNOWN
    return 1.0


def _meets(days: tuple[date, date], period: Period) -> bool:
    first, last = days
    return not ((period.since and last < period.since) or (period.until and first > period.until))


def _days_of(figure: Figure, newest: date | None, *, is_persian: bool) -> tuple[date, date] | None:
    """The first and last day of a year, month or day; a day of the week before `newest`.

    A month or day without a year is the last one until `newest`. In a Persian text, years are those
    of the calendar of Iran if they may be.
    """
    keys = figure.keys
    if len(keys) == 1 and keys[0] in _DAYS:
        return _last_weekday(_DAYS.index(keys[0]), newest) if newest else None
    years = sorted(int(key[:4]) for key in keys if len(key) >= 4 and key[:4].isdigit())
    if (
        years
        and (is_persian or not set(SOLAR_MONTHS).isdisjoint(keys))
        and years[0] in _IRANIAN_YEARS
    ):
        return _of_solar_hijri(keys, years[0])
    month = next((MONTHS.index(key) + 1 for key in keys if key in MONTHS), None)
    day_of = next((int(key) for key in keys if key.isdigit() and len(key) <= 2), None)
    if figure.kind == "year" and years:
        last = years[0] + 9 if keys[0].endswith("s") else years[-1]
        return date(years[0], 1, 1), date(last, 12, 31)
    if figure.kind != "date" or month is None or not (years or newest):
        return None
    year = years[0] if years else _year_of(month, day_of, newest)
    if day_of and day_of > monthrange(year, month)[1]:
        return None
    first = date(year, month, day_of or 1)
    return first, first if day_of else date(year, month, monthrange(year, month)[1])


def _last_weekday(weekday: int, newest: date) -> tuple[date, date]:
    day = newest - timedelta((newest.weekday() - weekday) % 7)
    return day, day


def _of_solar_hijri(keys: Sequence[str], year: int) -> tuple[date, date]:
    """The days that a figure means in the calendar of Iran."""
    month = next((SOLAR_MONTHS.index(key) + 1 for key in keys if key in SOLAR_MONTHS), None)
    day_of = next((int(key) for key in keys if len(key) <= 2 and key.isdigit()), None)
    if month is None:
        return of_solar_hijri(year), of_solar_hijri(year + 1) - timedelta(1)
    if day_of is not None:
        day = of_solar_hijri(year, month, day_of)
        return day, day
    following = (year + 1, 1) if month == len(SOLAR_MONTHS) else (year, month + 1)
    return of_solar_hijri(year, month), of_solar_hijri(*following) - timedelta(1)


def _year_of(month: int, day: int | None, newest: date | None) -> int:
    """The year in which a month or day last came until `newest`."""
    if newest is None:
        return date.min.year
    return newest.year - ((month, day or 1) > (newest.month, newest.day))
