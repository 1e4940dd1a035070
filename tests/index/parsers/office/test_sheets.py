"""Each row of a workbook is a paragraph under its sheet, its number and the columns."""

from __future__ import annotations

import io
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from index.parsers import parse
from tests.support.containers import check, headings, quotable, with_member
from tests.support.office import opendocument, workbook_table, xlsx

RENTS = [["Street", "2022", "2023"], ["Mill Road", None, 610], [], [None, 590, 620]]


def test_rows_keep_their_numbers_and_empty_cells() -> None:
    parsed = check(parse("a.xlsx", xlsx({"Rents": RENTS})))
    assert quotable(parsed) == ["Street | 2022 | 2023", "Mill Road | | 610", "| 590 | 620"]
    assert headings(parsed) == ["Rents, 1", "Rents, 2", "Rents, 4"]


@pytest.mark.slow
def test_a_row_with_a_number_that_no_sheet_has_ends_it() -> None:
    made = xlsx({"Rents": RENTS})
    with ZipFile(io.BytesIO(made)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    damaged = sheet.replace('<row r="4"', f'<row r="{"9" * 30}"')
    assert damaged != sheet
    parsed = check(parse("a.xlsx", with_member(made, "xl/worksheets/sheet1.xml", damaged)))
    assert quotable(parsed) == ["Street | 2022 | 2023", "Mill Road | | 610"]


def test_a_row_of_column_names_is_in_the_headings() -> None:
    rows = [["Place", "Material"], ["Wall", "granite"], ["Quay", "oak"]]
    parsed = check(parse("a.xlsx", xlsx({"Works": rows, "Empty": []})))
    assert quotable(parsed) == ["Wall | granite", "Quay | oak"]
    assert headings(parsed) == ["Works, 2: Place | Material", "Works, 3: Place | Material"]


@pytest.mark.parametrize(
    ("found", "style", "shown"),
    [
        (1680, "General", "1680"),
        (1680, "#,##0", "1,680"),
        (0.255, "0.0%", "25.5%"),
        (2.5, '0.00 "m"', "2.50"),
        (0.1 + 0.2, "General", "0.3"),
        (date(2021, 7, 10), "yyyy-mm-dd", "2021-07-10"),
        (datetime.fromisoformat("2021-07-10T18:05"), "yyyy-mm-dd hh:mm", "2021-07-10 18:05"),
    ],
)
def test_values_as_a_program_shows_them(found: object, style: str, shown: str) -> None:
    parsed = parse("a.xlsx", xlsx({"S": [["Sum of it", found]]}, B1=style))
    assert quotable(parsed) == [f"Sum of it | {shown}"]


def test_a_hidden_sheet_is_not_read() -> None:
    book = load_workbook(io.BytesIO(xlsx({"A": [["Seen."]], "B": [["Not seen."]]})))
    book["B"].sheet_state = "hidden"
    made = io.BytesIO()
    book.save(made)
    assert quotable(parse("a.xlsx", made.getvalue())) == ["Seen."]


def test_an_opendocument_workbook() -> None:
    tables = workbook_table("Rents", [["Street", "Rent"], ["Mill Road", "1,680"], ["Quay", "25%"]])
    parsed = check(parse("a.ods", opendocument("spreadsheet", tables)))
    assert quotable(parsed) == ["Mill Road | 1,680", "Quay | 25%"]
    assert headings(parsed) == ["Rents, 2: Street | Rent", "Rents, 3: Street | Rent"]


def test_repeated_cells_and_rows_keep_the_places_of_those_after_them() -> None:
    body = (
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "<table:table-row><table:table-cell><text:p>Fox</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"/>'
        "<table:table-cell><text:p>Mill</text:p></table:table-cell></table:table-row></table:table>"
    )
    parsed = check(parse("a.ods", opendocument("spreadsheet", body)))
    assert quotable(parsed) == ["Fox | | | Mill"]
    assert headings(parsed) == ["S, 1048571"]
