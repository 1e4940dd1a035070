"""Prose around a box, columns with hardly a gap, and tables that look like columns of prose."""

from __future__ import annotations

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from index.parsers import parse
from tests.support.drawing import FONT, SIZE, make, put, quotable, sentence, wrap

FACTS = [("Population", "4,100"), ("Area", "31 km"), ("Mayor", "Lena Holm"), ("Founded", "1204"),
         ("Rivers", "2"), ("Region", "North")]  # fmt: skip
STORY = "The ferry was built in 1911 in Gdansk. It carries forty cars and ninety people at a time."
ABOVE = " ".join(sentence(1, at) for at in range(8))
BELOW = " ".join(sentence(3, at) for at in range(8))
NARROW = " ".join(sentence(2, at) for at in range(5))


def around(box_x: float, prose_x: float, facts: bool) -> list[str]:
    """The paragraphs of prose over the width of a page, but beside a box."""

    def draw(canvas: Canvas) -> None:
        y = put(canvas, wrap(ABOVE, 440), 72, 780)
        if facts:
            for at, (name, value) in enumerate(FACTS):
                put(canvas, [name], box_x, y - 3 - at * 13.5, 9)
                put(canvas, [value], box_x + 70, y - 3 - at * 13.5, 9)
        else:
            put(canvas, wrap(STORY, 120), box_x, y - 3, 9)
        y = put(canvas, wrap(NARROW, 270), prose_x, y)
        put(canvas, wrap(BELOW, 440), 72, y)

    return quotable(parse("a.pdf", make(draw)))


@pytest.mark.parametrize(("box_x", "prose_x"), [(380, 72), (72, 242)])
@pytest.mark.parametrize("facts", [True, False])
def test_prose_around_a_box_is_not_mixed_with_it(box_x: float, prose_x: float, facts: bool) -> None:
    found = around(box_x, prose_x, facts)
    boxed = [f"{name} | {value}" for name, value in FACTS] if facts else [STORY]
    assert [text for text in found if text in boxed] == boxed
    prose = " ".join(text for text in found if text not in boxed)
    assert prose == f"{ABOVE} {NARROW} {BELOW}"


def test_a_table_with_long_labels_is_no_two_columns() -> None:
    rates = [(f"{n} Year Fixed Rate", f"{n} Year Fixed Reference Rate", f"{n}.37%", f"{n}.51%",
              f"{n}.87%", f"{n}.27%") for n in range(1, 9)]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        put(canvas, wrap(ABOVE, 440)[:3], 72, 780)
        for at, row in enumerate(rates):
            for x, cell in zip((72, 180, 330, 380, 430, 480), row, strict=True):
                put(canvas, [cell], x, 700 - 14 * at)

    found = quotable(parse("a.pdf", make(draw)))
    assert found[1:] == [" | ".join(row) for row in rates]


@pytest.mark.parametrize("at", [2, 4])
def test_a_line_that_reaches_into_the_gap_between_columns_joins_none(at: int) -> None:
    left = wrap(" ".join(sentence(1, number) for number in range(5)), 226)
    right = wrap(" ".join(sentence(2, number) for number in range(5)), 226)
    # The gap is 12 points wide, and 8 of them are taken.
    while stringWidth(left[at], FONT, SIZE) < 232:
        left[at] += "i"

    def draw(canvas: Canvas) -> None:
        put(canvas, left, 72, 700)
        put(canvas, right, 72 + 226 + 12, 700)

    text = parse("a.pdf", make(draw)).text
    assert text.index(sentence(1, 4)) < text.index(sentence(2, 0))
    for number in range(1, 5):
        assert sentence(2, number) in text
