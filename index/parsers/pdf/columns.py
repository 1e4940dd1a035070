"""Reading order of a page: rows from top to bottom, columns from left to right."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from statistics import median

from index.parsers.pdf.fragments import Fragment

_MARGIN = 0.2
_MIN_GUTTER_POINTS = 6
_MAX_CROSSING = 0.4
_MIN_LINES = 4
_MIN_PROSE_CHARS = 18
_MAX_SPLITS = 3
_WORD_GAP = 0.15
_LEFT, _RIGHT, _WIDE = range(3)


def read_columns(fragments: Sequence[Fragment], splits: int = 0) -> list[list[Fragment]]:
    """Return the lines of each column, in reading order.

    Text across a gutter (a title, the caption of a wide figure) parts the columns above it from
    those below.
    """
    gutter = _gutter(fragments) if splits < _MAX_SPLITS else None
    if gutter is None:
        return [_lines(fragments)] if fragments else []
    middles = sorted(_middle(part) for part in fragments if part.left < gutter < part.right)

    def place(part: Fragment) -> tuple[int, int]:
        above = len(middles) - bisect_right(middles, _middle(part))
        if part.left < gutter < part.right:
            return above, _WIDE
        return above, _RIGHT if part.left >= gutter else _LEFT

    columns: list[list[Fragment]] = []
    wide: list[Fragment] = []
    for (_, side), group in groupby(sorted(fragments, key=place), key=place):
        if side == _WIDE:
            wide.extend(group)
            continue
        columns.extend([_lines(wide)] if wide else [])
        wide = []
        columns.extend(read_columns(list(group), splits + 1))
    return [*columns, _lines(wide)] if wide else columns


def rows(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return the fragments of each line, from top to bottom, each from left to right."""
    found: list[list[Fragment]] = []
    for part in sorted(fragments, key=_middle, reverse=True):
        if found and _share_line(found[-1][0], part):
            found[-1].append(part)
        else:
            found.append([part])
    return [sorted(row, key=lambda part: part.left) for row in found]


def _lines(fragments: Sequence[Fragment]) -> list[Fragment]:
    return [_line(row) for row in rows(fragments)]


def _line(row: list[Fragment]) -> Fragment:
    text = row[0].text
    right = row[0].right
    for part in row[1:]:
        apart = part.left - right > _WORD_GAP * part.size
        text += (" " if apart else "") + part.text
        right = part.right
    main = max(row, key=lambda part: len(part.text))
    return Fragment(
        " ".join(text.split()),
        row[0].left,
        main.bottom,
        max(part.right for part in row),
        main.top,
        main.size,
    )


def _gutter(fragments: Sequence[Fragment]) -> float | None:
    """The x of a blank strip with prose on both sides, None without one."""
    if len(fragments) < 2 * _MIN_LINES:
        return None
    left, right = min(part.left for part in fragments), max(part.right for part in fragments)
    width = int(right - left) + 1
    covered = [0] * (width + 2)
    for part in fragments:
        covered[max(int(part.left - left), 0)] += 1
        covered[min(int(part.right - left) + 1, width + 1)] -= 1
    covered = list(accumulate(covered))
    inner = range(int(width * _MARGIN), int(width * (1 - _MARGIN)))
    most = min((covered[at] for at in inner), default=0)
    if most > _MAX_CROSSING * len(fragments):
        return None
    strips = [
        list(strip) for blank, strip in groupby(inner, key=lambda at: covered[at] <= most) if blank
    ]
    strip = max(strips, key=len)
    gutter = left + (strip[0] + strip[-1]) / 2
    wide_enough = len(strip) >= _MIN_GUTTER_POINTS
    return gutter if wide_enough and _has_columns(fragments, gutter) else None


def _has_columns(fragments: Sequence[Fragment], gutter: float) -> bool:
    """Whether both sides of `gutter` are lines of prose, not the cells of a table."""
    sides = (
        _lines([part for part in fragments if part.right <= gutter]),
        _lines([part for part in fragments if part.left >= gutter]),
    )
    if any(
        len(side) < _MIN_LINES or median(len(line.text) for line in side) < _MIN_PROSE_CHARS
        for side in sides
    ):
        return False
    return min(side[0].top for side in sides) > max(side[-1].bottom for side in sides)


def _share_line(first: Fragment, other: Fragment) -> bool:
    shared = min(first.top, other.top) - max(first.bottom, other.bottom)
    return shared > min(first.height, other.height) / 2


def _middle(part: Fragment) -> float:
    return (part.top + part.bottom) / 2
