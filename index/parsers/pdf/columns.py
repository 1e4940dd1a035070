"""Reading order of a page: rows from top to bottom, columns from left to right."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from statistics import median

from index.parsers.pdf.boxes import Boxed, Half, find_box, share_aligned
from index.parsers.pdf.fragments import Fragment, cut_at
from index.parsers.pdf.rows import SENTENCE_END, is_backwards, join_row, length, rows
from index.parsers.pdf.tables import join_table_rows

_MARGIN = 0.2
_MIN_GUTTER_POINTS = 6
_MAX_CROSSING = 0.4
_STICKING_OUT = 0.1
_MIN_LINES = 4
_MIN_PROSE_CHARS = 18
_MAX_SPLITS = 3
_MIN_ALIGNED = 0.75
_CELL_GAP = 1.2
_LEFT, _RIGHT, _WIDE = range(3)


def read_columns(fragments: Sequence[Fragment], splits: int = 0) -> list[list[Fragment]]:
    """Return the lines of each column, in reading order.

    Text across a gutter (a title, the caption of a wide figure) parts the columns above it from
    those below.
    """
    blank = _gutter(fragments) if splits < _MAX_SPLITS else None
    if blank is None:
        boxed = find_box(fragments) if splits < _MAX_SPLITS else None
        if boxed is not None:
            return _around(boxed, splits)
        return [_lines(join_table_rows(fragments))] if fragments else []
    gutter = sum(blank) / 2
    fragments = [half for part in fragments for half in cut_at(part, *blank)]
    first, second = (_RIGHT, _LEFT) if is_backwards(fragments) else (_LEFT, _RIGHT)
    middles = sorted(part.middle for part in fragments if part.left < gutter < part.right)

    def place(part: Fragment) -> tuple[int, int]:
        above = len(middles) - bisect_right(middles, part.middle)
        if part.left < gutter < part.right:
            return above, _WIDE
        return above, second if part.left >= gutter else first

    columns: list[list[Fragment]] = []
    wide: list[Fragment] = []
    for (_, side), group in groupby(sorted(fragments, key=place), key=place):
        if side == _WIDE:
            wide.extend(group)
            continue
        columns.extend([_lines(join_table_rows(wide))] if wide else [])
        wide = []
        columns.extend(read_columns(list(group), splits + 1))
    return [*columns, _lines(join_table_rows(wide))] if wide else columns


def _around(boxed: Boxed, splits: int) -> list[list[Fragment]]:
    """The columns of a page with a box, which stands where it parts no sentence."""
    above, prose, box, below = (read_columns(part, splits + 1) for part in boxed)
    columns = [*above, *prose, *below]
    places = (len(above) + len(prose), len(above))
    ended = (at for at in places if at and SENTENCE_END.search(columns[at - 1][-1].text))
    at = next(ended, 0)
    return [*columns[:at], *box, *columns[at:]]


def _lines(fragments: Sequence[Fragment]) -> list[Fragment]:
    return [join_row(row) for row in rows(fragments)]


def _gutter(fragments: Sequence[Fragment]) -> tuple[float, float] | None:
    """The left and right of a blank strip with prose on both sides, None without one."""
    if len(fragments) < 2 * _MIN_LINES:
        return None
    left, right = min(part.left for part in fragments), max(part.right for part in fragments)
    width = int(right - left) + 1
    covered = [0] * (width + 2)
    for part in fragments:
        edges = [part.left, *(x for gap in part.gaps for x in gap[1:]), part.right]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            covered[max(int(start - left), 0)] += 1
            covered[min(int(end - left) + 1, width + 1)] -= 1
    covered = list(accumulate(covered))
    inner = range(int(width * _MARGIN), int(width * (1 - _MARGIN)))
    most = min((covered[at] for at in inner), default=0)
    if most > _MAX_CROSSING * len(fragments):
        return None
    strip = _widest(inner, covered, most + int(_STICKING_OUT * len(fragments)))
    if len(strip) < _MIN_GUTTER_POINTS:
        return None
    blank = _widest(strip, covered, min(covered[at] for at in strip))
    gutter = left + blank[0], left + blank[-1]
    return gutter if _has_columns(fragments, *gutter) else None


def _widest(places: Sequence[int], covered: Sequence[int], most: int) -> list[int]:
    """The longest run of places that at most so many fragments cover."""
    runs = groupby(places, key=lambda at: covered[at] <= most)
    return max((list(run) for is_blank, run in runs if is_blank), key=len, default=[])


def _has_columns(fragments: Sequence[Fragment], left: float, right: float) -> bool:
    """Whether both sides of a gutter are lines of prose, not the cells of a table."""
    parts = [half for part in fragments for half in cut_at(part, left, right)]
    middle = (left + right) / 2
    halves = (
        rows([part for part in parts if part.right <= middle]),
        rows([part for part in parts if part.left >= middle]),
    )
    if any(map(_is_of_cells, halves)) and share_aligned(*halves) > _MIN_ALIGNED:
        return False
    sides = [[join_row(row) for row in half] for half in halves]
    if any(
        len(side) < _MIN_LINES or median(length(line.text) for line in side) < _MIN_PROSE_CHARS
        for side in sides
    ):
        return False
    return min(side[0].top for side in sides) > max(side[-1].bottom for side in sides)


def _is_of_cells(half: Half) -> bool:
    """Whether most rows are cells: several with blanks between them, or figures."""

    def has_cells(row: Sequence[Fragment]) -> bool:
        edges = [(one.right, other.left) for one, other in pairwise(row)]
        edges += [gap[1:] for part in row for gap in part.gaps]
        text = "".join(part.text for part in row)
        letters = sum(map(str.isalpha, text))
        is_split = any(end - start > _CELL_GAP * row[0].height for start, end in edges)
        return is_split or letters * 2 < len(text) or row[0].is_row

    return sum(map(has_cells, half)) * 2 > len(half)
