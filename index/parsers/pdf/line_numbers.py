"""Numbers of lines in the margin, as transcripts and statutes have them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from index.parsers.pdf.fragments import Fragment
from index.parsers.pdf.rows import rows, share_that_goes_on

_MIN_NUMBERS = 4
_MIN_SHARE = 0.5
_MIN_FLOW = 0.2
_ALIGNED = 0.6
_MAX_DIGITS = 4
_STEPS = (1, 2, 5, 10)


def drop_line_numbers(fragments: list[Fragment]) -> list[Fragment]:
    """Return the fragments of a page without the numbers of its lines.

    They stand below each other at one edge of the text and count most lines, or every fifth, of
    prose. Those of a numbered table stay.
    """
    found = rows(fragments)
    for edge in (0, -1):
        numbered = [row for row in found if _is_number(row[edge])]
        numbered = _aligned(numbered, edge)
        if len(numbered) < _MIN_NUMBERS or not _count(numbered, edge, len(found)):
            continue
        rest = [" ".join(part.text.strip() for part in row) for row in _without(numbered, edge)]
        if share_that_goes_on(rest) >= _MIN_FLOW:
            numbers = {row[edge] for row in numbered}
            return [part for part in fragments if part not in numbers]
    return fragments


def _without(numbered: Sequence[list[Fragment]], edge: int) -> list[list[Fragment]]:
    return [row[1:] if edge == 0 else row[:-1] for row in numbered]


def _is_number(part: Fragment) -> bool:
    text = part.text.strip()
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def _aligned(numbered: list[list[Fragment]], edge: int) -> list[list[Fragment]]:
    """The rows whose numbers stand below each other, at their right or left."""
    best: list[list[Fragment]] = []
    for side in ("right", "left"):
        places = [getattr(row[edge], side) for row in numbered]
        middle = median(places) if places else 0.0
        near = [
            row
            for row, place in zip(numbered, places, strict=True)
            if abs(place - middle) < _ALIGNED * row[edge].size
        ]
        best = max(best, near, key=len)
    return best


def _count(numbered: Sequence[list[Fragment]], edge: int, lines: int) -> bool:
    values = [int(row[edge].text) for row in numbered]
    steps = {after - before for before, after in pairwise(values)}
    return any(steps == {step} and len(values) * step >= _MIN_SHARE * lines for step in _STEPS)
