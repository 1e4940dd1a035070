"""Tables and lists of records (.csv, .tsv, .jsonl): every row a source of its own."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from index.errors import DocumentError
from index.parsers.builder import TextBuilder, clean
from index.parsers.charset import decode_table
from index.parsers.decoding import decode
from index.parsers.fields import read_metadata
from index.records import Metadata, Parsed

TEXT_FIELDS = ("text", "body", "content", "article")
"""The names under which the text of a row is found, the surest first."""

_SEPARATOR_LINE = re.compile(r"\Asep=.(?=\r?\n)")
"""Tells Excel the delimiter."""

_DELIMITERS = (",", ";", "\t", "|")
_MAX_FIELD_CHARS = 10_000_000
_MAX_NAMED = 12


class _Row(NamedTuple):
    """A record and where it stands ("line 7")."""

    place: str
    fields: Mapping[str, object]


def parse_csv(name: str, data: bytes) -> Parsed:
    """Return the document in the bytes of a table with a line of column names.

    One of `TEXT_FIELDS` is quoted; the title, date and URL beside it are those of the row. Columns
    are separated by commas, semicolons, tabs or bars, whichever the first line has.

    Raises:
        DocumentError: no text column, a malformed line, or not in its encoding.
    """
    text = _SEPARATOR_LINE.sub("", decode_table(name, data), count=1)
    return _build(name, _csv_rows(name, text))


def parse_jsonl(name: str, data: bytes) -> Parsed:
    """Return the document in the bytes of a file with one JSON object a line; see `parse_csv`.

    Raises:
        DocumentError: a line that is no such object or has no text, or not in its encoding.
    """
    return _build(name, _json_rows(name, decode(name, data)))


def parse_records(name: str, records: list[object]) -> Parsed:
    """Return the document in a list of JSON objects; see `parse_csv`.

    Raises:
        DocumentError: an item that is no object or has no text.
    """
    return _build(name, (_row(name, f"item {at}", one) for at, one in enumerate(records, 1)))


def _build(name: str, rows: Iterable[_Row]) -> Parsed:
    builder = TextBuilder()
    shared: Metadata | None = None
    for row in rows:
        if text := clean(_text_of(name, row)):
            said = read_metadata(row.fields)
            builder.start_entry(title=said.title, published=said.published, url=said.url)
            builder.add_unquoted(said.title or "")
            for line in text.split("\n"):
                builder.add_paragraph(line)
            shared = said if shared is None else _in_common(shared, said)
    return builder.build(shared or Metadata())


def _in_common(one: Metadata, other: Metadata) -> Metadata:
    """What holds for the whole table: the fields that no entry has, if the same in all rows."""
    return Metadata(
        author=one.author if one.author == other.author else None,
        publisher=one.publisher if one.publisher == other.publisher else None,
        language=one.language if one.language == other.language else None,
    )


def _text_of(name: str, row: _Row) -> str:
    named = {field.strip().lower(): value for field, value in row.fields.items()}
    column = next((field for field in TEXT_FIELDS if field in named), None)
    if column is None:
        raise _no_text(name, row.place, row.fields)
    value = named[column]
    if value is not None and not isinstance(value, str):
        raise DocumentError(name, f"{row.place}: its {column!r} is no text")
    return value or ""


def _no_text(name: str, place: str, found: Iterable[str]) -> DocumentError:
    names = [repr(field[:40]) for field in found]
    shown = ", ".join(names[:_MAX_NAMED]) + (", …" if len(names) > _MAX_NAMED else "")
    expected = ", ".join(TEXT_FIELDS)
    return DocumentError(
        name, f"{place} has no column of text; found {shown or 'none'}, expected one of {expected}"
    )


def _csv_rows(name: str, text: str) -> Iterator[_Row]:
    csv.field_size_limit(_MAX_FIELD_CHARS)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(name, text), strict=True
    )
    columns: list[str] = []
    line = 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DocumentError(name, f"line {line}: not a row of a table ({error})") from error
        if not any(value.strip() for value in values):
            pass
        elif not columns:
            columns = values
        elif len(values) != len(columns):
            raise DocumentError(
                name,
                f"line {line} has {len(values)} fields where the first line has {len(columns)}; "
                "put quotes around a field with a delimiter in it",
            )
        else:
            yield _Row(f"line {line}", dict(zip(columns, values, strict=True)))
        line = reader.line_num + 1


def _delimiter(name: str, text: str) -> str:
    """The delimiter by which the first line has a text column, and the most columns."""
    first = text.lstrip().partition("\n")[0].rstrip("\r")
    headers: dict[str, list[str]] = {}
    for delimiter in _DELIMITERS:
        try:
            headers[delimiter] = next(csv.reader([first], delimiter=delimiter))
        except csv.Error:
            headers[delimiter] = []
    best = max(headers, key=lambda one: (_has_text(headers[one]), len(headers[one])))
    if not _has_text(headers[best]):
        raise _no_text(name, "the first line", headers[best])
    return best


def _has_text(columns: Iterable[str]) -> bool:
    return not {column.strip().lower() for column in columns}.isdisjoint(TEXT_FIELDS)


def _json_rows(name: str, text: str) -> Iterator[_Row]:
    # Not splitlines(): a JSON string may hold other line breaks, such as U+2028, as they are.
    for number, line in enumerate(io.StringIO(text), 1):
        if line.strip():
            try:
                found: object = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DocumentError(name, f"line {number}: not JSON ({error})") from error
            yield _row(name, f"line {number}", found)


def _row(name: str, place: str, found: object) -> _Row:
    if not isinstance(found, dict):
        raise DocumentError(name, f"{place}: not a JSON object with a text")
    return _Row(place, found)
