"""Fragments of a PDF page, as PDFium has them: characters on one line, with their place."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from operator import itemgetter
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.errors import DocumentError

MAX_PAGE_CHARS = 200_000
"""A page with more is no page of text, and takes minutes."""

_LINE_ENDS = frozenset({0, 10, 13})
_SPACES = frozenset({9, 32, 160})
_HYPHENS = {0xFFFE: "-", 0x02: "-"}  # as PDFium marks a hyphen at the end of a line
_LIGATURES = {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0xFB00, 0xFDFF), (0xFE70, 0xFEFC))
    for code in range(first, last + 1)
}
_MAX_CODE = 0x10FFFF
_MAX_POINTS = 20_000  # farther out than any page reaches
_MAX_TILT = 0.1
_SAME_LINE = 0.3
_SAME_SIZE = 0.12
_RAISED = 0.2
_MAX_GAP = 1.0
_WIDE_BLANK = 0.6
_RIGHT_TO_LEFT = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF), (0x10800, 0x10FFF))

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points on the page as it is read; y grows upwards."""


class Fragment(NamedTuple):
    """Text on one line; sizes and places in points.

    Attributes:
        gaps: the wider blanks inside: offset in `text` of what follows, left and right of each.
        is_row: whether this is a row of a table, with bars between its cells.
        is_mapped: whether the font says which letters its glyphs are.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    gaps: tuple[tuple[int, float, float], ...] = ()
    is_row: bool = False
    is_mapped: bool = True

    @property
    def height(self) -> float:
        """Height of the line box, at least one point."""
        return max(self.top - self.bottom, 1.0)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def read_fragments(name: str, number: int, page: pdfium.PdfPage) -> list[Fragment]:
    """Return the fragments of a page in the order of its content stream.

    Text askew or upside down (watermarks, labels of an axis) is left out; a page with most of its
    text turned to one side is read from that side.

    Raises:
        DocumentError: more than MAX_PAGE_CHARS characters.
    """
    turn = page.get_rotation()
    with closing(page.get_textpage()) as textpage:
        count = textpage.count_chars()
        if count > MAX_PAGE_CHARS:
            raise DocumentError(
                name,
                f"page {number} has {count:,} characters, {MAX_PAGE_CHARS:,} is the limit; "
                "leave the page out",
            )
        reader = _Reader(textpage.raw, upright_map(page, turn), math.radians(turn))
        found = reader.read(count)
        sideways, skipped = max(reader.skipped.items(), key=itemgetter(1), default=(turn, 0))
        if skipped <= sum(len(part.text) for part in found):
            return found
        return _Reader(textpage.raw, upright_map(page, sideways), math.radians(sideways)).read(
            count
        )


def upright_map(page: pdfium.PdfPage, turn: int) -> Callable[[Box], Box]:
    """Return the map from coordinates of a page to those of it turned by so many degrees."""
    width, height = page.get_size()
    if (turn - page.get_rotation()) % 180:
        width, height = height, width
    if turn == 90:
        return lambda box: (box[1], height - box[2], box[3], height - box[0])
    if turn == 180:
        return lambda box: (width - box[2], height - box[3], width - box[0], height - box[1])
    if turn == 270:
        return lambda box: (width - box[3], box[0], width - box[1], box[2])
    return lambda box: box


def cut_at(part: Fragment, left: float, right: float) -> list[Fragment]:
    """Return the halves of a fragment that is blank from `left` to `right`, else the fragment."""
    for at, start, end in part.gaps:
        if start <= left and right <= end:
            before = tuple(gap for gap in part.gaps if gap[0] < at)
            after = tuple((gap[0] - at, *gap[1:]) for gap in part.gaps if gap[0] > at)
            return [
                part._replace(text=part.text[:at], right=start, gaps=before),
                part._replace(text=part.text[at:], left=end, gaps=after),
            ]
    return [part]


def is_right_to_left(char: str) -> bool:
    code = ord(char)
    return code > 0x058F and any(first <= code <= last for first, last in _RIGHT_TO_LEFT)


class _Reader:
    def __init__(self, textpage: object, upright: Callable[[Box], Box], turn: float) -> None:
        self._page = textpage
        self._upright = upright
        self._turn = turn
        self.skipped: Counter[int] = Counter()  # characters askew, by quarter turns
        self._found: list[Fragment] = []
        self._chars: list[str] = []
        self._gaps: list[tuple[int, float, float]] = []
        self._box: Box = (0, 0, 0, 0)
        self._last: Box = (0, 0, 0, 0)
        self._size = 0.0
        self._is_mapped = True
        self._backwards = False

    def read(self, count: int) -> list[Fragment]:
        rect = raw.FS_RECTF()
        place = ctypes.byref(rect)
        unicode, loose_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
        blank = False
        for at in range(count):
            code = unicode(self._page, at)
            if code in _LINE_ENDS:
                self._flush()
                blank = False
            elif code in _SPACES:
                blank = True
            elif code <= _MAX_CODE and loose_box(self._page, at, place):
                box = self._upright((rect.left, rect.bottom, rect.right, rect.top))
                if min(box) > -_MAX_POINTS and max(box) < _MAX_POINTS:
                    self._add(at, _HYPHENS.get(code) or chr(code), box, blank)
                    blank = False
        self._flush()
        return self._found

    def _add(self, at: int, char: str, box: Box, blank: bool) -> None:
        backwards = is_right_to_left(char)
        if self._chars and (
            _parts(self._last, box, backwards or self._backwards) or self._is_resized(at, box)
        ):
            self._flush()
        if not self._chars:
            if not self._is_level(at):
                tilt = -math.degrees(raw.FPDFText_GetCharAngle(self._page, at)) % 360
                self.skipped[round(tilt / 90) * 90 % 360] += 1
                return
            self._size = self._font_size(at) or box[3] - box[1]
            self._is_mapped = raw.FPDFText_HasUnicodeMapError(self._page, at) != 1
            self._box = box
            if blank:
                self._chars.append(" ")
        elif blank:
            self._chars.append(" ")
            if box[0] - self._last[2] > _WIDE_BLANK * self._size:
                self._gaps.append((len(self._chars), self._last[2], box[0]))
        self._chars.append(char)
        left, bottom, right, top = self._box
        self._box = (min(left, box[0]), min(bottom, box[1]), max(right, box[2]), max(top, box[3]))
        self._last = box
        self._backwards = backwards

    def _flush(self) -> None:
        text = "".join(self._chars)
        if not text.isascii():
            # Characters past the basic plane come as two halves.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
            text = text.translate(_LIGATURES)
        if text.strip():
            gaps = () if len(text) != len(self._chars) else tuple(self._gaps)
            self._found.append(
                Fragment(text, *self._box, self._size, gaps, is_mapped=self._is_mapped)
            )
        self._chars.clear()
        self._gaps.clear()

    def _is_level(self, at: int) -> bool:
        tilt = raw.FPDFText_GetCharAngle(self._page, at)
        return any(
            abs(math.remainder(tilt - turn, math.tau)) < _MAX_TILT
            for turn in (self._turn, -self._turn)
        )

    def _is_resized(self, at: int, box: Box) -> bool:
        """Whether a character is larger, smaller, higher or lower than the one before."""
        last, height = self._last[3] - self._last[1], box[3] - box[1]
        if abs(last - height) <= _SAME_SIZE * max(last, height):
            return abs(box[1] - self._last[1]) > _RAISED * height
        size = self._font_size(at)
        return size > 0 and abs(size - self._size) > _SAME_SIZE * max(size, self._size)

    def _font_size(self, at: int) -> float:
        matrix = raw.FS_MATRIX()
        if not raw.FPDFText_GetMatrix(self._page, at, ctypes.byref(matrix)):
            return 0.0
        return float(raw.FPDFText_GetFontSize(self._page, at) * math.hypot(matrix.c, matrix.d))


def _parts(before: Box, after: Box, backwards: bool) -> bool:
    """Whether successive characters belong to different lines, columns or cells."""
    tall, low = before[3] - before[1], after[3] - after[1]
    height = max(min(tall, low), 1.0)
    gap = after[0] - before[2]
    if backwards and gap < 0:
        gap = max(before[0] - after[2], 0.0)
    return (
        min(before[3], after[3]) - max(before[1], after[1]) < _SAME_LINE * height
        or (not backwards and after[0] < before[2] - height)
        or gap > _MAX_GAP * height
    )
