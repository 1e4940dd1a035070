"""Boxes beside the prose of a part of a page: facts in a frame, notes in the margin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, groupby, pairwise
from statistics import median
from typing import NamedTuple

from index.parsers.pdf.fragments import Fragment
from index.parsers.pdf.rows import join_row, length, rows, share_that_goes_on

_MIN_GUTTER_POINTS = 6
_MIN_BOX_ROWS, _MIN_PROSE_ROWS = 3, 4
_MIN_PROSE_CHARS, _MIN_BOX_CHARS = 18, 2
_EDGE = 0.15
_MIN_GOING_ON = 0.4
_MAX_ALIGNED = 0.75
_BESIDE = 0.2
_STEP = 3
_MAX_PLACES = 4

Half = Sequence[Sequence[Fragment]]
"""The rows on one side of a blank strip."""


class Boxed(NamedTuple):
    """The parts of a page with a box: what is above and below it, the prose beside it, and it."""

    above: list[Fragment]
    prose: list[Fragment]
    box: list[Fragment]
    below: list[Fragment]


def find_box(fragments: Sequence[Fragment]) -> Boxed | None:
    """Return the parts of a page on which a box stands beside some lines of prose, else None.

    The lines of a table stand beside each other; those of a box have another distance.
    """
    lines = rows(fragments)
    for place in _places(lines):
        runs = groupby(range(len(lines)), key=lambda at: _is_blank_at(lines[at], place))
        for band in (list(run) for is_blank, run in runs if is_blank):
            for is_left in (True, False):
                if (found := _read_band(lines, band, place, is_left)) is not None:
                    return found
    return None


def _read_band(lines: Half, band: Sequence[int], place: int, is_left: bool) -> Boxed | None:
    """The parts of a page if the lines of a band are prose, on the left or right, and a box."""

    def is_prose(part: Fragment) -> bool:
        return (part.left < place) == is_left

    with_prose = [at for at in band if any(map(is_prose, lines[at]))]
    if not with_prose:
        return None
    first, last = with_prose[0], with_prose[-1] + 1
    parts = list(chain.from_iterable(lines[first:last]))
    around = [*lines[max(first - 1, 0) : first], *lines[last : last + 1]]
    prose = [part for part in parts if is_prose(part)]
    box = [part for part in parts if not is_prose(part)]
    if not any(_is_across(line, parts, place) for line in around) or not _is_beside(
        rows(prose), rows(box)
    ):
        return None
    above, below = lines[:first], lines[last:]
    return Boxed(list(chain.from_iterable(above)), prose, box, list(chain.from_iterable(below)))


def share_aligned(half: Half, other: Half) -> float:
    """Return the share of rows of the half with fewer that have one beside them, 0..1."""
    few, many = sorted((half, other), key=len)
    middles = [row[0].middle for row in many]

    def is_beside(row: Sequence[Fragment]) -> bool:
        return any(abs(middle - row[0].middle) < _BESIDE * row[0].height for middle in middles)

    return sum(map(is_beside, few)) / max(len(few), 1)


def _places(lines: Half) -> list[int]:
    """Where text begins behind a blank in several lines, the most frequent first."""
    begins: Counter[int] = Counter()
    for line in lines:
        for before, part in pairwise(line):
            if part.left - before.right >= _MIN_GUTTER_POINTS:
                begins[int(part.left) // _STEP] += 1
    return [at * _STEP for at, count in begins.most_common(_MAX_PLACES) if count > 1]


def _is_blank_at(line: Sequence[Fragment], place: int) -> bool:
    edge = place - _MIN_GUTTER_POINTS / 2
    return not any(part.left < edge < part.right for part in line)


def _is_across(line: Sequence[Fragment], parts: Sequence[Fragment], place: int) -> bool:
    """Whether a line above or below is of the prose that runs around the box."""
    left, right = min(part.left for part in parts), max(part.right for part in parts)
    width = right - left
    return any(
        part.left < place < part.right
        and part.left < left + _EDGE * width
        and part.right > right - _EDGE * width
        and length(part.text) >= 2 * _MIN_PROSE_CHARS
        for part in line
    )


def _is_beside(prose: Half, box: Half) -> bool:
    if len(prose) < _MIN_PROSE_ROWS or len(box) < _MIN_BOX_ROWS:
        return False
    texts = [join_row(row).text for row in prose]
    words = (sum(map(str.isalnum, join_row(row).text)) for row in box)
    return (
        not any(row[0].is_row for row in prose)
        and min(words) >= _MIN_BOX_CHARS  # no bullets
        and median(map(length, texts)) >= _MIN_PROSE_CHARS
        and share_that_goes_on(texts) >= _MIN_GOING_ON
        and share_aligned(prose, box) <= _MAX_ALIGNED
    )
