"""Rows of tables: each is a paragraph, cells stay in their columns, prose is no table."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.parsers import parse
from tests.support.drawing import LEADING, make, put, quotable, sentence, wrap

PLACES = (72, 230, 320, 410)


def read_rows(rows: list[tuple[str, ...]], pitch: float = 16) -> list[str]:
    def draw(canvas: Canvas) -> None:
        put(canvas, ["The rents of the town in euros a month, from January on."], 72, 760)
        for at, row in enumerate(rows):
            for x, cell in zip(PLACES, row, strict=False):
                put(canvas, cell.split("\n"), x, 730 - at * pitch)

    return quotable(parse("a.pdf", make(draw)))[1:]


class TestRows:
    def test_each_is_a_paragraph_with_empty_cells_in_place(self) -> None:
        rows = [
            ("Street", "Rooms", "Rent", "Deposit"),
            ("Mill Road", "2", "610", "1,220"),
            ("Church Lane", "", "700", ""),
            ("Quay", "4", "", "1,900"),
        ]
        assert read_rows(rows) == [
            "Street | Rooms | Rent | Deposit",
            "Mill Road | 2 | 610 | 1,220",
            "Church Lane | | 700",
            "Quay | 4 | | 1,900",
        ]

    def test_a_cell_of_several_lines_is_whole(self) -> None:
        rows = [
            ("Harbour wall", "A wall of\ngranite\nfour metres high", "2025"),
            ("Pumps", "Six pumps lift\nthe water", "2026"),
            ("Gates", "Two", "2027"),
        ]
        assert read_rows(rows, pitch=44) == [
            "Harbour wall | A wall of granite four metres high | 2025",
            "Pumps | Six pumps lift the water | 2026",
            "Gates | Two | 2027",
        ]

    def test_two_columns_need_three_rows(self) -> None:
        assert read_rows([("Mill Road", "610"), ("Quay", "700")]) == ["Mill Road 610 Quay 700"]
        rows = [("Mill Road", "610"), ("Quay", "700"), ("Lane", "650")]
        assert read_rows(rows) == ["Mill Road | 610", "Quay | 700", "Lane | 650"]


class TestProse:
    @pytest.mark.parametrize("by_row", [False, True])
    def test_beside_prose_is_no_table(self, by_row: bool) -> None:
        left, right = (
            wrap(" ".join(sentence(page, at) for at in range(6)), 210) for page in (1, 2)
        )

        def draw(canvas: Canvas) -> None:
            step = 1 if by_row else len(left)
            for at in range(0, len(left), step):
                put(canvas, left[at : at + step], 72, 760 - at * LEADING)
                put(canvas, right[at : at + step], 310, 760 - at * LEADING)

        text = parse("a.pdf", make(draw)).text
        assert "|" not in text
        assert text.index(sentence(1, 5)) < text.index(sentence(2, 0))

    def test_a_list_is_no_table(self) -> None:
        def draw(canvas: Canvas) -> None:
            for at in range(4):
                put(canvas, [f"{at + 1}."], 72, 700 - at * LEADING)
                put(canvas, [f"The measure of year {at}."], 100, 700 - at * LEADING)

        assert "|" not in parse("a.pdf", make(draw)).text
