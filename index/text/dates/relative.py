"""Finds relative dates in a text, and the days that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import NamedTuple

import regex
from dateutil.relativedelta import relativedelta

from index.core.answers import Quote
from index.core.documents import Span
from index.text.dates.grammar import Unit
from index.text.dates.tense import tense_at
from index.text.dates.vocabulary import LANGUAGES, Vocabulary, vocabulary
from index.text.language import base

MAX_MENTIONS = 3
_READ_CHARS = 4000
_MAX_COUNT = 100
_WEEK = 7
_SENTENCE_END = regex.compile(r"[.!?…؟]+[\"'”’»)]*\s+(?=[^\p{Ll}])|\n")
_YEAR = regex.compile(r"(?<![\d.,$€£])(?:1[0-9]|20)\d\d(?![\d%]|[.,]\d)")
_QUOTED = regex.compile(r"“[^”\n]*(?:”|$)|«[^»\n]*(?:»|$)|„[^“”\n]*[“”]|\"[^\"\n]*(?:\"|$)")
_POSSESSIVE = regex.compile(r"['’]s?(?!\w)|s['’](?!\w)")
_ENGLISH_BEHIND = regex.compile(
    r"\s*(?:$|[^\w\s-])|\s+(?:morning|afternoon|evening|night|that|in|at|after|to|when|as|by|with|"
    r"for|but|because|while|if|against|near|during|on|over|from|following|amid)\b",
)
_RANGE_BEHIND = regex.compile(
    r"\s*(?:[-–—]|to|through|and|or|bis|und|oder|a|y|o|à|et|ou|по|и|та|і)\s*"
)
_BESIDE = ("last", "last2", "next", "next2")
_FIGURE_BEHIND = regex.compile(r",?\s*(?:the |den |dem |el |le )?\d{1,2}(?!\d|\s*(?:people|%))")


class RelativeDate(NamedTuple):
    """Words of a text, and the first and the last day that they mean."""

    span: Span
    first: date
    last: date


def resolve(
    text: str, published: date | None, language: str | None, start: int = 0
) -> tuple[RelativeDate, ...]:
    """Return up to MAX_MENTIONS relative dates of a text that begins at `start` of its document.

    None without a day of publication, and none that may mean another day. A text of unknown
    language is read as English.
    """
    tongue = base(language or "en")
    if published is None or tongue not in LANGUAGES:
        return ()
    try:
        found = list(islice(_resolved(text[:_READ_CHARS], published, tongue), MAX_MENTIONS))
    except (OverflowError, ValueError):  # before the year 1
        return ()
    return tuple(
        one._replace(span=Span(one.span.start + start, one.span.end + start)) for one in found
    )


def dates_of(quote: Quote) -> tuple[RelativeDate, ...]:
    """Return the relative dates in a quote, by the day on which its source was published."""
    published, language = quote.source.metadata.published, quote.document.metadata.language
    return resolve(quote.text, published, language, quote.span.start)


def _resolved(text: str, published: date, language: str) -> Iterator[RelativeDate]:
    words = vocabulary(language)
    quoted = [Span(*part.span()) for part in _QUOTED.finditer(text)]
    ends = [0, *(end.end() for end in _SENTENCE_END.finditer(text)), len(text)]
    for mention in _pattern(language).finditer(text):
        span = Span(*mention.span("all"))
        first = max(end for end in ends if end <= span.start)
        last = min(end for end in ends if end >= span.end)
        sentence = text[first:last]
        is_said = any(part.covers(span) for part in quoted)
        years = {int(year) for year in _YEAR.findall(sentence)}
        is_elsewhen = bool(years - {published.year})
        tense = tense_at(sentence, span.start - first, span.end - first, language)
        days: tuple[date, date] | None = None
        if mention["past"] is not None:
            days = _past(mention, words, published)
        elif mention["ago"] is not None:
            days = None if is_said else _ago(mention, words, published)
        elif mention["offset"] is not None:
            unit, count = _place(mention, words)
            is_close = unit == "day"
            may_be_now = is_close and count == 0 and tense is None
            is_owned = is_close and _POSSESSIVE.match(text, span.end)
            # "USA Today"
            is_name = mention[0][0].isupper() and bool(
                regex.search(r"\w", text[first : span.start])
            )
            if not ((is_close and (is_said or is_elsewhen)) or may_be_now or is_owned or is_name):
                days = around(published, unit, count)
        elif not is_elsewhen and _is_one_day(text, mention, words, language):
            number = next(at for at in range(_WEEK) if mention[f"day{at}"] is not None)
            day = _weekday(mention, published, number, tense)
            days = (day, day) if day else None
        if days is not None:
            yield RelativeDate(span, *days)


def around(published: date, unit: Unit, count: int) -> tuple[date, date]:
    """Return the day, week from Monday, month or year that lies `count` from a day's own."""
    day = published + _shift(unit, count)
    if unit == "day":
        return day, day
    if unit == "week":
        monday = day - timedelta(day.weekday())
        return monday, monday + timedelta(_WEEK - 1)
    first = day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)
    return first, first + _shift(unit, 1) - timedelta(1)


def _shift(unit: Unit, count: int) -> relativedelta:
    return {
        "day": relativedelta(days=count),
        "week": relativedelta(weeks=count),
        "month": relativedelta(months=count),
        "year": relativedelta(years=count),
    }[unit]


def _past(
    mention: regex.Match[str], words: Vocabulary, published: date
) -> tuple[date, date] | None:
    unit = _unit(mention, "past", words)
    count = _count(mention, "past", words)
    return (published - _shift(unit, count), published) if count else None


def _ago(mention: regex.Match[str], words: Vocabulary, published: date) -> tuple[date, date] | None:
    count = _count(mention, "ago", words)
    return around(published, _unit(mention, "ago", words), -count) if count else None


def _unit(mention: regex.Match[str], group: str, words: Vocabulary) -> Unit:
    written = next(filter(None, mention.captures(f"{group}unit")))
    return next(
        unit
        for unit, forms in words.units.items()
        if regex.fullmatch(forms, written, regex.IGNORECASE)
    )


def _count(mention: regex.Match[str], group: str, words: Vocabulary) -> int:
    """The number of a mention, 1 without any; 0 if it is too large to be exact."""
    written = next(filter(None, mention.captures(f"{group}count")), "")
    if not written:
        return 1
    if written.isdecimal():
        return int(written) if len(written) <= 2 and int(written) <= _MAX_COUNT else 0
    return next(
        number
        for number, forms in words.counts.items()
        if regex.fullmatch(forms, written, regex.IGNORECASE)
    )


def _place(mention: regex.Match[str], words: Vocabulary) -> tuple[Unit, int]:
    return next(
        place
        for place, phrases in words.offsets.items()
        if regex.fullmatch(phrases, mention["offset"], regex.IGNORECASE)
    )


def _weekday(
    mention: regex.Match[str], published: date, number: int, tense: str | None
) -> date | None:
    """The day meant; None if it may be another one."""
    back, ahead = (published.weekday() - number) % _WEEK, (number - published.weekday()) % _WEEK
    monday = published - timedelta(published.weekday())
    # "Last Thursday" is the one before, or that of last week: only where both are one.
    if mention["last"] or mention["last2"]:
        day = published - timedelta(back or _WEEK)
        return day if day < monday else None
    if mention["next"] or mention["next2"]:
        day = published + timedelta(ahead or _WEEK)
        return day if day >= monday + timedelta(_WEEK) else None
    days = {"past": -back, "future": ahead or None}.get(tense or "")
    return None if days is None else published + timedelta(days)


def _is_one_day(text: str, mention: regex.Match[str], words: Vocabulary, language: str) -> bool:
    """Whether the name of a weekday means one day that is not told by its date as well."""
    start, end = mention.span("all")
    days, before = "|".join(words.weekdays), text[:start].rstrip()
    joined = _RANGE_BEHIND.match(text, end)
    is_more = (
        _POSSESSIVE.match(text, end)
        or _FIGURE_BEHIND.match(text, end)
        or regex.match(
            rf"[,.]?\s*(?:the |den |of )?(?:{words.months})\b", text[end:], regex.IGNORECASE
        )
        or (joined and regex.match(rf"(?:{days})\b", text[joined.end() :], regex.IGNORECASE))
        or regex.search(rf"\b(?:{days}){_RANGE_BEHIND.pattern}$", text[:start], regex.IGNORECASE)
    )
    if is_more or mention["on"] or any(mention[name] for name in _BESIDE):
        return not is_more
    if words.grammar.needs_on or language != "en":
        return not words.grammar.needs_on
    # "Black Friday", "the Sunday Times", "Friday prayers"
    name = regex.search(r"(?<=[\w,;]\s*)\b\p{Lu}\w*$", before)
    return name is None and bool(_ENGLISH_BEHIND.match(text, end))


@cache
def _pattern(language: str) -> regex.Pattern[str]:
    words = vocabulary(language)
    grammar = words.grammar
    counts = "|".join(words.counts.values())
    units = "|".join(words.units.values())

    def filled(template: str, group: str) -> str:
        count = rf"(?P<{group}count>\d+|{counts})" if counts else rf"(?P<{group}count>\d+)"
        return template.replace("{count}", count).replace("{unit}", rf"(?P<{group}unit>{units})")

    past = filled(grammar.past or r"(?!)", "past")
    parts = ("{count} {unit}", words.ago) if words.is_ago_behind else (words.ago, "{count} {unit}")
    ago = filled(" ".join(parts), "ago")
    if grammar.about:
        ago = rf"(?<!\b(?:{grammar.about})\s+(?:the )?)" + ago
    if not words.is_ago_behind and grammar.about:
        about = rf"(?!(?:{grammar.about})\b)"
        ago = ago.replace(" ", f" {about}", 1)
    if grammar.before_ago:
        ago = rf"(?<!\b(?:{grammar.before_ago})\s+){ago}"
    if grammar.behind_ago:
        ago = rf"{ago}(?!\s+(?:{grammar.behind_ago})(?:\b|(?<=['’])))"
    offset = "|".join(sorted(words.offsets.values(), key=len, reverse=True))
    last, following = grammar.last or r"(?!)", grammar.next or r"(?!)"
    weekdays = "|".join(rf"(?P<day{at}>{names})" for at, names in enumerate(words.weekdays))
    weekday = (
        rf"(?<!\b(?:{grammar.never})\s+)"
        rf"(?:(?P<on>{grammar.on})\s+)?(?:(?P<last>{last})\s+|(?P<next>{following})\s+)?"
        rf"(?<!\b(?:{grammar.never})\s+)(?:{weekdays})"
        rf"(?:\s+(?P<last2>{last})|\s+(?P<next2>{following}))?"
    )
    return regex.compile(
        rf"(?<![\w-])(?P<all>(?P<past>{past})|(?P<ago>{ago})|{_FIXED[language][0]}(?P<offset>{offset})"
        rf"{_FIXED[language][1]}|{weekday})(?![\w-])(?!\s+of\b)".replace(" ", r"\s+"),
        regex.IGNORECASE,
    )


# Before and behind a fixed phrase that means another time: "the last week", "esta mañana".
_FIXED = dict.fromkeys(LANGUAGES, ("", "")) | {
    "en": (
        r"(?:(?=day )|(?<!\b(?:the|an?|his|her|their|its|my|our|very|every|like|of|until)\s+))",
        "",
    ),
    "de": (r"(?<!\b(?:von|bis|heute|gestern|am|guten|jede[nrs]?)\s+)", ""),
    "es": (r"(?<!\b(?:la|esta|cada|una|toda|de|por|hasta)\s+)", ""),
    "fr": (r"(?<!\b(?:d['’]|de|jusqu['’]à)\s*)", ""),
    "ru": (r"(?<!\b(?:на|до)\s+)", ""),
    "ar": (
        r"(?<!\b(?:في|ذلك|هذا|نفس|طوال|من)\s+(?=اليوم))",
        r"(?!\s+(?:التالي|السابق|الأول|الثاني|نفسه|ذاته|الواحد|العالمي|الوطني))",
    ),
}
