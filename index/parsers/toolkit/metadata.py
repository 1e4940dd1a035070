"""Metadata from named fields: the head of a text, a sidecar file, the columns of a table."""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from index.core.documents import Metadata
from index.parsers.toolkit.builder import one_line

ALIASES = {
    "title": (
        *("title", "headline", "name", "question", "subject"),
        *("titel", "titre", "título", "titolo", "название"),
    ),
    "published": (
        *("published", "date", "publish_date", "published_at", "pubdate", "created", "created_at"),
        *("timestamp", "datum", "fecha", "дата"),
    ),
    "author": ("author", "authors", "byline", "creator", "autor", "автор"),
    "publisher": ("publisher", "site", "sitename", "source", "newspaper"),
    "language": ("language", "lang"),
    "url": ("url", "link"),
}
"""The names of each field of `Metadata` in files, the surest first."""

MAX_CHARS = 16_384
"""Longer metadata is no metadata."""

_MAX_DATE_CHARS = 60
_MAX_DATE_WORDS = 8
# Texts of a file in which a day is looked for: that takes 1 to 3 ms, in all languages 20 to 80.
_MAX_TEXTS, _MAX_IN_ALL = 4_000, 100
_LANGUAGES = ("en", "es", "de", "fr", "ru", "uk", "fa", "ar", "it", "pt")
_WORD = re.compile(r"\w+")
# A time of day, which would make the same day another text.
_CLOCK = re.compile(
    r"[T,]?\s*\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*(?:[ap]\.?m\b\.?|[+-]\d{4}))?",
    re.IGNORECASE,
)
_HAS_YEAR = re.compile(r"\d{4}")
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b")
_DATE_HEAD = re.compile(r"\s*date:?[ \t]+(\d{4}-\d{2}-\d{2})\b[ \t]*\n?", re.IGNORECASE)
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)
_TOML_MATTER = re.compile(
    r"\s*\+\+\+[ \t]*\r?\n(.{0,16384}?)^\+\+\+[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)
_BOOK_BEGIN = re.compile(
    r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.{0,300}?\*\*\*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_BOOK_END = re.compile(
    r"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK|End of (?:the )?Project Gutenberg)",
    re.MULTILINE | re.IGNORECASE,
)
_BOOK_FIELD = re.compile(r"^(Title|Author): (.+)$", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NO_NAME = re.compile(
    r"(?:view|see|read)? ?(?:all|more) (?:posts|articles|stories) (?:by|from)\s+"
    r"|\A(?:posted|written|reported)? ?by:?\s+",
    re.IGNORECASE,
)


def read_metadata(named: Mapping[str, object]) -> Metadata:
    """Return the metadata in named fields; case is ignored, and so are values that are no text."""
    values = {str(name).strip().lower(): value for name, value in named.items()}
    found = {
        field: [values[name] for name in names if name in values]
        for field, names in ALIASES.items()
    }
    days = map(read_date, found.pop("published"))
    texts: dict[str, Any] = {
        field: next(filter(None, map(one_line, map(_as_text, candidates))), None)
        for field, candidates in found.items()
    }
    texts["author"] = bare_name(texts["author"])
    return Metadata(published=next(filter(None, days), None), **texts)


def bare_name(name: str | None) -> str | None:
    """Return a name without "By" or "View all posts by" before it."""
    return one_line(_NO_NAME.sub("", name)) if name else None


def read_text(named: Mapping[str, object], names: Sequence[str]) -> str | None:
    """Return the text in the first of the fields of these names that has one."""
    values = {str(name).strip().lower(): value for name, value in named.items()}
    texts = (one_line(_as_text(values[name])) for name in names if name in values)
    return next(filter(None, texts), None)


def _as_text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else None


def read_yaml(source: str) -> Mapping[str, object] | None:
    """Return the fields of a YAML or JSON mapping, None for anything else."""
    if len(source) > MAX_CHARS:
        return None
    import yaml  # noqa: PLC0415  # slow to import, and rarely needed

    try:
        # Builds nothing but strings, lists and mappings: no tag or number of a file can do harm.
        loaded: Any = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return None
    return {str(key): value for key, value in loaded.items()} if isinstance(loaded, dict) else None


def overlay(upper: Metadata, lower: Metadata) -> Metadata:
    """Return `lower`, its fields replaced by those that `upper` has."""
    values = {field.name: getattr(upper, field.name) for field in fields(upper)}
    values["origins"] = lower.origins | upper.origins
    return replace(lower, **{name: value for name, value in values.items() if value is not None})


def read_head(text: str) -> tuple[Metadata, int]:
    """Return the metadata in the front matter or date line of `text`, and the offset of the body.

    A head that cannot be read is body, at offset 0: a wrong guess loses nothing.
    """
    if found := _TOML_MATTER.match(text):
        with suppress(tomllib.TOMLDecodeError):
            return read_metadata(tomllib.loads(found[1])).read_in("front matter"), found.end()
    elif found := _FRONT_MATTER.match(text):
        if (named := read_yaml(found[1])) is not None:
            return read_metadata(named).read_in("front matter"), found.end()
    elif (found := _DATE_HEAD.match(text)) and (published := read_date(found[1])):
        return Metadata(published=published).read_in("date line"), found.end()
    return Metadata(), 0


def read_book(text: str) -> tuple[Metadata, int, int] | None:
    """Return the metadata of a book of Project Gutenberg, and where its text begins and ends.

    The licence around it is no part of the book. None for another text.
    """
    begin = _BOOK_BEGIN.search(text, 0, MAX_CHARS)
    if begin is None:
        return None
    end = _BOOK_END.search(text, begin.end())
    fields = {found[1]: found[2] for found in _BOOK_FIELD.finditer(text, 0, begin.start())}
    metadata = Metadata(one_line(fields.get("Title")), author=one_line(fields.get("Author")))
    return metadata.read_in("Gutenberg header"), begin.end(), end.start() if end else len(text)


def is_language(tag: str) -> bool:
    """Whether a tag has the shape of BCP 47, as `en` or `pt-BR`."""
    return bool(_LANGUAGE.fullmatch(tag))


def read_date(value: object) -> date | None:
    """Return the day that `value` names, None if in doubt.

    Texts such as "10 July 2021" and "10. Juli 2021" are read by dateparser, if they have day, month
    and year; only so many of a file, as each takes time. In 03/04/2021 the month comes first, as
    dateparser has it; in 03.04.2021 the day does.
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
        if len(text) > _MAX_DATE_CHARS:
            return None
        return (_of_file.get() or _Prose()).read(text)


class _Prose:
    """Reads days in words, as many as a file may take time for."""

    def __init__(self) -> None:
        self._read: dict[str, date | None] = {}
        self._strange = 0  # looked at in all languages, in vain

    def read(self, text: str) -> date | None:
        text = " ".join(_CLOCK.sub(" ", text).split())
        if len(_WORD.findall(text)) > _MAX_DATE_WORDS:
            return None
        if text not in self._read and len(self._read) < _MAX_TEXTS:
            found = _parse_prose(text, _LANGUAGES)
            if found is None and self._strange < _MAX_IN_ALL:
                found = _parse_prose(text, None)
                self._strange += found is None
            self._read[text] = found
        return self._read.get(text)


def _parse_prose(text: str, languages: tuple[str, ...] | None) -> date | None:
    import dateparser  # noqa: PLC0415  # slow to import, and most dates are ISO

    order = {"DATE_ORDER": "DMY"} if _DOTTED.match(text) else {}
    whole = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], **order}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(text, languages=languages, settings=whole)
    return found.date() if found else None


_of_file: ContextVar[_Prose | None] = ContextVar("days in words of this file", default=None)


def begin_file() -> None:
    """From here on, days in words are those of another file."""
    _of_file.set(_Prose())
