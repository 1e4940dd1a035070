"""Pictures of text, and PDF files that hold them."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

import pypdfium2 as pdfium
import pytest
from PIL.Image import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.parsers.pdf import PDFIUM

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="needs Tesseract: apt install tesseract-ocr"
)
A4 = (595, 842)


def picture(*lines: str) -> Image:
    """Return a picture of a page with these lines, 200 dots an inch."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for at, line in enumerate(lines):
        canvas.drawString(72, 760 - 16 * at, line)
    canvas.save()
    with PDFIUM:
        document = pdfium.PdfDocument(made.getvalue())
        found = document[0].render(scale=200 / 72, grayscale=True).to_pil().copy()
        document.close()
    return found


def saved(image: Image, kind: str, *more: Image) -> bytes:
    """Return a picture, or one of several pages, as a file of this kind."""
    made = io.BytesIO()
    image.save(made, kind, **({"save_all": True, "append_images": more} if more else {}))
    return made.getvalue()


def scanned(pages: Sequence[Image | str | None]) -> bytes:
    """Return a PDF whose pages are pictures, lines of text, or blank."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for page in pages:
        if isinstance(page, Image):
            canvas.drawImage(ImageReader(page), 0, 0, *A4)
        elif page is not None:
            canvas.drawString(72, 700, page)
        canvas.showPage()
    canvas.save()
    return made.getvalue()
