"""OpenDocument texts and presentations read as they are shown."""

from __future__ import annotations

from datetime import date

import pytest

from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import check, headings, quotable, with_member
from tests.support.office import opendocument, workbook_table

META = (
    "<dc:title>The harbour</dc:title><meta:initial-creator>Ann</meta:initial-creator>"
    "<meta:creation-date>2021-07-10T12:00:00</meta:creation-date>"
)


def test_headings_lists_tables_and_contents() -> None:
    body = (
        "<text:table-of-content><text:index-body><text:p>Costs 7</text:p></text:index-body>"
        "</text:table-of-content><text:h>Costs</text:h><text:list><text:list-item>"
        "<text:p>The wall<text:s text:c='2'/>costs<text:line-break/>most.</text:p>"
        "</text:list-item></text:list>"
        + workbook_table("T", [["Mill Road", "", "610"]])
    )  # fmt: skip
    parsed = check(parse("a.odt", opendocument("text", body, META)))
    assert quotable(parsed) == ["The wall costs\nmost.", "Mill Road | | 610"]
    assert headings(parsed) == ["Costs", "Costs"]
    assert parsed.metadata.title == "The harbour"
    assert (parsed.metadata.author, parsed.metadata.published) == ("Ann", date(2021, 7, 10))


def test_a_title_is_found_by_its_style() -> None:
    style = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    body = '<text:p text:style-name="P1">The quay</text:p><text:p>It is old.</text:p>'
    parsed = parse("a.odt", opendocument("text", body, styles=style))
    assert parsed.metadata.title == "The quay"
    assert quotable(parsed) == ["It is old."]


def test_notes_follow_and_comments_and_deleted_text_are_left_out() -> None:
    body = (
        "<text:tracked-changes><text:p>Deleted.</text:p></text:tracked-changes>"
        "<text:p>The fox<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>A red one.</text:p></text:note-body></text:note> sleeps.<office:annotation>"
        "<text:p>Really?</text:p></office:annotation></text:p>"
    )
    parsed = check(parse("a.odt", opendocument("text", body)))
    assert quotable(parsed) == ["The fox sleeps.", "A red one."]
    assert "Deleted" not in parsed.text
    assert "Really" not in parsed.text


def test_slides() -> None:
    def page(title: str, text: str) -> str:
        return (
            f'<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>{title}'
            f"</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>{text}"
            '</text:p></draw:text-box></draw:frame><draw:frame presentation:class="footer">'
            "<draw:text-box><text:p>Port office</text:p></draw:text-box></draw:frame></draw:page>"
        )

    pages = page("Harbour", "It is old.") + page("Costs", "The wall costs most.")
    parsed = check(parse("a.odp", opendocument("presentation", pages)))
    assert quotable(parsed) == ["It is old.", "The wall costs most."]
    assert headings(parsed) == ["Harbour", "Costs"]
    assert len(parsed.pages) == 2
    assert parsed.text[parsed.pages[1] :].startswith("Costs")
    assert "Port office" not in parsed.text


def test_a_password_is_named() -> None:
    data = opendocument("text", "<text:p>It is old.</text:p>")
    locked = with_member(data, "META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(DocumentError, match="protected by a password"):
        parse("a.odt", locked)
