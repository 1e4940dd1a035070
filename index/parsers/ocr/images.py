"""Pictures of text (.png, .jpg, .tiff, .webp): what Tesseract reads on them."""

from __future__ import annotations

from dataclasses import replace

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.ocr import OCR, report
from index.parsers.ocr.layout import compose, splice
from index.parsers.ocr.tesseract import OcrError, recognize


def no_text(languages: str) -> str:
    """Return the reason for which a picture is no document."""
    return f"a picture without text that can be read in {languages}"


def parse_image(name: str, data: bytes) -> Parsed:
    """Return the text on a picture, or on the pages of a TIFF file.

    Raises:
        DocumentError: no text on it, no picture, too many pages, or Tesseract cannot read it.
    """
    ocr = OCR.get()
    report(0, 1)
    try:
        pages = compose(recognize(data, ocr.seconds))
    except OcrError as error:
        raise DocumentError(name, f"a picture: {error}") from error
    report(1, 1)
    if not any(page.paragraphs for page in pages):
        raise DocumentError(name, no_text(ocr.languages))
    found = dict(enumerate(pages, 1))
    parsed = splice(Parsed("", (), pages=(0,) * len(pages)), found)
    if len(pages) == 1:
        return replace(parsed, pages=(), recognized=(0,))
    return replace(parsed, recognized=tuple(found))
