"""Lines become paragraphs: hanging indents, bullets, large sentences, notes, compounds."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.parsers import parse
from tests.support.drawing import make, page_of, put, quotable, sentence, wrap
from tests.support.folders import Shelf

NOTES = [
    "1 Letter of the insurer to the owner,",
    "whose text has been lost but was quoted by",
    "the court in its ruling.",
    "2 The ship was sold in 2019.",
]
PROSE = wrap(" ".join(sentence(1, at) for at in range(4)), 440)


def read(*lines: tuple[str, float, int]) -> list[str]:
    """The paragraphs of lines of (text, x, size) above a paragraph of prose."""

    def draw(canvas: Canvas) -> None:
        y = 760.0
        for text, x, size in lines:
            y = put(canvas, [text], x, y, size)
        put(canvas, PROSE, 72, y - 20)

    return quotable(parse("a.pdf", make(draw)))[:-1]


class TestIndents:
    def test_a_hanging_indent_is_one_paragraph(self) -> None:
        items = [" ".join(sentence(item, at) for at in range(2)) for item in (3, 4)]

        def draw(canvas: Canvas) -> None:
            y = put(canvas, PROSE, 72, 760) - 10
            for item in items:
                first, *rest = wrap(item, 430)
                y = put(canvas, [first], 72, y)
                y = put(canvas, rest, 100, y)

        assert quotable(parse("a.pdf", make(draw)))[1:] == items

    def test_a_short_line_above_an_indent_is_not(self) -> None:
        said = wrap(sentence(3, 0), 400)
        found = read(("He said this to them:", 72, 10), *((line, 100, 10) for line in said))
        assert found == ["He said this to them:", " ".join(said)]

    def test_a_larger_bullet_belongs_to_its_line(self) -> None:
        def draw(canvas: Canvas) -> None:
            for at, text in enumerate(["The wall is raised.", "Pumps are bought."]):
                put(canvas, ["•"], 72, 699 - at * 12, 16)
                put(canvas, [text], 84, 700 - at * 12)
            put(canvas, PROSE, 72, 600)

        assert quotable(parse("a.pdf", make(draw)))[:2] == [
            "• The wall is raised.",
            "• Pumps are bought.",
        ]


class TestLargeType:
    def test_whole_sentences_are_text(self) -> None:
        found = read(
            ("Report of the Harbour", 72, 20),
            ("The harbour handled more ships in 2021 than in any year", 72, 14),
            ("before, and its income rose.", 72, 14),
        )
        assert found == [
            "The harbour handled more ships in 2021 than in any year before, and its income rose."
        ]

    @pytest.mark.parametrize("title", ["The Council Met in May.", "What did the council decide?"])
    def test_a_short_line_is_a_heading(self, title: str) -> None:
        assert read((title, 72, 14)) == []


class TestNotes:
    def test_between_the_halves_of_a_sentence_over_pages(self) -> None:
        def draw(canvas: Canvas) -> None:
            put(
                canvas,
                [*PROSE[:-1], "and the court found that he told nobody but his"],
                72,
                760,
            )
            put(canvas, ["1 Letter of the insurer to the owner, 3 May 2017."], 72, 100, 8)
            canvas.showPage()
            put(canvas, ["insurer, which had raised the premium.", *PROSE], 72, 760)

        parsed = parse("a.pdf", make(draw))
        found = quotable(parsed)
        assert found[0].endswith("nobody but his insurer, which had raised the premium.")
        assert found[1] == "1 Letter of the insurer to the owner, 3 May 2017."
        assert page_of(parsed, "insurer, which had") == 2
        assert page_of(parsed, "Letter of the insurer") == 1
        assert page_of(parsed, found[2]) == 2

    def test_a_note_that_goes_on_overleaf(self, shelf: Shelf) -> None:
        def draw(canvas: Canvas) -> None:
            for first, last, notes in (
                ("", "and the court found that he told nobody but his", NOTES[:2]),
                ("insurer, which had raised the premium.", "They went home.", NOTES[2:]),
            ):
                put(canvas, [*filter(None, [first]), *PROSE[:-1], last], 72, 760)
                put(canvas, notes, 72, 100, 8)
                canvas.showPage()
            put(canvas, PROSE, 72, 760)

        shelf.write("a.pdf", make(draw))
        shelf.sync()
        library = shelf.open()
        assert library.find_faults() == []
        pages = {
            quote.text: quote.page
            for asked in ("letter of the insurer", "the ship was sold", "raised the premium")
            for quote in library.ask(asked).quotes
        }
        note = (
            "1 Letter of the insurer to the owner, whose text has been lost but was quoted by the "
            "court in its ruling."
        )
        assert pages[note] == 1
        assert pages["2 The ship was sold in 2019."] == 2
        assert next(page for text, page in pages.items() if "raised the premium" in text) == 1

    def test_between_the_halves_of_a_sentence_over_columns(self) -> None:
        text = wrap(" ".join(sentence(2, at) for at in range(5)), 210)

        def draw(canvas: Canvas) -> None:
            put(canvas, [*text[:-1], "and the owner of the ship told"], 72, 760)
            put(canvas, ["* Letter of the owner, 3 May 2017."], 72, 500, 7)
            put(canvas, ["the crew nothing about it at all.", *text], 310, 760)

        found = quotable(parse("a.pdf", make(draw)))
        assert found[0].endswith("the owner of the ship told the crew nothing about it at all.")
        assert found[1] == "* Letter of the owner, 3 May 2017."


class TestCompounds:
    @pytest.mark.parametrize(
        ("first", "second", "joined"),
        [
            ("They have a long-", "term plan for it.", "a long-term plan"),
            ("It is a plan of three years, a three-", "year plan.", "a three-year plan"),
            ("The state owned it: state-", "owned ships.", "state-owned ships"),
            ("It is a ten-mile road and a ten-", "mile walk.", "a ten-mile walk"),
            ("They were told the govern-", "ment is happy.", "the government is"),
            ("They came after all and with-", "drew at once.", "and withdrew at"),
        ],
    )
    def test_keep_their_hyphen(self, first: str, second: str, joined: str) -> None:
        (found,) = read((first, 72, 10), (second, 72, 10))
        assert joined in found
