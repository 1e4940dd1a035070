"""Numbers of lines in the margin, as transcripts, statutes and patents have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from index.parsers.pdf.fragments import Fragment
from index.parsers.pdf.rows import rows, share_that_goes_on

_MIN_NUMBERS = 3
_MIN_SHARE = 0.5
_MIN_LINES = 4
_MIN_FLOW = 0.2
_MAX_DIGITS = 4
_STEPS = (1, 2, 5, 10)
_STEPS_IN_GUTTER = (5, 10)


def drop_line_numbers(fragments: list[Fragment]) -> list[Fragment]:
    """Return the fragments of a page without the numbers of its lines.

    They stand below each other and count most lines, or every fifth, of prose: at one edge of it,
    or every fifth between two columns. Those of a numbered table stay.
    """
    numbers = [part for part in fragments if _is_number(part)]
    if len(numbers) < _MIN_NUMBERS:
        return fragments
    found = rows(fragments)
    edges = {row[edge] for row in found for edge in (0, -1)}
    for column in _columns(numbers):
        steps = _STEPS if all(part in edges for part in column) else _STEPS_IN_GUTTER
        dropped = set(column)
        if _count(column, steps, len(found)):
            texts = (
                " ".join(part.text.strip() for part in row if part not in dropped) for row in found
            )
            if share_that_goes_on([text for text in texts if text]) >= _MIN_FLOW:
                return [part for part in fragments if part not in dropped]
    return fragments


def _is_number(part: Fragment) -> bool:
    text = part.text.strip()
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def _columns(numbers: Sequence[Fragment]) -> list[list[Fragment]]:
    """The numbers that stand below each other, from the top; the longest columns come first."""
    columns: defaultdict[tuple[str, int], list[Fragment]] = defaultdict(list)
    for part in sorted(numbers, key=lambda part: part.middle, reverse=True):
        columns["right", round(part.right)].append(part)
        columns["left", round(part.left)].append(part)
    return sorted(columns.values(), key=len, reverse=True)


def _count(column: Sequence[Fragment], steps: Sequence[int], lines: int) -> bool:
    values = [int(part.text) for part in column]
    found = {after - before for before, after in pairwise(values)}
    covered = max(_MIN_SHARE * lines, _MIN_LINES)
    return len(values) >= _MIN_NUMBERS and any(
        found == {step} and len(values) * step >= covered for step in steps
    )
