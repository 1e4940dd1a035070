"""Scopes of questions: the collections, period and sources that they may see."""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from index.core.errors import QuestionError
from index.core.lazy_text import Phrase

_PERIOD = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")

PRIVATE_PREFIX = "chat:"
"""The name of a collection that is never searched together with another such one."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The passages that a question may see.

    Attributes:
        collections: names of the visible collections; empty for no passage at all.
        since, until: first and last day of publication, None for no limit. A document without a
            date lies outside any limit.
        source: text that the title, path, publisher or URL contains, in any case.
        said: words of the name of a speaker whose words are wanted alone, in any order and case.
        documents: ids of the visible documents, None for all.
        language: code of the language of the visible documents, None for all.
    """

    collections: tuple[str, ...] = ("library",)
    since: date | None = None
    until: date | None = None
    source: str | None = None
    documents: tuple[int, ...] | None = None
    said: str | None = None
    language: str | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the collections limits it."""
        return any(
            limit is not None
            for limit in (
                *(self.since, self.until, self.source, self.documents, self.said),
                self.language,
            )
        )


def first_day(text: str) -> date:
    """Return the first day of a year, month or day, or raise QuestionError."""
    return _days(text)[0]


def last_day(text: str) -> date:
    """Return the last day of a year, month or day, or raise QuestionError."""
    return _days(text)[1]


def language_tag(text: str) -> str:
    """Return a code of a language in small letters, as en of EN, or raise QuestionError."""
    if _LANGUAGE.fullmatch(text):
        return text.lower()
    raise QuestionError(
        Phrase("{text} is no code of a language; write it as en or de", text=repr(text))
    )


def _days(text: str) -> tuple[date, date]:
    if found := _PERIOD.fullmatch(text.strip()):
        year, month, day = (int(part or 0) for part in found.groups())
        with suppress(ValueError):
            first = date(year, month or 1, day or 1)
            days = monthrange(year, month or 12)[1]
            return first, first if day else date(year, month or 12, days)
    raise QuestionError(
        Phrase(
            "{text} is no day, month or year; write it as 2021-07-10, 2021-07 or 2021",
            text=repr(text),
        )
    )


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """The size of the library, over the collections that the asker may see."""

    documents: int
    passages: int
    newest: date | None
