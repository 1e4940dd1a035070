"""PDFs become prose with the right page numbers: columns, hyphens, running heads, page borders."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse, pdf
from tests.support.drawing import LEADING, SIZE, make, page_of, put, quotable, sentence, wrap


def read_lines(*lines: str, size: int = SIZE) -> list[str]:
    return quotable(parse("a.pdf", make(lambda canvas: put(canvas, list(lines), 72, 700, size))))


class TestPages:
    LEFT = "The council met for the third time and agreed that the crossing should stay open until"
    REST = "the end of the year, whatever it costs. A second sentence follows it here."

    def _two(self, first: str, second: str, empty: int = 0) -> Parsed:
        def draw(canvas: Canvas) -> None:
            put(
                canvas,
                ["The first line of the paragraph is as wide as the one below is, and it", first],
                72,
                100,
            )
            canvas.showPage()
            for _ in range(empty):
                canvas.showPage()
            put(canvas, [second], 72, 760)

        return parse("a.pdf", make(draw))

    def test_a_sentence_goes_on_over_the_border(self) -> None:
        parsed = self._two(self.LEFT, self.REST)
        (paragraph,) = quotable(parsed)
        assert f"{self.LEFT} {self.REST}" in paragraph
        assert parsed.pages == (0, parsed.text.index(self.REST))
        assert page_of(parsed, "stay open until") == 1
        assert page_of(parsed, "A second sentence") == 2

    def test_a_word_goes_on_over_the_border(self) -> None:
        parsed = self._two("so the council told the govern-", "ment of the province to wait.")
        assert "told the government of the province" in parsed.text
        assert parsed.text[parsed.pages[1] :].startswith("ment of")

    def test_empty_pages_between_are_counted(self) -> None:
        parsed = self._two(self.LEFT, self.REST, empty=2)
        assert len(parsed.pages) == 4
        assert len(quotable(parsed)) == 1
        assert page_of(parsed, self.REST) == 4

    def test_a_paragraph_that_ended_does_not_go_on(self) -> None:
        parsed = self._two("so they went home.", "The next day was quiet.")
        assert [page_of(parsed, text) for text in quotable(parsed)] == [1, 2]

    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_a_page_without_text_is_a_page(self, at: int) -> None:
        def draw(canvas: Canvas) -> None:
            for number in range(3):
                if number != at:
                    put(canvas, [f"This is what page {number} says."], 72, 700)
                canvas.showPage()

        parsed = parse("a.pdf", make(draw))
        pages = [page_of(parsed, text) for text in quotable(parsed)]
        assert pages == [number + 1 for number in range(3) if number != at]
        assert len(parsed.pages) == 3
        assert all(start <= len(parsed.text) for start in parsed.pages)

    def test_first_lines_that_differ_in_a_number_are_no_running_heads(self) -> None:
        def draw(canvas: Canvas) -> None:
            for number in range(1, 9):
                put(canvas, [f"Page {number} tells what happened on day {number}."], 72, 700)
                put(canvas, ["Something else is told below it."], 72, 600)
                canvas.showPage()

        texts = quotable(parse("a.pdf", make(draw)))
        assert [text for text in texts if "tells what" in text] == [
            f"Page {number} tells what happened on day {number}." for number in range(1, 9)
        ]

    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_a_turned_page(self, turn: int) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setPageRotation(turn)
            canvas.translate(*{0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn])
            canvas.rotate(turn)
            put(
                canvas,
                ["The first line is here and it is read as the first,", "the second after."],
                72,
                400,
            )

        assert quotable(parse("a.pdf", make(draw))) == [
            "The first line is here and it is read as the first, the second after."
        ]

    @pytest.mark.parametrize("turn", [90, -90])
    def test_text_turned_on_its_page(self, turn: int) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.translate(300, 400)
            canvas.rotate(turn)
            put(
                canvas,
                ["The first line stands above the", "second one, and it is read first."],
                0,
                0,
            )

        assert quotable(parse("a.pdf", make(draw))) == [
            "The first line stands above the second one, and it is read first."
        ]


class TestHyphens:
    @pytest.mark.parametrize(
        ("first", "second", "joined"),
        [
            ("They told the govern-", "ment of it.", "They told the government of it."),
            ("They seized Qala-e-", "Naw on Friday.", "They seized Qala-e-Naw on Friday."),
            ("They seized Qala-", "e-Naw on Friday.", None),
            ("It lasted from 1996-", "2001 or so.", "It lasted from 1996-2001 or so."),
            ("They fought al-", "Qaeda there.", "They fought al-Qaeda there."),
            ("They came -", "and went again.", "They came - and went again."),
        ],
    )
    def test_at_the_end_of_a_line(self, first: str, second: str, joined: str | None) -> None:
        expected = joined or "They seized Qalae-Naw on Friday."
        assert read_lines(first, second) == [expected]

    def test_a_word_spelt_with_its_hyphen_elsewhere_keeps_it(self) -> None:
        (text,) = read_lines(
            "A well-known town lies there, and it is a well-", "known one for that."
        )
        assert text == "A well-known town lies there, and it is a well-known one for that."


class TestBlocks:
    def test_larger_lines_are_headings(self) -> None:
        def draw(canvas: Canvas) -> None:
            y = put(canvas, ["The Title of It"], 72, 760, size=20)
            y = put(
                canvas, ["One sentence stands here.", "Another one stands below it."], 72, y - 10
            )
            y = put(canvas, ["What Followed"], 72, y - 10, size=14)
            put(canvas, ["A third sentence ends the page."], 72, y - 10)

        parsed = parse("a.pdf", make(draw))
        assert parsed.metadata.title == "The Title of It"
        assert [paragraph.heading for paragraph in parsed.paragraphs] == ["", "What Followed"]
        assert quotable(parsed) == [
            "One sentence stands here. Another one stands below it.",
            "A third sentence ends the page.",
        ]

    def test_gaps_and_indents_part_paragraphs(self) -> None:
        first = wrap(" ".join(sentence(1, number) for number in range(4)), 400)
        second = wrap(" ".join(sentence(2, number) for number in range(4)), 400)
        third = wrap(" ".join(sentence(3, number) for number in range(4)), 400)

        def draw(canvas: Canvas) -> None:
            y = put(canvas, first, 72, 700)
            y = put(canvas, second[:1], 90, y)
            y = put(canvas, second[1:], 72, y)
            put(canvas, third, 72, y - 10)

        found = quotable(parse("a.pdf", make(draw)))
        assert [text[:8] for text in found] == ["Note 1x0", "Note 2x0", "Note 3x0"]

    @pytest.mark.parametrize("by_row", [False, True])
    def test_what_is_wide_parts_the_columns(self, by_row: bool) -> None:
        columns = [
            wrap(" ".join(sentence(band, number) for number in range(at, at + 3)), 210)
            for band in (1, 2)
            for at in (0, 5)
        ]

        def draw(canvas: Canvas) -> None:
            put(canvas, ["What the Councils of the Border Districts Said"], 72, 780, size=18)
            put(canvas, wrap(" ".join(sentence(9, number) for number in range(3)), 448), 72, 740)
            for top, left, right in ((680, *columns[:2]), (400, *columns[2:])):
                step = 1 if by_row else len(left)
                for at in range(0, len(left), step):
                    put(canvas, left[at : at + step], 72, top - at * LEADING)
                    put(canvas, right[at : at + step], 310, top - at * LEADING)
            put(canvas, wrap(sentence(8, 0) + sentence(8, 1), 448), 72, 450)

        parsed = parse("a.pdf", make(draw))
        order = [
            (9, 0),
            (9, 2),
            (1, 0),
            (1, 2),
            (1, 5),
            (1, 7),
            (8, 0),
            (2, 0),
            (2, 2),
            (2, 5),
            (2, 7),
        ]
        found = [parsed.text.index(sentence(*key)) for key in order]
        assert found == sorted(found)
        assert parsed.metadata.title == "What the Councils of the Border Districts Said"

    def test_items_of_a_list_stay_apart(self) -> None:
        items = ["• the first of them", "• the second", "• the third one"]
        assert read_lines("A sentence that opens it.", *items) == [
            "A sentence that opens it.",
            *items,
        ]

    def test_the_rows_of_a_table_stay_whole(self) -> None:
        def draw(canvas: Canvas) -> None:
            for at in range(10):
                put(canvas, [f"District {at}"], 72, 700 - at * 30)
                put(canvas, [f"{at * 7} people"], 320, 700 - at * 30)

        assert quotable(parse("a.pdf", make(draw))) == [
            f"District {at} | {at * 7} people" for at in range(10)
        ]


class TestMetadata:
    def _with(self, **said: str) -> Parsed:
        def draw(canvas: Canvas) -> None:
            for name, value in said.items():
                getattr(canvas, f"set{name.title()}")(value)
            put(canvas, ["A sentence of the document."], 72, 700)

        return parse("report.pdf", make(draw, lang="pt-BR", invariant=1))

    def test_what_the_file_says(self) -> None:
        metadata = self._with(title="On  borders", author="A. Writer").metadata
        assert (metadata.title, metadata.author) == ("On borders", "A. Writer")
        assert metadata.published == date(2000, 1, 1)
        assert metadata.language == "pt-BR"

    @pytest.mark.parametrize(
        ("creator", "producer", "is_copy"),
        [
            ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0", "Skia/PDF m120", True),
            ("", "wkhtmltopdf 0.12.6", True),
            ("ScanSnap Manager", "ocrmypdf 16.1", True),
            ("", "Skia/PDF m120 Google Docs Renderer", False),
            ("Microsoft Word", "macOS Quartz PDFContext", False),
        ],
    )
    def test_the_day_of_a_copy_is_not_the_texts(
        self, creator: str, producer: str, is_copy: bool
    ) -> None:
        metadata = self._with(creator=creator, producer=producer).metadata
        assert (metadata.published is None) == is_copy

    @pytest.mark.parametrize(
        "title",
        [
            "Microsoft Word - x.doc",
            "Untitled-1",
            "draft.docx",
            "report",
            "(anonymous)",
            "PowerPoint Presentation",
            "PowerPoint-Präsentation",
            "Budget.xlsx",
            "Microsoft PowerPoint - talk [Compatibility Mode]",
            "Untitled Document",
            "Ohne Titel",
            "LaTeX with hyperref",
            "Scan_20210710",
            "https://example.org/print?id=3",
            "Full page fax print",
        ],
    )
    def test_junk_is_no_title(self, title: str) -> None:
        metadata = self._with(title=title, author="anonymous").metadata
        assert (metadata.title, metadata.author) == (None, None)

    @pytest.mark.parametrize(
        "title", ["Scanning the Border", "Document of the Year 2021", "Reports on 3 Districts"]
    )
    def test_what_only_looks_like_junk_is_a_title(self, title: str) -> None:
        assert self._with(title=title).metadata.title == title


class TestRefused:
    def _refusal(self, data: bytes) -> str:
        with pytest.raises(DocumentError) as raised:
            parse("a.pdf", data)
        assert "\n" not in str(raised.value)
        return str(raised.value)

    @pytest.mark.slow
    def test_a_scan(self) -> None:
        def draw(canvas: Canvas) -> None:
            for _ in range(3):
                canvas.drawImage(ImageReader(Image.new("RGB", (80, 80), "grey")), 0, 0, 500, 700)
                canvas.showPage()

        assert "has 3 pages without text; " in self._refusal(make(draw))

    def test_an_encrypted_file(self) -> None:
        data = make(
            lambda canvas: put(canvas, ["A secret."], 72, 700), encrypt=StandardEncryption("x")
        )
        assert "password" in self._refusal(data)

    def test_a_file_locked_only_against_changes_is_read(self) -> None:
        lock = StandardEncryption("", ownerPassword="x")
        data = make(lambda canvas: put(canvas, ["No secret at all."], 72, 700), encrypt=lock)
        assert quotable(parse("a.pdf", data)) == ["No secret at all."]

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"a text", b"\0" * 5000])
    def test_what_is_no_pdf(self, data: bytes) -> None:
        assert "not a PDF" in self._refusal(data)

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_a_file_cut_short_is_read_or_refused(self, share: float) -> None:
        data = make(lambda canvas: put(canvas, ["A sentence."] * 20, 72, 700))
        with suppress(DocumentError):
            assert quotable(parse("a.pdf", data[: int(len(data) * share)]))

    @pytest.mark.parametrize("far", [1e5, -1e7])
    def test_text_far_off_the_page_is_left_out(self, far: float) -> None:
        def draw(canvas: Canvas) -> None:
            put(canvas, ["A sentence on the page."], 72, 700)
            put(canvas, ["A sentence off the page."], far, 700)
            put(canvas, ["Another sentence off the page."], 72, far)

        assert quotable(parse("a.pdf", make(draw))) == ["A sentence on the page."]

    def test_too_many_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "MAX_PAGES", 4)
        data = make(lambda canvas: [canvas.showPage() for _ in range(5)] and None)
        assert "5 pages, 4 is the limit; split the file" in self._refusal(data)
