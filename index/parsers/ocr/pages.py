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
from index.parsers.pdf.unread import NoTextError, may_show_text, name_pages

_DPI = 300
_MAX_SIDE = 4000  # pixels
_FEW_CHARS = 100
_MOST_OF_PAGE = 0.5
_ALL_BLANK = "nothing is on them"
_ILLEGIBLE = "Tesseract finds none either; scan the paper anew, at 300 dpi"


def parse_scanned(name: str, data: bytes) -> Parsed:
    """Return the document in a PDF file as `parse_pdf` does, pages without text read by OCR.

    Raises:
        DocumentError: as there; or no page has text, and Tesseract cannot read them either.
    """
    refused: NoTextError | None = None
    try:
        parsed = parse_pdf(name, data)
    except NoTextError as error:
        refused = error
        parsed = Parsed("", ())
    else:
        if not any(_candidates(parsed)):
            return parsed
    with PDFIUM, closing(pdfium.PdfDocument(data)) as document:
        if refused is not None:
            parsed = Parsed("", (), pages=(0,) * len(document))
        bare = [number for number in _candidates(parsed) if _is_picture(document, number, parsed)]
        left: Sequence[int] = bare
        reason = INSTALL if bare else _ALL_BLANK
        if bare and can_recognize(OCR.get().languages):
            parsed, left, reason = _read(parsed, document, bare)
    if refused is not None and not parsed.paragraphs:
        raise DocumentError(name, f"{refused.reason}; {reason}")
    told = [f"{name_pages(left)} without text, not read: {reason}"] if left else []
    if illegible := [at for at in bare if at not in left and at not in parsed.recognized]:
        told.append(f"{name_pages(illegible)} without text: {_ILLEGIBLE}")
    return replace(parsed, left_out=(*parsed.left_out, *told))


def _read(
    parsed: Parsed, document: pdfium.PdfDocument, bare: Sequence[int]
) -> tuple[Parsed, Sequence[int], str]:
    """The document with what is read on bare pages, the pages that are not read, and why."""
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
    recognized = tuple(at for at, page in read.items() if page.text)
    whole = replace(splice(parsed, read), recognized=recognized)
    left = bare[len(found) :]
    return whole, left, reason if left else _ILLEGIBLE


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
        if is_bare and may_show_text(page):
            return True
        for item in page.get_objects(max_depth=2):
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
