"""Rich text becomes its paragraphs, without pictures and running heads."""

from __future__ import annotations

from datetime import date

from index.parsers import parse
from tests.support.containers import check, quotable

HEAD = (
    rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 Arial;}}{\info{\title The quay}"
    rb"{\author Ann M\'fcller}{\creatim\yr2021\mo7\dy10\hr12}}{\header Port office\par}"
)


def test_paragraphs_and_properties() -> None:
    body = rb"\pard The fox \b sleeps\b0  in the mill.\par It costs \u8364?40 \emdash  a lot.\par}"
    parsed = check(parse("a.rtf", HEAD + body))
    assert quotable(parsed) == ["The fox sleeps in the mill.", "It costs €40 — a lot."]
    assert (parsed.metadata.title, parsed.metadata.published) == ("The quay", date(2021, 7, 10))
    assert "Port office" not in parsed.text


def test_letters_of_its_code_page() -> None:
    parsed = parse("a.rtf", HEAD + rb"\f0 \'cb\'e8\'f1\'e0 \'f1\'ef\'e8\'f2.\par}")
    assert quotable(parsed) == ["Лиса спит."]


def test_rows_of_a_table_keep_empty_cells() -> None:
    row = rb"\trowd\cellx1\cellx2\cellx3 Mill Road\cell \cell 610\cell\row}"
    assert quotable(parse("a.rtf", HEAD + row)) == ["Mill Road | | 610"]
