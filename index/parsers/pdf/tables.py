"""Rows of tables: cells that stand below each other in columns, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import inf
from statistics import median
from typing import NamedTuple

from index.parsers.pdf.fragments import Fragment, cut_at
from index.parsers.pdf.rows import is_backwards, join_row, length, rows, share_that_goes_on
from index.parsers.toolkit.builder import join_cells

_CELL_GAP = 1.0
_ALIGNED = 0.4
_LEVEL = 0.3
_MAX_PITCH = 4.0
_TIGHT = 1.4
_TIGHT_GAP = 0.6
_NEARER = 0.5
_MIN_ROWS = 3
_NEAR_ROWS = 4
_MIN_PROSE_CHARS = 25
_MAX_FLOW = 0.3
_MARKER = re.compile(r"\W|[-–—*]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]+)[.)]|\[\d+\]|[QA]")


class _Row(NamedTuple):
    """A row with its cells; each cell is the fragments that stand close together."""

    parts: Sequence[Fragment]
    cells: list[Fragment]
    is_level: bool

    @property
    def bottom(self) -> float:
        return min(cell.bottom for cell in self.cells)

    @property
    def top(self) -> float:
        return max(cell.top for cell in self.cells)


_Placed = tuple[_Row, list[str]]
"""A line of a table with the text in each column."""


def join_table_rows(fragments: Sequence[Fragment], min_rows: int = 2) -> list[Fragment]:
    """Return the fragments of a page or column, those of each row of a table joined to one.

    Bars part its cells, empty ones are kept, and cells of several lines are whole. A table has
    three rows, two with three cells each are enough; at least `min_rows` have three cells or more
    if that is more than two, since columns of text also stand side by side.
    """
    found = [_row(row) for row in rows(fragments)]
    kept: list[Fragment] = []
    for run in _runs(found):
        kept.extend(
            _read_table(run) if _is_table(run, min_rows) else (p for row in run for p in row.parts)
        )
    return kept


def _row(parts: Sequence[Fragment]) -> _Row:
    groups: list[list[Fragment]] = []
    for part in parts:
        close = groups and part.left - groups[-1][-1].right < _CELL_GAP * part.size
        if close or (groups and _MARKER.fullmatch(_text(groups[-1]))):
            groups[-1].append(part)
        else:
            groups.append([part])
    cells = [cell for group in groups for cell in _cell(group)]
    low = min(cell.bottom for cell in cells)
    is_level = all(cell.bottom - low < _LEVEL * cell.size for cell in cells)
    return _Row(parts, cells, is_level)


def _cell(group: list[Fragment]) -> list[Fragment]:
    """A cell as one fragment; one that runs from right to left keeps its parts."""
    if len(group) == 1 or is_backwards(group):
        return group
    return [join_row(group)]


def _text(parts: Sequence[Fragment]) -> str:
    return " ".join(part.text.strip() for part in parts)


def _runs(found: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Yield neighbouring rows that may be one table, and each other row alone."""
    run: list[_Row] = []
    for row in found:
        if run and not _goes_on(run, row):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _goes_on(run: Sequence[_Row], row: _Row) -> bool:
    size = row.cells[0].size
    if len(run[0].cells) < 2 or run[-1].bottom - row.bottom > _MAX_PITCH * size:
        return False
    if abs(run[0].cells[0].size - size) > _LEVEL * size:
        return False
    aligned = sum(_stands_in(run, cell) for cell in row.cells)
    if len(row.cells) > 1:
        return row.is_level and aligned * 2 >= len(row.cells)
    # A further line of a cell, close below it.
    return aligned == 1 and run[-1].bottom - row.bottom < _TIGHT * size and not _is_wide(run, row)


def _stands_in(run: Sequence[_Row], cell: Fragment) -> bool:
    near = _ALIGNED * cell.size
    others = [other for row in run[-_NEAR_ROWS:] if len(row.cells) > 1 for other in row.cells]
    return any(
        abs(cell.left - other.left) < near
        or abs(cell.right - other.right) < near
        or abs(cell.left + cell.right - other.left - other.right) < 2 * near
        for other in others
    )


def _is_wide(run: Sequence[_Row], row: _Row) -> bool:
    """Whether a line reaches over several cells."""
    (cell,) = row.cells
    full = max(run[-_NEAR_ROWS:], key=lambda one: len(one.cells))
    return sum(other.left < cell.right and other.right > cell.left for other in full.cells) > 1


def _is_table(run: Sequence[_Row], min_rows: int) -> bool:
    split = [row for row in run if len(row.cells) > 1]
    most = max(len(row.cells) for row in run)
    if len(split) < (_MIN_ROWS if most == 2 else 2):
        return False
    if min_rows > 2 and sum(len(row.cells) > 2 for row in split) < max(min_rows, len(split) / 2):
        return False
    columns = _columns(run)
    long = [column for column in columns if _length(split, column) >= _MIN_PROSE_CHARS]
    if len(columns) < 2 or len(long) == len(columns):
        return False
    # Lines of prose beside something else; a further line of a cell seldom stands in the first.
    return all(
        _flow(run if column == columns[0] else split, column) <= _MAX_FLOW for column in long
    )


def _flow(rows_of: Sequence[_Row], column: tuple[float, float]) -> float:
    return share_that_goes_on([text for row in rows_of if (text := _in_column(row, column))])


def _length(split: Sequence[_Row], column: tuple[float, float]) -> float:
    """The median number of characters in the cells of a column."""
    return median([length(text) for row in split if (text := _in_column(row, column))] or [0])


def _columns(run: Sequence[_Row]) -> list[tuple[float, float]]:
    """The left and right of each column, from the rows with the most cells."""
    counts = sorted(len(row.cells) for row in run if len(row.cells) > 1)
    typical = counts[len(counts) // 2]
    spans = sorted(
        (cell.left, cell.right) for row in run if len(row.cells) >= typical for cell in row.cells
    )
    merged = [spans[0]]
    for left, right in spans[1:]:
        if left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _in_column(row: _Row, column: tuple[float, float]) -> str:
    left, right = column
    return " ".join(
        cell.text.strip() for cell in row.cells if cell.left < right and cell.right > left
    )


def _read_table(run: Sequence[_Row]) -> Iterator[Fragment]:
    columns = _columns(run)
    left, right = min(c.left for row in run for c in row.cells), columns[-1][1]
    placed = [(row, _place(row, columns)) for row in run]
    for group in _groups([(row, cells) for row, cells in placed if any(cells)]):
        parts = [row for row, _ in group]
        cells = [
            " ".join(filter(None, texts)) for texts in zip(*(c for _, c in group), strict=True)
        ]
        bottom, top = min(row.bottom for row in parts), max(row.top for row in parts)
        yield Fragment(
            join_cells(cells), left, bottom, right, top, parts[0].cells[0].size, is_row=True
        )


def _groups(table: Sequence[_Placed]) -> list[list[_Placed]]:
    """The lines of each row: lines with some cells alone belong to the nearer whole one."""
    gaps = [inf, *(above.bottom - below.top for (above, _), (below, _) in pairwise(table)), inf]
    most = max(sum(map(bool, cells)) for _, cells in table)
    spread = min(gaps), max(gaps[1:-1], default=0.0)
    parts = [
        _is_part(line[1], most, min(gaps[at : at + 2]), spread) for at, line in enumerate(table)
    ]
    joined = set()
    for is_part, chain in groupby(range(len(table)), key=parts.__getitem__):
        if is_part:
            first, *rest = chain
            joined.update(rest)
            after = (rest[-1] if rest else first) + 1
            above = table[first - 1][1] if first else []
            # What stands below an empty cell cannot go on with it.
            is_first = any(
                more and not text for text, more in zip(above, table[first][1], strict=False)
            )
            is_nearer = gaps[after] < gaps[first] - _NEARER
            joined.add(after if is_first or is_nearer else first)
    groups: list[list[_Placed]] = []
    for at, line in enumerate(table):
        is_near = gaps[at] < _TIGHT_GAP * line[0].cells[0].size
        if at in joined and is_near:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _place(row: _Row, columns: Sequence[tuple[float, float]]) -> list[str]:
    """The text of each column of a row."""
    borders = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    cells = row.cells
    for border in borders:
        cells = [half for cell in cells for half in cut_at(cell, border, border)]
    texts = [""] * len(columns)
    for cell in cells:
        at = max(range(len(columns)), key=lambda at: _overlap(cell, columns[at]))
        texts[at] = f"{texts[at]} {cell.text.strip()}".strip()
    return texts


def _overlap(cell: Fragment, column: tuple[float, float]) -> float:
    return min(cell.right, column[1]) - max(cell.left, column[0])


def _is_part(cells: Sequence[str], most: int, gap: float, spread: tuple[float, float]) -> bool:
    """Whether a line has only further lines of cells, close to the rest of its row.

    `spread` is the least and the greatest of all distances.
    """
    count = sum(map(bool, cells))
    if count == most:
        return False
    if cells[0]:
        return count == 1 and gap < spread[0] + 1 and spread[1] > gap + 2
    return not all(re.fullmatch(r"[\d\s.,%$€£+–-]*", cell) for cell in cells)
