"""PDF files whose pages may be pictures: those without text are read by OCR."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.ocr import OCR, report
from index.parsers.ocr.layout import compose, splice
from index.parsers.ocr.tesseract import INSTALL, Block, OcrError, can_recognize, recognize
from index.parsers.pdf import PDFIUM, parse_pdf

_DPI = 300
_MAX_SIDE = 4000  # pixels
_FEW_CHARS = 100
_MOST_OF_PAGE = 0.5


def parse_scanned(name: str, data: bytes) -> Parsed:
    """Return the document in a PDF file as `parse_pdf` does, pages without text read by OCR.

    Raises:
        DocumentError: as there; or no page has text, and Tesseract cannot read them either.
    """
    refused: DocumentError | None = None
    try:
        parsed = parse_pdf(name, data)
    except DocumentError as error:
        if error.__cause__ is not None:  # it cannot be opened
            raise
        refused = error
        parsed = Parsed("", ())
    else:
        if not any(_candidates(parsed)):
            return parsed
    with PDFIUM, closing(pdfium.PdfDocument(data)) as document:
        if refused is not None:
            parsed = Parsed("", (), pages=(0,) * len(document))
        bare = [number for number in _candidates(parsed) if _is_picture(document, number, parsed)]
        if bare and can_recognize(OCR.get().languages):
            return _read(name, parsed, document, bare)
    if bare:
        return _unread(name, parsed, bare, INSTALL)
    if refused is not None:
        raise refused
    return parsed


def _read(name: str, parsed: Parsed, document: pdfium.PdfDocument, bare: Sequence[int]) -> Parsed:
    ocr = OCR.get()
    until = time.monotonic() + ocr.seconds
    wanted = bare[: ocr.pages]
    found: list[Sequence[Block]] = []
    reason = f"more than {ocr.pages:,} of them; raise ONRECORD_OCR_PAGES"
    for done, number in enumerate(wanted):
        report(done, len(wanted))
        try:
            pages = recognize(_render(document, number), until - time.monotonic())
        except OcrError as error:
            late = time.monotonic() >= until
            reason = "no time left; raise ONRECORD_OCR_SECONDS" if late else str(error)
            break
        found.append(pages[0] if pages else [])
    report(len(found), len(wanted))
    read = dict(zip(wanted, compose(found), strict=False))
    whole = splice(parsed, read)
    if left := bare[len(found) :]:
        whole = _unread(name, whole, left, reason)
    if not whole.paragraphs:
        raise _no_text(name, parsed, " that Tesseract can read")
    return replace(whole, recognized=tuple(at for at, page in read.items() if page.text))


def _unread(name: str, parsed: Parsed, numbers: Sequence[int], reason: str) -> Parsed:
    if not parsed.text:
        raise _no_text(name, parsed, f"; {reason}")
    told = f"{_name_pages(numbers)} without text, not read: {reason}"
    return replace(parsed, left_out=(*parsed.left_out, told))


def _no_text(name: str, parsed: Parsed, more: str) -> DocumentError:
    count = len(parsed.pages)
    return DocumentError(name, f"has {count} page{'s' * (count != 1)} of images and no text{more}")


def _name_pages(numbers: Sequence[int]) -> str:
    """Pages as in "pages 2 to 5, 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"page{'s' * (len(numbers) > 1)} {', '.join(shown)}"


def _candidates(parsed: Parsed) -> Iterator[int]:
    """The pages with next to no text."""
    for number, (start, end) in enumerate(pairwise([*parsed.pages, len(parsed.text)]), 1):
        if end - start < _FEW_CHARS:
            yield number


def _is_picture(document: pdfium.PdfDocument, number: int, parsed: Parsed) -> bool:
    """Whether a page without text is not blank, or one with a few words is a picture for the rest.

    The words are those of a scanner, say.
    """
    starts = [*parsed.pages, len(parsed.text)]
    is_bare = starts[number] == starts[number - 1]
    with closing(document[number - 1]) as page:
        width, height = page.get_size()
        for item in page.get_objects(max_depth=2):
            if is_bare and item.type != raw.FPDF_PAGEOBJ_PATH:
                return True
            if item.type == raw.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = item.get_bounds()
                if (right - left) * (top - bottom) > _MOST_OF_PAGE * width * height:
                    return True
    return False


def _render(document: pdfium.PdfDocument, number: int) -> bytes:
    """A page as a grey picture (PGM)."""
    with closing(document[number - 1]) as page:
        scale = min(_DPI / 72, _MAX_SIDE / max(*page.get_size(), 1))
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            pixels = bitmap.to_numpy()
            rows, columns = pixels.shape[:2]
            grey: bytes = pixels.reshape(rows, columns).tobytes()
            return b"P5 %d %d 255\n" % (columns, rows) + grey
