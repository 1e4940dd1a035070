"""Tables and records (.csv, .tsv, .jsonl, .json): every row is a source of its own.

A row that cannot be read is left out and reported; a file without a readable row is rejected.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.telegram_export import compact, parse_export
from index.parsers.toolkit.builder import TextBuilder, clean, one_line
from index.parsers.toolkit.encoding import decode, decode_table
from index.parsers.toolkit.markup import field_blocks, plain_field
from index.parsers.toolkit.metadata import ALIASES, bare_name, read_metadata, read_text
from index.parsers.toolkit.xml import Block

_TEXT_NAMES = """
text body content article answer description message comment summary abstract review note notes
post tweet paragraph details response transcript texte texto testo inhalt beschreibung antwort
nachricht kommentar описание текст ответ сообщение комментарий
"""
TEXT_FIELDS = tuple(_TEXT_NAMES.split())
"""Names of the column with the text, the surest first."""

_SPEAKER_FIELDS = (
    *("speaker", "sender", "from", "user", "username", "screen_name", "writer", "sprecher"),
    *ALIASES["author"],
)
_SEPARATOR_LINE = re.compile(r"\Asep=.(?=\r?\n)")  # names the delimiter for Excel
_DELIMITERS = (",", ";", "\t", "|")
_MAX_FIELD_CHARS = 10_000_000
_MAX_NAMED = 12
_MAX_REASONS = 3
_RENDERED = ("rendered", "html", "text", "plain", "value", "#text")  # keys of a field's text
_MIN_BLANKS = 2
_MIN_PROSE_CHARS = 15  # a row
_MIN_COLUMNS = 2
_CELL_BORDER = " | "
_SHAPES = (
    "what is read is result.json of Telegram Desktop, or a list of objects with title, text, date "
    "and url"
)


class _Row(NamedTuple):
    """A row that can be read; one that cannot is a str, the reason."""

    text: str
    fields: Mapping[str, object]


def parse_csv(name: str, data: bytes) -> Parsed:
    """Return the document in a table with a line of column names.

    One of `TEXT_FIELDS` is quoted, else the longest column of prose, with the title, date, URL and
    writer of its row; without prose each row is a paragraph, cells joined by " | ". Columns are
    separated by commas, semicolons, tabs or bars, whichever the first line has.

    Raises:
        DocumentError: a single column that is not named as a text, no readable row, a misplaced
            quotation mark (which makes all further rows doubtful), or unknown encoding.
    """
    text = _SEPARATOR_LINE.sub("", decode_table(name, data), count=1)
    return _build(name, _csv_rows(name, text))


def parse_jsonl(name: str, data: bytes) -> Parsed:
    """Return the document in a file with a JSON object on each line; see `parse_csv`.

    Raises:
        DocumentError: no line is an object with a text, or not in its encoding.
    """
    return _build(name, _json_rows(decode(name, data)))


def parse_json(name: str, data: bytes) -> Parsed:
    """Return the document in an export of Telegram, or in a list of objects; see `parse_csv`.

    Raises:
        DocumentError: not JSON, or of another shape.
    """
    text = decode(name, data)
    is_list = text.lstrip()[:1] == "["
    try:
        found: object = json.loads(text, object_hook=None if is_list else compact)
    except RecursionError as error:
        raise DocumentError(
            name, "JSON nested too deeply to be a chat or records; take it out of the folder"
        ) from error
    except ValueError as error:
        raise DocumentError(name, f"not JSON ({error}); export it anew") from error
    if isinstance(found, list) and found and all(isinstance(one, dict) for one in found):
        return _build(name, (_row(f"item {at}", one) for at, one in enumerate(found, 1)))
    parsed = parse_export(name, found) if isinstance(found, dict) else None
    if parsed is None and isinstance(found, dict) and (records := _records(found)):
        return _build(name, (_row(f"item {at}", one) for at, one in enumerate(records, 1)))
    if parsed is None:
        raise DocumentError(name, f"JSON of a shape that is not read; {_SHAPES}")
    return parsed


def _records(found: Mapping[str, object]) -> Sequence[object]:
    """The object itself if it has a text, else the first list of objects with one in it."""
    if _has_text(found):
        return [found]
    lists = (value for value in found.values() if isinstance(value, list))
    return next(
        (one for one in lists if any(isinstance(r, dict) and _has_text(r) for r in one)), ()
    )


def _build(name: str, rows: Iterable[_Row | str]) -> Parsed:
    builder = TextBuilder()
    shared: Metadata | None = None
    left_out: list[str] = []
    for row in rows:
        if isinstance(row, str):
            left_out.append(row)
            continue
        try:
            blocks = [one for one in field_blocks(name, clean(row.text)) if one.text.strip()]
        except DocumentError as error:
            left_out.append(error.reason)
            continue
        if blocks:
            metadata = read_metadata(row.fields)
            metadata = replace(metadata, title=_plain_title(name, metadata.title))
            speaker = bare_name(plain_field(read_text(row.fields, _SPEAKER_FIELDS) or ""))
            day, url = metadata.published, metadata.url
            builder.start_entry(metadata.title, day, speaker=speaker, url=url)
            builder.add_unquoted(metadata.title or "")
            _add_blocks(builder, blocks)
            shared = metadata if shared is None else _in_common(shared, metadata)
    if left_out and shared is None:
        raise DocumentError(name, left_out[0])
    if (more := len(left_out) - _MAX_REASONS) > 0:
        left_out[_MAX_REASONS:] = [f"{more:,} more rows that cannot be read"]
    return replace(
        builder.build((shared or Metadata()).read_in("column")), left_out=tuple(left_out)
    )


def _add_blocks(builder: TextBuilder, blocks: Sequence[Block]) -> None:
    heading = ""
    for block in blocks:
        if block.kind == "text":
            builder.add_paragraph(block.text, heading)
        else:
            builder.add_unquoted(block.text)
            heading = one_line(block.text) or "" if block.kind == "heading" else heading


def _plain_title(name: str, title: str | None) -> str | None:
    try:
        return one_line(" ".join(block.text for block in field_blocks(name, title or "")))
    except DocumentError:
        return title


def _in_common(one: Metadata, other: Metadata) -> Metadata:
    """The facts that both rows have, but for those that entries hold."""
    return Metadata(
        author=one.author if one.author == other.author else None,
        publisher=one.publisher if one.publisher == other.publisher else None,
        language=one.language if one.language == other.language else None,
    )


def _row(place: str, fields: object) -> _Row | str:
    """The record at a place such as "line 7"."""
    if not isinstance(fields, dict):
        return f"{place}: not a JSON object with a text"
    fields = {field: _text_in(value) for field, value in fields.items()}
    named = {field.strip().lower(): value for field, value in fields.items()}
    column = next((field for field in TEXT_FIELDS if field in named), None)
    if column is None:
        return _no_text(place, fields)
    value = named[column]
    if value is not None and not isinstance(value, str):
        return f"{place}: its {column!r} is no text"
    return _Row(value or "", fields)


def _text_in(value: object) -> object:
    """The text of a field that content systems wrap, as in {"rendered": "…"}; else the value."""
    if isinstance(value, dict):
        value = next((value[key] for key in _RENDERED if isinstance(value.get(key), str)), value)
    return value


def _no_text(place: str, found: Iterable[str]) -> str:
    names = [repr(field[:40]) for field in found]
    shown = ", ".join(names[:_MAX_NAMED]) + (", …" if len(names) > _MAX_NAMED else "")
    expected = ", ".join(TEXT_FIELDS[:8])
    return f"{place} has no column of text; found {shown or 'none'}, expected one of {expected}"


def _csv_rows(name: str, text: str) -> Iterator[_Row | str]:
    csv.field_size_limit(_MAX_FIELD_CHARS)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(name, text), strict=True
    )
    columns: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                if columns:
                    rows.append((line, values))
                else:
                    columns = values
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError(name, f"line {line}: not a row of a table ({error})") from error
    whole = [values for _, values in rows if len(values) == len(columns)]
    prose = None if _has_text(columns) else _prose_column(whole)
    for line, values in rows:
        if len(values) != len(columns):
            fields = f"{len(values)} field{'s' * (len(values) > 1)}"
            yield (
                f"line {line} has {fields} where the first line has {len(columns)}: "
                "put quotes around a field with a delimiter in it"
            )
            continue
        named = dict(zip(columns, values, strict=True))
        if _has_text(columns):
            yield _row(f"line {line}", named)
        elif prose is None:
            yield _Row(_CELL_BORDER.join(" ".join(value.split()) for value in values), {})
        else:
            yield _Row(values[prose], named)


def _prose_column(rows: Sequence[Sequence[str]]) -> int | None:
    """The column with the longest texts of several words, None if there is none."""
    lengths = [
        sum(len(value) for value in column if value.count(" ") >= _MIN_BLANKS)
        for column in zip(*rows, strict=True)
    ]
    longest = max(lengths, default=0)
    return lengths.index(longest) if longest >= _MIN_PROSE_CHARS * len(rows) > 0 else None


def _delimiter(name: str, text: str) -> str:
    """The delimiter that gives the first row a text column and the most columns."""
    headers: dict[str, list[str]] = {}
    for delimiter in _DELIMITERS:
        rows = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter)
        try:
            headers[delimiter] = next(rows, [])
        except csv.Error:
            headers[delimiter] = []
    best = max(headers, key=lambda one: (_has_text(headers[one]), len(headers[one])))
    if not _has_text(headers[best]) and len(headers[best]) < _MIN_COLUMNS:
        raise DocumentError(name, _no_text("the first line", headers[best]))
    return best


def _has_text(columns: Iterable[str]) -> bool:
    return not {column.strip().lower() for column in columns}.isdisjoint(TEXT_FIELDS)


def _json_rows(text: str) -> Iterator[_Row | str]:
    # Not splitlines(): a JSON string may hold other line breaks, such as U+2028, unescaped.
    for number, line in enumerate(io.StringIO(text), 1):
        if line.strip():
            try:
                row = _row(f"line {number}", json.loads(line))
            except (ValueError, RecursionError) as error:
                row = f"line {number}: not JSON ({error})"
            yield row
