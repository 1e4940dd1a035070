"""PDFs drawn line by line, and what is read of them."""

from __future__ import annotations

import io
from collections.abc import Callable

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from index.core.documents import Parsed

FONT, SIZE, LEADING = "Times-Roman", 10, 12
WIDTH, HEIGHT = A4
WORDS = [
    "province",
    "district",
    "governor",
    "border",
    "crossing",
    "soldiers",
    "village",
    "council",
    "highway",
    "market",
    "checkpoint",
    "convoy",
    "ministry",
    "teacher",
    "hospital",
    "reporter",
    "airport",
]


def make(draw: Callable[[Canvas], None], **options: object) -> bytes:
    """Return a PDF that `draw` has drawn, page by page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, **options)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def wrap(text: str, width: float) -> list[str]:
    """Return the lines of `text`; every long word that does not fit is cut by a hyphen."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if stringWidth(longer, FONT, SIZE) <= width:
            line = longer
            continue
        head, tail = word[:4], word[4:]
        if len(tail) > 3 and tail.isalpha() and fits(f"{line} {head}-", width):
            lines.append(f"{line} {head}-")
            line = tail
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def fits(line: str, width: float) -> bool:
    return stringWidth(line, FONT, SIZE) <= width


def put(canvas: Canvas, lines: list[str], x: float, y: float, size: int = SIZE) -> float:
    """Draw lines below each other; return where the next would stand."""
    canvas.setFont(FONT, size)
    for line in lines:
        canvas.drawString(x, y, line)
        y -= LEADING * size / SIZE
    return y


def quotable(parsed: Parsed) -> list[str]:
    """Return the text of each paragraph: in order, none overlapping, no white space around."""
    at = 0
    for paragraph in parsed.paragraphs:
        cut = paragraph.span.cut(parsed.text)
        assert cut
        assert cut == cut.strip()
        assert at <= paragraph.span.start
        at = paragraph.span.end
    return [paragraph.span.cut(parsed.text) for paragraph in parsed.paragraphs]


def page_of(parsed: Parsed, text: str) -> int:
    """Return the number of the page that `text`, found once, begins on."""
    assert parsed.text.count(text) == 1, text
    at = parsed.text.index(text)
    marks = [*((start, number) for number, start in enumerate(parsed.pages, 1))]
    marks += [(start, number) for number, start in parsed.resumed]
    return max(mark for mark in marks if mark[0] <= at)[1]


def sentence(page: int, number: int) -> str:
    """Return a sentence of its own, with long words at ever other places."""
    seed = page * 7 + number * 3
    words = [WORDS[(seed + at * (1 + page % 5)) % len(WORDS)] for at in range(12)]
    return f"Note {page}x{number} says that the {' '.join(words)} lay ahead."
