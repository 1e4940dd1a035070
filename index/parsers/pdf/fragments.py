"""Fragments of a PDF page, as PDFium has them: characters on one line, with their place."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from contextlib import closing
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.errors import DocumentError

MAX_PAGE_CHARS = 200_000
"""A page with more is no page of text, and takes minutes."""

_LINE_ENDS = frozenset({0, 10, 13})
_SPACES = frozenset({9, 32, 160})
_HYPHENS = {0xFFFE: "-", 0x02: "-"}  # as PDFium marks a hyphen at the end of a line
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_MAX_CODE = 0x10FFFF
_MAX_POINTS = 20_000  # farther out than any page reaches
_MAX_TILT = 0.1
_SAME_LINE = 0.3
_MAX_GAP = 1.0

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points on the page as it is read; y grows upwards."""


class Fragment(NamedTuple):
    """Text on one line; sizes and places in points."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float

    @property
    def height(self) -> float:
        """Height of the line box, at least one point."""
        return max(self.top - self.bottom, 1.0)


def read_fragments(name: str, number: int, page: pdfium.PdfPage) -> list[Fragment]:
    """Return the fragments of a page in the order of its content stream.

    Text askew or upside down (watermarks, labels of an axis) is left out.

    Raises:
        DocumentError: more than MAX_PAGE_CHARS characters.
    """
    turn = page.get_rotation()
    upright = _upright(turn, *page.get_size())
    with closing(page.get_textpage()) as textpage:
        count = textpage.count_chars()
        if count > MAX_PAGE_CHARS:
            raise DocumentError(
                name,
                f"page {number} has {count:,} characters, {MAX_PAGE_CHARS:,} is the limit; "
                "leave the page out",
            )
        return _Reader(textpage.raw, upright, math.radians(turn)).read(count)


class _Reader:
    def __init__(self, textpage: object, upright: Callable[[Box], Box], turn: float) -> None:
        self._page = textpage
        self._upright = upright
        self._turn = turn
        self._found: list[Fragment] = []
        self._chars: list[str] = []
        self._box: Box = (0, 0, 0, 0)
        self._last: Box = (0, 0, 0, 0)
        self._size = 0.0

    def read(self, count: int) -> list[Fragment]:
        rect = raw.FS_RECTF()
        for at in range(count):
            code = raw.FPDFText_GetUnicode(self._page, at)
            if code in _LINE_ENDS:
                self._flush()
            elif code in _SPACES:
                if self._chars:
                    self._chars.append(" ")
            elif code <= _MAX_CODE and raw.FPDFText_GetLooseCharBox(self._page, at, rect):
                box = self._upright((rect.left, rect.bottom, rect.right, rect.top))
                if min(box) > -_MAX_POINTS and max(box) < _MAX_POINTS:
                    self._add(at, _HYPHENS.get(code) or chr(code), box)
        self._flush()
        return self._found

    def _add(self, at: int, char: str, box: Box) -> None:
        if self._chars and _parts(self._last, box):
            self._flush()
        if not self._chars:
            if not self._is_level(at):
                return
            self._size = self._font_size(at) or box[3] - box[1]
            self._box = box
        self._chars.append(char)
        left, bottom, right, top = self._box
        self._box = (min(left, box[0]), min(bottom, box[1]), max(right, box[2]), max(top, box[3]))
        self._last = box

    def _flush(self) -> None:
        text = "".join(self._chars)
        # Characters past the basic plane come as two halves.
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        if whole.strip():
            self._found.append(Fragment(whole.translate(_LIGATURES), *self._box, self._size))
        self._chars.clear()

    def _is_level(self, at: int) -> bool:
        tilt = raw.FPDFText_GetCharAngle(self._page, at)
        return any(
            abs(math.remainder(tilt - turn, math.tau)) < _MAX_TILT
            for turn in (self._turn, -self._turn)
        )

    def _font_size(self, at: int) -> float:
        matrix = raw.FS_MATRIX()
        if not raw.FPDFText_GetMatrix(self._page, at, ctypes.byref(matrix)):
            return 0.0
        return float(raw.FPDFText_GetFontSize(self._page, at) * math.hypot(matrix.c, matrix.d))


def _parts(before: Box, after: Box) -> bool:
    """Whether successive characters belong to different lines, columns or cells."""
    height = max(min(before[3] - before[1], after[3] - after[1]), 1.0)
    return (
        min(before[3], after[3]) - max(before[1], after[1]) < _SAME_LINE * height
        or after[0] < before[2] - height
        or after[0] - before[2] > _MAX_GAP * height
    )


def _upright(turn: int, width: float, height: float) -> Callable[[Box], Box]:
    """The map from coordinates of a page to those of it turned clockwise by `turn` degrees."""
    if turn == 90:
        return lambda box: (box[1], height - box[2], box[3], height - box[0])
    if turn == 180:
        return lambda box: (width - box[2], height - box[3], width - box[0], height - box[1])
    if turn == 270:
        return lambda box: (width - box[3], box[0], width - box[1], box[2])
    return lambda box: box
