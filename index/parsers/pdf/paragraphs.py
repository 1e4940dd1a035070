"""Joins lines to paragraphs and headings, across columns and pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from index.parsers.pdf.fragments import Fragment
from index.parsers.pdf.joins import Joiner, cut_word
from index.parsers.pdf.rows import SENTENCE_END, joins_without_blank

_HEADING_SIZE = 1.15
_NOTE_SIZE = 0.93
_SAME_SIZE = 0.08
_SAME_PLACE = 0.15
_MAX_HEADING_CHARS = 200
_LOOSE = 1.3
_INDENT = 0.7
_ROOM = 0.35
_BULLET = re.compile(r"[•◦▪‣∙●○■□➢➤✓✔❖\uf0a7\uf0b7\uf0d8\uf0fc]")
_ITEM = re.compile(r"[-–—*]\s|(?:\(?\d{1,3}[.)]|\(?[A-Za-z][.)]|\[\d+\])\s")
_NOTE = re.compile(r"(?:\[?\d{1,3}\]?|[*†‡§¶]+|[¹²³⁴-⁹]+|[a-z])[.)]?\s?\S")
_WORD = re.compile(r"(?![a-z][A-Z])[^\W\d_]{2}")  # no mark of a note before its first word
_LEADER = re.compile(r"(?:\.\s?){5,}\s*[\divxlc]*$")
_SENTENCE = re.compile(r"(?:\S+\s+){6,}\S+[.…][\"'”’»)]*|.{20,}。", re.DOTALL)


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
    """A line with the borders of its column; the first line there opens it.

    `next_left` is where the line below begins, its own place for the last. The last line of a note
    may have one that `goes_on` overleaf.
    """

    line: Fragment
    page: int
    left: float
    right: float
    next_left: float
    opens_column: bool
    is_note: bool
    goes_on: bool = False


def read_blocks(pages: Sequence[Sequence[Sequence[Fragment]]]) -> Iterator[Block]:
    """Yield the blocks of a document in reading order, given the lines of each column of each page.

    A paragraph that goes on past the notes at the foot of a column is whole, and they follow it.
    """
    rules = _Rules([line for page in pages for column in page for line in column])
    for run in rules.runs(rules.place(pages)):
        yield rules.join(run)


class _Rules:
    """The habits of a document: size of the body text, distance of lines, words."""

    def __init__(self, lines: Sequence[Fragment]) -> None:
        sizes: Counter[float] = Counter()
        pitches: defaultdict[float, list[float]] = defaultdict(list)
        self._joiner = Joiner(line.text for line in lines)
        for line in lines:
            sizes[_step(line.size)] += len(line.text)
        for above, below in pairwise(lines):
            pitch = above.bottom - below.bottom
            if _step(above.size) == _step(below.size) and 0 < pitch < 3 * above.size:
                pitches[_step(above.size)].append(pitch)
        self._body = max(sizes, key=lambda size: sizes[size], default=0.0)
        self._pitch = {size: median(found) for size, found in pitches.items()}

    def place(self, pages: Sequence[Sequence[Sequence[Fragment]]]) -> list[_Placed]:
        placed: list[_Placed] = []
        end = None  # of the last note, which may go on
        for number, page in enumerate(pages):
            for column in page:
                left, right = min(line.left for line in column), max(line.right for line in column)
                is_open = end is not None and number - placed[end].page <= 1
                notes = self._first_note(column, is_open=is_open)
                if end is not None and notes < len(column) and is_open:
                    goes_on = bool(_WORD.match(column[notes].text))
                    placed[end] = placed[end]._replace(goes_on=goes_on)
                for at, line in enumerate(column):
                    below = column[min(at + 1, len(column) - 1)].left
                    opens = at in {0, notes}
                    placed.append(_Placed(line, number, left, right, below, opens, at >= notes))
                if notes < len(column):
                    end = None if SENTENCE_END.search(column[-1].text) else len(placed) - 1
        return placed

    def _first_note(self, column: Sequence[Fragment], *, is_open: bool) -> int:
        """The first of the small lines at the end of a column that begin with a mark.

        If a note `is_open`, the lines before the mark go on with it.
        """
        at = len(column)
        while at and column[at - 1].size < _NOTE_SIZE * self._body and not column[at - 1].is_row:
            at -= 1
        if is_open and at:
            return at
        marked = (n for n in range(at, len(column)) if _NOTE.match(column[n].text))
        return next(marked, len(column)) if at else len(column)

    def runs(self, lines: Iterable[_Placed]) -> Iterator[list[_Placed]]:
        """Yield the lines of each block; notes wait until the block above them has ended.

        One that goes on overleaf waits for the notes there, too.
        """
        run: list[_Placed] = []
        notes: list[_Placed] = []
        for placed in lines:
            if placed.is_note and run:
                notes.append(placed)
                continue
            if run and not self._goes_on(run, placed):
                yield run
                *found, last = [*self._notes(notes), []]
                if found and found[-1][-1].goes_on:
                    last = found.pop()
                yield from found
                run, notes = [], last
            run.append(placed)
        if run:
            yield run
            yield from self._notes(notes)

    def _notes(self, notes: Sequence[_Placed]) -> Iterator[list[_Placed]]:
        return self.runs([note._replace(is_note=False) for note in notes])

    def join(self, run: Sequence[_Placed]) -> Block:
        text = run[0].line.text
        breaks = []
        for before, placed in pairwise(run):
            text = self._joiner.before(text, placed.line.text)
            if placed.page != before.page:
                breaks.append((placed.page, len(text)))
            text += placed.line.text
        is_large = all(self._is_large(placed.line) for placed in run)
        is_heading = is_large and len(text) <= _MAX_HEADING_CHARS and not _SENTENCE.fullmatch(text)
        is_entry = bool(_LEADER.search(text))
        return Block(text, run[0].page, is_heading, is_entry, breaks)

    def _goes_on(self, run: Sequence[_Placed], after: _Placed) -> bool:
        before = run[-1]
        line = after.line
        if self._are_apart(before.line, line):
            return False
        if after.opens_column:
            return self._goes_on_elsewhere(before, line)
        pitch = before.line.bottom - line.bottom
        if pitch > _LOOSE * self._pitch.get(_step(line.size), 1.2 * line.size):
            return False
        if self._is_large(line):
            return True
        return not self._is_indented(run, after) and not self._was_ended(before, line)

    def _are_apart(self, before: Fragment, line: Fragment) -> bool:
        """Whether two lines are of different kinds, wherever they stand."""
        return (
            before.is_row
            or line.is_row
            or abs(before.size - line.size) > _SAME_SIZE * before.size
            or bool(_BULLET.match(line.text))
            or any(map(_LEADER.search, (line.text, before.text)))
        )

    def _goes_on_elsewhere(self, before: _Placed, line: Fragment) -> bool:
        """`_goes_on` for a line at the head of the next column or page."""
        text = before.line.text
        if self._is_large(line) or _ITEM.match(line.text):
            return False
        if line.text[0].islower() or cut_word(text):
            return True
        return not SENTENCE_END.search(text) and _room(before) < _ROOM

    def _is_indented(self, run: Sequence[_Placed], after: _Placed) -> bool:
        """Whether a line begins or ends an indent, not that of a first line or of all but it."""
        line, first = after.line, run[0].line
        step = line.left - run[-1].line.left
        if abs(step) <= _INDENT * line.size:
            return False
        if len(run) > 1:
            return True
        if step < 0 or _BULLET.match(first.text) or _ITEM.match(first.text):
            return False
        return not self._hangs(run[0], after)

    def _hangs(self, first: _Placed, after: _Placed) -> bool:
        """Whether an indented second line goes on with the first, which stands further left."""
        if self._has_room(first, after.line):
            return False
        ended = SENTENCE_END.search(first.line.text)
        stays = abs(after.next_left - after.line.left) < _SAME_PLACE * after.line.size
        return after.line.text[0].islower() or not ended or stays

    def _was_ended(self, before: _Placed, line: Fragment) -> bool:
        """Whether the line before could end a paragraph and has room for a word of `line`."""
        room = _room(before)
        if line.text[0].islower() or not (room > _ROOM or SENTENCE_END.search(before.line.text)):
            return False
        return bool(_ITEM.match(line.text)) or self._has_room(before, line)

    def _has_room(self, before: _Placed, line: Fragment) -> bool:
        """Whether the first word of `line` would have fitted at the end of the line before."""
        width = (before.line.right - before.line.left) / max(len(before.line.text), 1)
        word = 1 if joins_without_blank("一", line.text) else len(line.text.split()[0])
        return before.right - before.line.right > (word + 2) * width

    def _is_large(self, line: Fragment) -> bool:
        return line.size > _HEADING_SIZE * self._body


def _room(placed: _Placed) -> float:
    """The blank share of the column after a line, 0..1."""
    return (placed.right - placed.line.right) / max(placed.right - placed.left, 1.0)


def _step(size: float) -> float:
    return round(size * 2) / 2
