"""Word documents become the text one reads, with all changes accepted and nothing hidden."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from index.parsers.office.numbering import Numbering, Place
from tests.support.containers import (
    HOSTILE,
    check,
    headings,
    quotable,
    with_member,
    zipped,
)

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(fill: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    document.core_properties.title = ""
    document.core_properties.author = ""
    fill(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def word(fill: Callable[[Document], object]) -> Parsed:
    return check(parse("a.docx", saved(fill)))


def body(xml: str) -> Parsed:
    """A document with this XML in its body, beside a paragraph of text."""

    def fill(document: Document) -> None:
        document.add_paragraph("Before it.")
        holder = parse_xml(f"<w:holder {nsdecls('w')}>{xml}</w:holder>")
        for child in list(holder):
            document.element.body.insert(-1, child)

    return word(fill)


class TestBlocks:
    def test_headings_lists_and_captions(self) -> None:
        def fill(document: Document) -> None:
            document.add_heading("The report", 0)
            document.add_paragraph("It begins. And goes on.")
            document.add_heading("Part  one", 1)
            document.add_paragraph("an item", style="List Bullet")
            document.add_paragraph("Table 1: what fell", style="Caption")
            document.add_paragraph("Photo: AP")
            document.add_heading("A section", 2)
            document.add_paragraph("The end\nof it.")

        parsed = word(fill)
        assert parsed.metadata.title == "The report"
        assert quotable(parsed) == [
            "It begins. And goes on.",
            "an item",
            "The end\nof it.",
        ]
        assert headings(parsed) == ["", "Part one", "A section"]
        assert "Table 1: what fell" in parsed.text

    def test_a_style_based_on_a_heading_is_one(self) -> None:
        def fill(document: Document) -> None:
            style = document.styles.add_style("Chapter", 1)
            style.base_style = document.styles["Heading 1"]
            document.add_paragraph("One", style="Chapter")
            document.add_paragraph("Text of it.")

        assert headings(word(fill)) == ["One"]

    def test_styles_based_on_each_other_end(self) -> None:
        def fill(document: Document) -> None:
            one, other = (document.styles.add_style(name, 1) for name in ("One", "Other"))
            one.base_style, other.base_style = other, one
            document.add_paragraph("Text of it.", style="One")

        assert quotable(word(fill)) == ["Text of it."]

    def test_rows_of_a_table(self) -> None:
        def fill(document: Document) -> None:
            table = document.add_table(2, 2)
            for cell, text in zip(
                [*table.rows[0].cells, *table.rows[1].cells],
                ["Name", "Number", "fox\nred", ""],
                strict=True,
            ):
                cell.text = text
            document.add_paragraph("After it.")

        assert quotable(word(fill)) == ["Name | Number", "fox red", "After it."]

    def test_content_controls_and_text_boxes(self) -> None:
        parsed = body(
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>Inside a control.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
            "<w:p><w:r><w:t>Around.</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r>"
            "<w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        )
        assert quotable(parsed) == ["Before it.", "Inside a control.", "Around.", "In a box."]


class TestChanges:
    def test_what_was_deleted_is_gone_and_what_was_inserted_is_there(self) -> None:
        parsed = body(
            "<w:p><w:r><w:t xml:space='preserve'>They left </w:t></w:r>"
            "<w:del><w:r><w:delText>Kabul</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>Herat</w:t></w:r></w:ins>"
            "<w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom>"
            "<w:r><w:t>.</w:t></w:r></w:p>"
        )
        assert quotable(parsed)[-1] == "They left Herat."
        assert "Kabul" not in parsed.text

    def test_a_deleted_row(self) -> None:
        cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
        parsed = body(
            f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell.format('gone')}</w:tr>"
            f"<w:tr>{cell.format('kept')}</w:tr></w:tbl>"
        )
        assert quotable(parsed)[-1] == "kept"
        assert "gone" not in parsed.text

    def test_hidden_text_and_field_codes(self) -> None:
        parsed = body(
            "<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t> too</w:t></w:r>"
            "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:tab/><w:t>end.</w:t></w:r></w:p>"
        )
        assert quotable(parsed)[-1] == "Seen too end."


class TestNotes:
    def test_footnotes_follow_the_text_under_their_heading(self) -> None:
        def fill(document: Document) -> None:
            document.add_heading("Part one", 1)
            paragraph = document.add_paragraph("A claim")
            reference = f"<w:footnoteReference {nsdecls('w')} w:id='2'/>"
            paragraph.add_run()._r.append(parse_xml(reference))
            paragraph.add_run(" stands.")
            document.add_heading("Part two", 1)
            document.add_paragraph("The end.")

        data = with_member(
            saved(fill),
            "word/footnotes.xml",
            f"<w:footnotes {nsdecls('w')}><w:footnote w:id='-1'><w:p/></w:footnote>"
            "<w:footnote w:id='2'><w:p><w:r><w:t>See the report.</w:t></w:r></w:p></w:footnote>"
            "<w:footnote w:id='3'><w:p><w:r><w:t>Of no one.</w:t></w:r></w:p></w:footnote>"
            "</w:footnotes>",
        )
        path = "word/_rels/document.xml.rels"
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            relations = archive.read(path).decode()
        added = f'<Relationship Id="n" Type="{RELATION}/footnotes" Target="footnotes.xml"/>'
        relations = relations.replace("</Relationships>", f"{added}</Relationships>")
        parsed = check(parse("a.docx", with_member(data, path, relations)))
        assert quotable(parsed) == ["A claim stands.", "The end.", "See the report."]
        assert headings(parsed) == ["Part one", "Part two", "Part one"]


class TestProperties:
    def test_they_are_the_files_own(self) -> None:
        def fill(document: Document) -> None:
            core = document.core_properties
            core.title, core.author, core.language = "A title", "Ann  Lee", "en-GB"
            core.created = datetime(2021, 7, 10, 8, tzinfo=UTC)
            document.add_paragraph("Text of it.")

        metadata = word(fill).metadata
        assert metadata.title == "A title"
        assert metadata.author == "Ann Lee"
        assert metadata.language == "en-GB"
        assert metadata.published == date(2021, 7, 10)

    def test_a_file_without_any_gets_none(self) -> None:
        with zipfile.ZipFile(io.BytesIO(saved(lambda made: made.add_paragraph("Text.")))) as made:
            members = {name: made.read(name) for name in made.namelist() if "core" not in name}
        metadata = parse("a.docx", zipped(members)).metadata
        assert (metadata.title, metadata.author, metadata.published) == (None, None, None)


class TestHostile:
    @pytest.mark.parametrize(("declared", "used"), HOSTILE, ids=["billion", "quadratic", "file"])
    def test_entities_are_refused(self, declared: str, used: str) -> None:
        for attribute in (False, True):
            name, text = (f' n="{used}"', "") if attribute else ("", used)
            bomb = (
                f"{declared}<w:document {nsdecls('w')}><w:body{name}><w:p><w:r><w:t>{text}"
                "</w:t></w:r></w:p></w:body></w:document>"
            )
            data = with_member(
                saved(lambda made: made.add_paragraph("x")), "word/document.xml", bomb
            )
            with pytest.raises(DocumentError, match=r"word/document\.xml.* declares XML entities"):
                parse("a.docx", data)

    def test_levels_without_end_are_refused(self) -> None:
        deep = f"<w:document {nsdecls('w')}><w:body>{'<w:sdt>' * 50_000}"
        data = with_member(saved(lambda made: made.add_paragraph("x")), "word/document.xml", deep)
        with pytest.raises(DocumentError, match="no XML"):
            parse("a.docx", data)

    @pytest.mark.parametrize(
        "data", [b"", b"plain", zipped({"a.txt": "x"}), zipped({"_rels/.rels": "<a/>"})]
    )
    def test_what_is_no_word_document(self, data: bytes) -> None:
        with pytest.raises(DocumentError, match=r"^a\.docx: not "):
            parse("a.docx", data)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_damaged_xml_is_one_error_or_a_document(self, data: st.DataObject) -> None:
        xml = bytearray(DOCUMENT_XML)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(xml) - 1))
            xml[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
        with suppress(DocumentError):
            check(parse("a.docx", with_member(MINIMAL, "word/document.xml", bytes(xml))))


DOCUMENT_XML = (
    f"<w:document {nsdecls('w')}><w:body><w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r>"
    "<w:t>Head</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc>"
    "</w:tr></w:tbl><w:p><w:ins><w:r><w:t>Text &amp; more.</w:t></w:r></w:ins></w:p>"
    "</w:body></w:document>"
).encode()
MINIMAL = zipped(
    {
        "_rels/.rels": f'<R><r Type="{RELATION}/officeDocument" Target="/word/document.xml"/></R>',
        "word/document.xml": DOCUMENT_XML,
    }
)


def test_a_minimal_file_is_read() -> None:
    assert quotable(parse("a.docx", MINIMAL)) == ["Head", "cell", "Text & more."]


class TestTemplates:
    def test_what_a_library_wrote_is_no_metadata(self) -> None:
        document = docx.Document()
        document.add_paragraph("It is old.")
        made = io.BytesIO()
        document.save(made)
        metadata = parse("a.docx", made.getvalue()).metadata
        assert (metadata.title, metadata.published, metadata.author) == (None, None, None)

    def test_a_day_before_the_format_is_none(self) -> None:
        def fill(document: Document) -> None:
            document.add_paragraph("It is old.")
            document.core_properties.created = datetime(1980, 1, 1, tzinfo=UTC)

        assert word(fill).metadata.published is None


class TestNumbers:
    def test_those_of_lists_are_part_of_the_text(self) -> None:
        def fill(document: Document) -> None:
            for text in ("The tenant pays.", "The owner repairs."):
                document.add_paragraph(text, style="List Number")
            document.add_paragraph("No number.", style="List Bullet")
            document.add_paragraph("Both sign.", style="List Number")

        assert quotable(word(fill)) == [
            "1. The tenant pays.",
            "2. The owner repairs.",
            "No number.",
            "3. Both sign.",
        ]

    def test_levels_and_letters(self) -> None:
        root = parse_xml(
            f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="4">'
            '<w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="decimal"/>'
            '<w:lvlText w:val="§ %1"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
            '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num><w:num w:numId="2">'
            '<w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
            "</w:lvlOverride></w:num></w:numbering>"
        )
        numbering = Numbering(root)
        places = [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("2", 0), ("3", 0)]
        labels = [numbering.label(Place(*place)) for place in places]
        assert labels == ["§ 2", "2.a)", "2.b)", "§ 3", "3.a)", "§ 1", ""]

    def test_an_empty_cell_keeps_its_place(self) -> None:
        def fill(document: Document) -> None:
            cells = document.add_table(1, 4).rows[0].cells
            cells[1].text, cells[3].text = "2022", "2023"

        assert quotable(word(fill)) == ["| 2022 | | 2023"]
