"""Removes running heads, running feet and page numbers, which recur on page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from index.parsers.pdf.fragments import Fragment
from index.parsers.pdf.rows import rows, share_that_goes_on

_MAX_ROWS = 3
_SET_OFF = 1.4
_Y_STEP = 4
_FEW_PAGES = 3
_NEAR = (-1, 0, 1)
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
_SENTENCE = re.compile(r"(?:\S+\s+){4,}\S+[.!?…][\"”’»)]*")


class _Row(NamedTuple):
    """A row at the edge of a page: its words without numbers, and its height on the page."""

    words: str
    step: int
    parts: frozenset[Fragment]
    text: str
    set_off: bool


def drop_margins(pages: Sequence[list[Fragment]]) -> list[list[Fragment]]:
    """Return the pages without their running heads and feet.

    Such a row stands at the edge of its page and has the same words in the same place on three
    pages (two pages of a document of three). Numbers in it may differ if it is set off from the
    text or is nothing but a number. A row that is the page number counts at once, and so does any
    row set off in the place where most pages have a running one.
    """
    edges = [_edge_rows(page) for page in pages]
    seen = Counter((row.words, row.step) for page in edges for row in page)
    enough = 2 if len(pages) <= _FEW_PAGES else 3
    common = [
        {row for row in page if sum(seen[row.words, row.step + near] for near in _NEAR) >= enough}
        for page in edges
    ]
    places = Counter(row.step for page in common for row in page)
    kept = []
    for number, (page, candidates) in enumerate(zip(pages, edges, strict=True), start=1):
        running = {
            part
            for row in candidates
            if row in common[number - 1]
            or row.text == str(number)
            or (row.set_off and sum(places[row.step + near] for near in _NEAR) * 2 > len(pages) > 2)
            for part in row.parts
        }
        kept.append([part for part in page if part not in running])
    return kept


def _edge_rows(page: list[Fragment]) -> list[_Row]:
    found = rows(page)
    if not found:
        return []
    baselines = [row[0].bottom for row in found]
    pitches = [above - below for above, below in pairwise(baselines)]
    pitch = median(pitches) if pitches else 0.0
    texts = [_text(row) for row in found]
    edges: dict[int, bool] = {}
    for order in (range(len(found)), range(len(found) - 1, -1, -1)):
        edges.setdefault(order[0], False)
        for count, at in enumerate(order[:_MAX_ROWS], start=1):
            gap = min(at, at + order.step) if 0 <= at + order.step < len(found) else None
            if gap is None or pitches[gap] > _SET_OFF * pitch:
                edges.update(dict.fromkeys(order[:count], True))
                break
    return [
        _row(found[at], set_off=set_off)
        for at, set_off in edges.items()
        if set_off or not share_that_goes_on(texts[max(at - 1, 0) : at + 2])
    ]


def _text(parts: Sequence[Fragment]) -> str:
    return " ".join(part.text.strip() for part in parts)


def _row(parts: list[Fragment], *, set_off: bool) -> _Row:
    text = _text(parts)
    # Heads that differ in a number alone are the same; sentences are not.
    is_head = set_off and not _SENTENCE.fullmatch(text)
    is_number = _NUMBER.fullmatch(text.casefold())
    words = _NUMBER.sub("#", text.casefold()) if is_head or is_number else text
    return _Row(words, round(parts[0].bottom / _Y_STEP), frozenset(parts), text, set_off)
