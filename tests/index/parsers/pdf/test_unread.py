"""What cannot be read is named: pages of images, fonts without a map, embedded files, covers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.core.errors import DocumentError
from index.parsers import parse
from index.parsers.ocr import OCR, OFF
from index.parsers.pdf.unread import name_pages
from tests.support.drawing import make, put, quotable
from tests.support.pdf import embed, join, placeholder, without_map

TEXT = "The council agreed on Friday that the crossing stays open until the spring."
PAGE = make(lambda canvas: put(canvas, [TEXT], 72, 700))


@pytest.fixture(autouse=True)
def no_ocr() -> Iterator[None]:
    token = OCR.set(OFF)
    yield
    OCR.reset(token)


def test_pages_of_images_are_named_and_empty_ones_are_not() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, [TEXT], 72, 700)
        canvas.showPage()
        for is_scan in (True, True, False, True):
            if is_scan:
                canvas.drawImage(ImageReader(Image.new("RGB", (80, 80), "grey")), 0, 0, 500, 700)
            canvas.showPage()

    parsed = parse("a.pdf", make(draw))
    assert quotable(parsed) == [TEXT]
    (line,) = parsed.left_out
    assert line.startswith("pages 2 to 3 and 5 without text, not read: install Tesseract")


class TestFonts:
    def test_a_page_in_a_font_without_a_map_is_named(self) -> None:
        parsed = parse("a.pdf", join(PAGE, without_map(TEXT)))
        assert quotable(parsed) == [TEXT]
        (line,) = parsed.left_out
        assert line.startswith("page 2 without text, not read: install Tesseract")

    def test_a_document_in_such_a_font_is_refused(self) -> None:
        with pytest.raises(
            DocumentError, match="does not say which letters its signs are; install Tess"
        ):
            parse("a.pdf", without_map(TEXT))


class TestEmbedded:
    def test_files_inside_are_named(self) -> None:
        parsed = parse("a.pdf", embed(PAGE, {"bill.xml": b"<a/>"}))
        assert quotable(parsed) == [TEXT]
        (line,) = parsed.left_out
        assert line.startswith("1 embedded file (bill.xml) inside it was not read")

    def test_the_cover_of_a_portfolio_is_no_document(self) -> None:
        cover = make(
            lambda canvas: put(
                canvas,
                ["For the best experience, open this PDF portfolio in", "Acrobat or Adobe Reader."],
                72,
                700,
            )
        )
        with pytest.raises(DocumentError, match=r"a cover around 2 embedded files \(a.pdf, b.xlsx"):
            parse("a.pdf", embed(cover, {"a.pdf": PAGE, "b.xlsx": b""}))

    def test_the_placeholder_of_a_form_is_no_document(self) -> None:
        with pytest.raises(DocumentError, match="only Adobe Reader shows"):
            parse("a.pdf", placeholder("Please wait... If this message is not replaced, upgrade."))


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ([3], "page 3"),
        ([2, 3, 4, 5], "pages 2 to 5"),
        ([1, 3, 4, 9], "pages 1, 3 to 4 and 9"),
    ],
)
def test_pages_are_named(numbers: list[int], named: str) -> None:
    assert name_pages(numbers) == named
