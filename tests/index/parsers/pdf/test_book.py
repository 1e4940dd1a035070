"""A long PDF in two columns: each sentence whole and on its page, no running heads."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.core.documents import Parsed
from index.parsers import parse
from tests.support.drawing import LEADING, make, page_of, put, quotable, sentence, wrap

BOOK_PAGES, BOOK_SENTENCES = 50, 24


def draw_book(canvas: Canvas, order: str) -> None:
    """Draw a book in two columns; its text is drawn "by column" or "by row"."""
    for page in range(1, BOOK_PAGES + 1):
        put(canvas, [f"The Border Report {page}" if page % 2 else f"{page} A Yearbook"], 72, 800)
        text = wrap(" ".join(sentence(page, number) for number in range(BOOK_SENTENCES)), 210)
        half = (len(text) + 1) // 2
        columns = (text[:half], 72), (text[half:], 310)
        step = half if order == "by column" else 1
        for at in range(0, half, step):
            for lines, x in columns:
                put(canvas, lines[at : at + step], x, 760 - at * LEADING)
        put(canvas, [str(page)], 295, 40)
        canvas.showPage()


@pytest.fixture(scope="module", params=["by column", "by row"])
def book(request: pytest.FixtureRequest) -> Parsed:
    return parse("book.pdf", make(lambda canvas: draw_book(canvas, request.param)))


@pytest.mark.slow
class TestBook:
    def test_every_sentence_is_whole_and_on_its_page(self, book: Parsed) -> None:
        assert len(book.pages) == BOOK_PAGES
        wrong = [
            (page, number)
            for page in range(1, BOOK_PAGES + 1)
            for number in range(BOOK_SENTENCES)
            if page_of(book, sentence(page, number)) != page
        ]
        assert wrong == []

    def test_every_sentence_may_be_quoted(self, book: Parsed) -> None:
        paragraphs = "\n".join(quotable(book))
        assert all(
            sentence(page, number) in paragraphs
            for page in range(1, BOOK_PAGES + 1)
            for number in range(BOOK_SENTENCES)
        )

    def test_running_heads_and_page_numbers_are_left_out(self, book: Parsed) -> None:
        assert "Border Report" not in book.text
        assert "Yearbook" not in book.text
        assert not any(paragraph.strip().isdigit() for paragraph in quotable(book))


def test_a_page_number_close_below_the_text_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(11, 16):
            text = wrap(" ".join(sentence(number, at) for at in range(8)), 440)
            put(canvas, [*text, str(number)], 72, 700)
            canvas.showPage()

    found = " ".join(quotable(parse("a.pdf", make(draw))))
    assert found == " ".join(sentence(number, at) for number in range(11, 16) for at in range(8))


def test_the_running_head_of_a_short_chapter_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        for number, head in enumerate(["Long Chapter"] * 4 + ["Short Chapter"], start=1):
            put(canvas, [head], 72, 800)
            put(canvas, wrap(" ".join(sentence(number, at) for at in range(8)), 440), 72, 700)
            canvas.showPage()

    assert "Chapter" not in parse("a.pdf", make(draw)).text
