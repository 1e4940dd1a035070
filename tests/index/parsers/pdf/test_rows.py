"""What a line reads as: exponents, fractions, right to left, Chinese and Japanese."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from index.parsers import parse
from tests.support.drawing import FONT, SIZE, make, put, quotable

WIDE_FONT = "DejaVuSans"
Run = tuple[str, float, int]
"""Text, points above the line, size."""


def read_runs(*runs: Run) -> str:
    def draw(canvas: Canvas) -> None:
        x = 72.0
        for text, rise, size in runs:
            canvas.setFont(FONT, size)
            canvas.drawString(x, 700 + rise, text)
            x += stringWidth(text, FONT, size)

    (paragraph,) = quotable(parse("a.pdf", make(draw)))
    return paragraph


class TestScripts:
    @pytest.mark.parametrize(
        ("runs", "read"),
        [
            ([("It emits 3.2 x 10", 0, 10), ("6", 4, 6), (" tonnes.", 0, 10)], "3.2 x 10⁶ tonnes."),
            ([("It holds 10", 0, 10), ("6", 4, 10), (" fish.", 0, 10)], "holds 10⁶ fish."),
            ([("It is 10", 0, 10), ("-9", 4, 6), (" grams.", 0, 10)], "is 10⁻⁹ grams."),
            ([("It uses 40 m", 0, 10), ("3", 4, 6), (" of it.", 0, 10)], "40 m³ of it."),
            ([("It emits CO", 0, 10), ("2", -2, 6), (" daily.", 0, 10)], "CO₂ daily."),
            (
                [
                    ("It costs 48", 0, 10),
                    ("1", 4, 6),
                    ("/", 0, 10),
                    ("2", 0, 6),
                    (" cents.", 0, 10),
                ],
                "costs 48 1/2 cents.",
            ),
            ([("So the insurer said", 0, 10), ("12", 4, 6), (" once.", 0, 10)], "said once."),
            ([("So the insurer said¹ once.", 0, 10)], "said once."),
            ([("It is 40 m² large.", 0, 10)], "40 m² large."),
            ([("The ", 0, 10), ("U", 0, 10), ("NION", 0, 8), (" met.", 0, 10)], "The UNION met."),
        ],
    )
    def test_keep_their_meaning(self, runs: list[Run], read: str) -> None:
        assert read_runs(*runs).endswith(read)


class TestRightToLeft:
    HEBREW = "ראש העיר פתח את הגשר החדש ביום שני."

    @pytest.fixture(autouse=True)
    def _font(self) -> None:
        path = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
        pdfmetrics.registerFont(TTFont(WIDE_FONT, path))

    def _read(self, *shown: str) -> list[str]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont(WIDE_FONT, SIZE)
            for at, line in enumerate(shown):
                canvas.drawRightString(520, 700 - at * 14, line)

        return quotable(parse("a.pdf", make(draw)))

    def test_words_come_in_their_order(self) -> None:
        assert self._read(self.HEBREW[::-1]) == [self.HEBREW]

    def test_lines_come_in_their_order(self) -> None:
        later = "המשרד שילם מחצית."
        assert self._read(self.HEBREW[::-1], later[::-1]) == [f"{self.HEBREW} {later}"]

    def test_words_drawn_apart(self) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setFont(WIDE_FONT, SIZE)
            x = 520.0
            for word in self.HEBREW.split():
                canvas.drawRightString(x, 700, word[::-1])
                x -= stringWidth(word, WIDE_FONT, SIZE) + 4

        assert quotable(parse("a.pdf", make(draw))) == [self.HEBREW]

    def test_a_number_stays_as_it_is(self) -> None:
        assert self._read("םילקש 2,025 הלע רשגה") == ["הגשר עלה 2,025 שקלים"]


class TestWithoutBlanks:
    @pytest.mark.parametrize(
        ("font", "lines"),
        [
            (
                "STSong-Light",
                ["公司董事会保证季度报告内容的真", "实、准确、完整，不存在重大遗", "漏。"],
            ),
            (
                "HeiseiMin-W3",
                ["市議会は金曜日に橋の建設を承", "認し、費用は二億円にのぼる", "と発表した。"],
            ),
        ],
    )
    def test_lines_join(self, font: str, lines: list[str]) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(font))

        def draw(canvas: Canvas) -> None:
            canvas.setFont(font, 11)
            for at, line in enumerate(lines):
                canvas.drawString(72, 700 - at * 16, line)

        assert quotable(parse("a.pdf", make(draw))) == ["".join(lines)]

    def test_other_lines_do_not(self) -> None:
        def draw(canvas: Canvas) -> None:
            put(canvas, ["The council met on the third", "of May."], 72, 700)

        assert quotable(parse("a.pdf", make(draw))) == ["The council met on the third of May."]
