"""Joins lines to paragraphs and headings, across columns and pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from index.parsers.pdf.fragments import Fragment

_HEADING_SIZE = 1.15
_SAME_SIZE = 0.08
_MAX_HEADING_CHARS = 200
_LOOSE = 1.3
_INDENT = 0.7
_ROOM = 0.35
_BULLET = re.compile(r"[•◦▪‣∙●○■□]")
_ITEM = re.compile(r"[-–—*]\s|(?:\(?\d{1,3}[.)]|\(?[A-Za-z][.)]|\[\d+\])\s")
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_CUT_WORD = re.compile(r"(\w[\w-]*)[-\u2010]$|(\w+)\u00ad$")
_LEADER = re.compile(r"(?:\.\s?){5,}\s*[\divxlc]*$")
_FIRST_WORD = re.compile(r"\w+")


class Block(NamedTuple):
    """A paragraph or a heading that begins on `page`, counted from 0.

    One with `is_entry` is in a table of contents, with dots before the page number. `breaks` are
    (page, offset in `text`) of each further page.
    """

    text: str
    page: int
    is_heading: bool
    is_entry: bool
    breaks: list[tuple[int, int]]


class _Placed(NamedTuple):
    """A line with the borders of its column; the first line there opens it."""

    line: Fragment
    page: int
    left: float
    right: float
    opens_column: bool


def read_blocks(pages: Sequence[Sequence[Sequence[Fragment]]]) -> Iterator[Block]:
    """Yield the blocks of a document in reading order, given the lines of each column of each page.

    A word cut at a line end is joined, unless the document spells it with the hyphen elsewhere.
    """
    lines: list[_Placed] = []
    for number, page in enumerate(pages):
        for column in page:
            left, right = min(line.left for line in column), max(line.right for line in column)
            lines += (_Placed(one, number, left, right, at == 0) for at, one in enumerate(column))
    rules = _Rules([placed.line for placed in lines])
    for run in rules.runs(lines):
        yield rules.join(run)


class _Rules:
    """The habits of a document: size of the body text, distance of lines, words."""

    def __init__(self, lines: Sequence[Fragment]) -> None:
        sizes: Counter[float] = Counter()
        pitches: defaultdict[float, list[float]] = defaultdict(list)
        self._words: set[str] = set()
        for line in lines:
            sizes[_step(line.size)] += len(line.text)
            self._words.update(re.findall(r"\w+(?:-\w+)*", line.text))
        for above, below in pairwise(lines):
            pitch = above.bottom - below.bottom
            if _step(above.size) == _step(below.size) and 0 < pitch < 3 * above.size:
                pitches[_step(above.size)].append(pitch)
        self._body = max(sizes, key=lambda size: sizes[size], default=0.0)
        self._pitch = {size: median(found) for size, found in pitches.items()}

    def runs(self, lines: Sequence[_Placed]) -> Iterator[list[_Placed]]:
        run: list[_Placed] = []
        for placed in lines:
            if run and not self._goes_on(run, placed):
                yield run
                run = []
            run.append(placed)
        if run:
            yield run

    def join(self, run: Sequence[_Placed]) -> Block:
        text = run[0].line.text
        breaks = []
        for before, placed in pairwise(run):
            text = self._before(text, placed.line.text)
            if placed.page != before.page:
                breaks.append((placed.page, len(text)))
            text += placed.line.text
        is_large = all(self._is_large(placed.line) for placed in run)
        is_heading = is_large and len(text) <= _MAX_HEADING_CHARS
        return Block(text, run[0].page, is_heading, bool(_LEADER.search(text)), breaks)

    def _before(self, text: str, following: str) -> str:
        """`text` ready for the next line: with a blank, or without the hyphen of its end."""
        cut = _CUT_WORD.search(text)
        rest = _FIRST_WORD.match(following)
        if not cut or not rest:
            return f"{text} "
        if cut[2]:
            return text[:-1]
        head, tail = cut[1], rest[0]
        spelt = f"{head}-{tail}" in self._words and head + tail not in self._words
        whole = head.isalpha() and head[-1].islower() and tail[0].islower() and not spelt
        return text[:-1] if whole else text

    def _goes_on(self, run: Sequence[_Placed], after: _Placed) -> bool:
        before = run[-1]
        line = after.line
        if abs(before.line.size - line.size) > _SAME_SIZE * before.line.size:
            return False
        if _BULLET.match(line.text) or any(map(_LEADER.search, (line.text, before.line.text))):
            return False
        if after.opens_column:
            return self._goes_on_elsewhere(before, line)
        pitch = before.line.bottom - line.bottom
        if pitch > _LOOSE * self._pitch.get(_step(line.size), 1.2 * line.size):
            return False
        if self._is_large(line):
            return True
        return not self._is_indented(run, line) and not self._was_ended(before, line)

    def _goes_on_elsewhere(self, before: _Placed, line: Fragment) -> bool:
        """`_goes_on` for a line at the head of the next column or page."""
        text = before.line.text
        if self._is_large(line) or _ITEM.match(line.text):
            return False
        if line.text[0].islower() or _CUT_WORD.search(text):
            return True
        return not _ENDS.search(text) and _room(before) < _ROOM

    def _is_indented(self, run: Sequence[_Placed], line: Fragment) -> bool:
        """Whether `line` begins or ends an indent, other than that of a first line."""
        step = line.left - run[-1].line.left
        if abs(step) <= _INDENT * line.size:
            return False
        if len(run) > 1:
            return True
        return step > 0 and not (_BULLET.match(run[0].line.text) or _ITEM.match(run[0].line.text))

    def _was_ended(self, before: _Placed, line: Fragment) -> bool:
        """Whether the line before could end a paragraph and has room for a word of `line`."""
        room = _room(before)
        if line.text[0].islower() or not (room > _ROOM or _ENDS.search(before.line.text)):
            return False
        width = (before.line.right - before.line.left) / max(len(before.line.text), 1)
        needed = (len(line.text.split()[0]) + 2) * width
        return bool(_ITEM.match(line.text)) or room * (before.right - before.left) > needed

    def _is_large(self, line: Fragment) -> bool:
        return line.size > _HEADING_SIZE * self._body


def _room(placed: _Placed) -> float:
    """The blank share of the column after a line, 0..1."""
    return (placed.right - placed.line.right) / max(placed.right - placed.left, 1.0)


def _step(size: float) -> float:
    return round(size * 2) / 2
