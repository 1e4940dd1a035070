"""Draws a page of a PDF with a text boxed.

`python -m bot.web.pictures.drawing FILE PAGE < TEXT > PNG`
"""

from __future__ import annotations

import ctypes
import io
import resource
import sys
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pypdfium2 import raw
from rapidfuzz import fuzz

WIDTH_PIXELS = 1000
MAX_HEIGHT_PIXELS = 4000
MAX_MEMORY = 1_000_000_000
MAX_CPU_S = 15
MIN_ALIKE = 60.0
"""Of 100: a quote may end on the next page, and a column or a hyphen may come between."""
FILL, EDGE = (255, 205, 40, 90), (190, 130, 0, 255)
MARGIN = 2

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels from the upper left corner."""


def draw(file: str, number: int, text: str) -> bytes:
    """Return a page as PNG, with a box around each line of the text that is found on it."""
    page = pdfium.PdfDocument(file)[number - 1]
    scale = min(WIDTH_PIXELS / page.get_width(), MAX_HEIGHT_PIXELS / page.get_height())
    image = page.render(scale=scale).to_pil().convert("RGBA")
    shade = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(shade)
    for left, top, right, bottom in lines_of(page, text, image.size):
        box = (left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
        pen.rectangle(box, fill=FILL, outline=EDGE, width=2)
    drawn = io.BytesIO()
    Image.alpha_composite(image, shade).convert("RGB").save(drawn, "PNG")
    return drawn.getvalue()


def lines_of(page: pdfium.PdfPage, text: str, size: tuple[int, int]) -> list[Box]:
    """Return the boxes of a text on a page, one for each line, "" has none."""
    on_page = page.get_textpage()
    characters = [
        (folded, at)
        for at in range(on_page.count_chars())
        for folded in fold(chr(raw.FPDFText_GetUnicode(on_page, at)))
    ]
    lines: list[Box] = []
    for at in find([folded for folded, _at in characters], fold(text)):
        box = in_pixels(page, on_page.get_charbox(characters[at][1], loose=True), size)
        if lines and box[1] < lines[-1][3] and box[3] > lines[-1][1] and box[0] >= lines[-1][0]:
            lines[-1] = widest(lines[-1], box)
        else:
            lines.append(box)
    return lines


def fold(text: str) -> list[str]:
    """Return the letters and digits of a text alone: all else depends on how it was set."""
    return [character for character in text.casefold() if character.isalnum()]


def find(page: Sequence[str], wanted: Sequence[str]) -> range:
    """Return where the wanted characters stand among those of a page; empty for nowhere."""
    if not wanted or not page:
        return range(0)
    start = "".join(page).find("".join(wanted))
    if start >= 0:
        return range(start, start + len(wanted))
    found = fuzz.partial_ratio_alignment(wanted, page, score_cutoff=MIN_ALIKE)
    return range(found.dest_start, found.dest_end) if found else range(0)


def in_pixels(page: pdfium.PdfPage, box: Sequence[float], size: tuple[int, int]) -> Box:
    """Return a box of the page, whatever its rotation and crop, as it lies in the picture."""
    corners = list(_corners(page, box, size))
    across, down = zip(*corners, strict=True)
    return min(across), min(down), max(across), max(down)


def _corners(
    page: pdfium.PdfPage, box: Sequence[float], size: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    left, bottom, right, top = box
    for across, up in ((left, bottom), (right, top)):
        x, y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, across, up, x, y)
        yield x.value, y.value


def widest(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
    wanted = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(draw(sys.argv[1], int(sys.argv[2]), wanted))
