"""Numbers of lines in the margin are left out; those of lists and tables stay."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.parsers import parse
from tests.support.drawing import make, put, quotable, sentence, wrap

TEXT = " ".join(sentence(1, at) for at in range(12))


@pytest.mark.parametrize(("step", "x"), [(1, 50), (5, 50), (1, 530)])
def test_they_are_left_out(step: int, x: float) -> None:
    def draw(canvas: Canvas) -> None:
        for at, line in enumerate(wrap(TEXT, 420), start=1):
            put(canvas, [line], 80, 780 - at * 20)
            if at % step == 0:
                put(canvas, [str(at)], x, 780 - at * 20)

    assert quotable(parse("a.pdf", make(draw))) == [TEXT]


def test_between_two_columns_they_are_left_out() -> None:
    lines = wrap(TEXT, 200)

    def draw(canvas: Canvas) -> None:
        for at, line in enumerate(lines, start=1):
            put(canvas, [line], 60, 780 - at * 14)
            put(canvas, [line], 330, 780 - at * 14)
            if at % 5 == 0:
                put(canvas, [str(at)], 295, 780 - at * 14)

    assert quotable(parse("a.pdf", make(draw))) == [TEXT, TEXT]


def test_numbers_of_a_table_stay() -> None:
    names = ["Lisbon", "Porto", "Braga", "Coimbra", "Faro", "Evora"]

    def draw(canvas: Canvas) -> None:
        for at, name in enumerate(names, start=1):
            put(canvas, [str(at)], 50, 780 - at * 16)
            put(canvas, [name], 80, 780 - at * 16)

    found = quotable(parse("a.pdf", make(draw)))
    assert found == [f"{at} | {name}" for at, name in enumerate(names, start=1)]
