"""The language of the interface, which is that of the reader of each text.

Quotes, titles and names of documents are never translated.
"""

from __future__ import annotations

import io
import os
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, time
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from index.core.lazy_text import Phrase

ENGLISH = "en"
AUTO = "auto"
LANGUAGES = {
    ENGLISH: "English",
    "es": "Español",
    "de": "Deutsch",
    "fr": "Français",
    "ru": "Русский",
    "uk": "Українська",
    "fa": "فارسی",
    "ar": "العربية",
}
"""Their own names, by the codes of Telegram."""

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "onrecord"
LEFT_TO_RIGHT_MARK = "\u200e"
RIGHT_TO_LEFT_MARK = "\u200f"
# Without a mark, the slash of a command would end up behind it, and a date would be reversed.
LEFT_TO_RIGHT = re.compile(r"(?<![\w/-])(?=/[a-z{]|\d{4}-\d\d)")
_BEFORE_I = re.compile(r" y (?=h?[ií](?![ae]))", re.IGNORECASE)
DIGITS = {"fa": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")}

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Translate into one of LANGUAGES until the block ends, in this task and those it starts.

    Threads of an executor do not inherit it: they return texts as `Phrase`.
    """
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def current_language() -> str:
    """Return the code of the language of the reader."""
    return _language.get()


def match_language(code: str | None) -> str | None:
    """Return the one of LANGUAGES that a code such as es-MX or ar_EG.UTF-8 means, or None."""
    language = (code or "").strip().lower().replace("_", "-").partition("-")[0].partition(".")[0]
    return language if language in LANGUAGES else None


def system_language() -> str:
    """Return the language that the first set of LC_ALL, LC_MESSAGES and LANG names, or English."""
    names = (os.environ.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return match_language(next(filter(None, names), None)) or ENGLISH


def is_right_to_left() -> bool:
    """Whether the language of the reader is written from right to left."""
    return _locale(_language.get()).text_direction == "rtl"


def _(text: str) -> str:
    """Return a text in the language of the reader."""
    return read_catalog(_language.get()).gettext(text)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form of a text for a number, which fills in {number}."""
    text = read_catalog(_language.get()).ngettext(singular, plural, number)
    return text.replace("{number}", decimal(number))


def N_(text: str) -> str:  # noqa: N802  # the name that extractors know
    """Mark a text that is translated later, with `_`."""
    return text


def say(phrase: Phrase, show: Callable[[str], str]) -> str:
    """Return a phrase in the language of the reader; `show` prepares each text filled in."""
    fields = {
        name: decimal(value) if isinstance(value, int) else show(value)
        for name, value in phrase.fields.items()
    }
    number = phrase.fields.get("number")
    if phrase.plural and isinstance(number, int):
        template = read_catalog(_language.get()).ngettext(phrase.template, phrase.plural, number)
    else:
        template = _(phrase.template)
    return template.format(**fields)


def decimal(number: float) -> str:
    """Return a number as in 1,204 or 0.5, of at most three decimals."""
    text = format_decimal(number, locale=_locale(_language.get()), numbering_system="default")
    return _with_digits(text)


def ordinal(number: int) -> str:
    """Return a number that counts nothing, such as that of a page, without groups."""
    return _with_digits(str(number))


def day(value: date) -> str:
    """Return a date as in 10 July 2021."""
    written = format_date(value, "long", _locale(_language.get()))
    if value.day == 1 and _language.get() == "fr":
        written = f"1er{written.removeprefix('1')}"
    return _with_digits(written)


def days(first: date, last: date) -> str:
    """Return a span of days as in 3–10 July 2021; a whole month or year as July 2021 or 2021."""
    if first == last:
        return day(first)
    locale = _locale(_language.get())
    if (first, last.day) == (last.replace(day=1), monthrange(last.year, last.month)[1]):
        return _with_digits(format_skeleton("yMMMM", first, locale=locale))
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return _with_digits(format_skeleton("y", first, locale=locale))
    return _with_digits(format_interval(first, last, "yMMMMd", locale=locale))


def clock(value: time, *, seconds: bool = False) -> str:
    """Return a time of the day as in 14:05, or with its seconds as in 0:14:05."""
    pattern = "H:mm:ss" if seconds else "HH:mm"
    return _with_digits(format_time(value, pattern, locale=_locale(_language.get())))


def one_of(items: Sequence[str]) -> str:
    """Return items as in "2019, Herat or Kabul"; "" for none."""
    return format_list(items, "or", _locale(_language.get()))


def language_names(tags: Sequence[str]) -> str:
    """Return the names of languages, as in "English and German"; an unknown one as its tag."""
    locale = _locale(_language.get())
    return _listed([locale.languages.get(tag, tag) for tag in tags])


def language_counts(counts: Sequence[tuple[str, int]]) -> str:
    """Return the names of languages with numbers, as in "English (4) and German (2)"."""
    locale = _locale(_language.get())
    named = [f"{locale.languages.get(tag, tag)} ({decimal(number)})" for tag, number in counts]
    return _listed(named)


def _listed(items: Sequence[str]) -> str:
    """Return items with an "and"; in Spanish it is "e" before a word that sounds like an i."""
    text = format_list(items, "standard", _locale(_language.get()))
    return _BEFORE_I.sub(" e ", text) if _language.get() == "es" else text


@cache
def read_catalog(language: str) -> NullTranslations:
    """Return the translations into a language; into English there are none."""
    if language == ENGLISH:
        return NullTranslations()
    with catalog_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    if _locale(language).text_direction == "rtl":
        for message in catalog:
            message.string = mark_direction(message.string)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def mark_direction(text: Any) -> Any:
    """Return a text, or its plural forms, with marks before commands and dates."""
    if isinstance(text, str):
        return LEFT_TO_RIGHT.sub(LEFT_TO_RIGHT_MARK, text)
    return tuple(mark_direction(form) for form in text)


def catalog_path(language: str) -> Path:
    """Return the path of the translations into a language."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == ENGLISH else language)


def _with_digits(text: str) -> str:
    return text.translate(DIGITS.get(_language.get(), {}))
