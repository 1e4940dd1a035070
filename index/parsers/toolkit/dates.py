"""Days as people and programs write them."""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime

_MAX_CHARS = 60
_HAS_YEAR = re.compile(r"\d{4}")
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b")


def read_date(value: object) -> date | None:
    """Return the day that `value` names, None where it names none for sure.

    ISO 8601 and RFC 2822 as they are; other texts ("10 July 2021", "10. Juli 2021") as dateparser
    reads them, if day, month and year are all there. Of an ambiguous 03/04/2021 the month comes
    first, as dateparser's default has it; with dots, 03.04.2021, the day does.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _HAS_YEAR.search(value):
        return None
    text = value.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return _read_prose(text) if len(text) <= _MAX_CHARS else None


def _read_prose(text: str) -> date | None:
    import dateparser  # noqa: PLC0415  # slow to import, and most dates are ISO

    order = {"DATE_ORDER": "DMY"} if _DOTTED.match(text) else {}
    whole = {"REQUIRE_PARTS": ["day", "month", "year"], **order}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(text, settings=whole)
    return found.date() if found else None
