"""Sheets of a workbook (.xlsx, .ods): each row with a text or a number is a paragraph."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import is_date_format

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.office.package import Package
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import TextBuilder, join_cells, one_line

Row = tuple[int, Sequence[str]]
"""The number of a row in its sheet, from 1, and the texts of its cells."""

_MAX_HEADER_CHARS = 120
_MAX_ROWS = 1_048_576  # of Excel; openpyxl makes each that a damaged number skips
_DECIMALS = re.compile(r"0\.(0+)")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')
_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?")
_ENDS_SENTENCE = re.compile(r"[.!?…]$")


def parse_xlsx(name: str, data: bytes) -> Parsed:
    """Return the document in a workbook, with its numbers as they were saved.

    Raises:
        DocumentError: no .xlsx, damaged, protected, or beyond a limit of `Archive`.
    """
    package = Package(name, Archive(name, data))
    metadata = package.metadata()
    builder = TextBuilder()
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # those that a program wrote may be wrong
                add_sheet(builder, sheet.title, _rows(sheet))
    except MemoryError:
        raise
    except Exception as error:  # openpyxl checks little, so that anything may come of damage
        raise DocumentError(name, f"damaged workbook ({error}); save it anew") from error
    return builder.build(metadata)


def add_sheet(builder: TextBuilder, name: str, rows: Iterable[Row]) -> None:
    """Add the rows of a sheet; the heading of each names the sheet, its number and the columns."""
    filled = (row for row in rows if any(row[1]))
    first, second = next(filled, None), next(filled, None)
    if first is None:
        return
    columns = ""
    if second is not None and _is_header(first[1]):
        columns = f": {join_cells(first[1])[:_MAX_HEADER_CHARS]}"
        builder.add_unquoted(join_cells(first[1]))
        first = None
    for number, cells in chain(filter(None, (first, second)), filled):
        builder.add_paragraph(join_cells(cells), f"{name}, {number}{columns}")


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns: two texts at least, none a number or a sentence."""
    texts = [cell for cell in cells if cell]
    return len(texts) > 1 and not any(
        _NUMBER.fullmatch(text) or _ENDS_SENTENCE.search(text) for text in texts
    )


def _rows(sheet: Any) -> Iterator[Row]:  # openpyxl has no types
    for number, row in enumerate(sheet.iter_rows(max_row=_MAX_ROWS), start=1):
        yield number, [_shown(cell) for cell in row]


def _shown(cell: Any) -> str:
    """The text of a cell as a spreadsheet program shows it, but for the signs of currencies."""
    found = cell.value
    if found is None:
        return ""
    if isinstance(found, datetime):
        return found.date().isoformat() if found.time() == time.min else f"{found:%Y-%m-%d %H:%M}"
    if isinstance(found, date | time):
        return found.isoformat()
    if isinstance(found, bool) or not isinstance(found, int | float):
        return one_line(str(found)) or ""
    return _number(found, str(cell.number_format or "General"))


def _number(found: float, style: str) -> str:
    """A number with the decimals, the thousands and the per cent sign of its style."""
    pattern = _QUOTED.sub("", style.partition(";")[0])
    if "0" not in pattern or "E" in pattern or is_date_format(pattern):
        return f"{found:.15g}" if isinstance(found, float) else str(found)
    decimals = _DECIMALS.search(pattern)
    percent = "%" in pattern
    shown = f"{found * 100 if percent else found:,.{len(decimals[1]) if decimals else 0}f}"
    return (shown if "#,#" in pattern else shown.replace(",", "")) + "%" * percent
