"""Recognized words become paragraphs, and pages of them take their place in a document."""

from __future__ import annotations

from itertools import pairwise

from index.core.documents import Paragraph, Parsed, Span
from index.parsers.ocr.layout import compose, splice
from index.parsers.ocr.tesseract import Block, Word


def block(*lines: str, top: float = 0.5, unsure: tuple[str, ...] = ()) -> Block:
    """Return a paragraph of these lines; the words of `unsure` are doubtful."""
    return Block(
        [
            [Word(text, 30 if text in unsure else 95, (1, 1, 1, at), top, top) for text in words]
            for at, words in enumerate(map(str.split, lines))
        ],
        top,
        top + 0.01,
    )


def quoted(parsed: Parsed) -> list[str]:
    return [one.span.cut(parsed.text) for one in parsed.paragraphs]


class TestPage:
    def test_lines_are_joined_and_so_are_words_cut_at_their_ends(self) -> None:
        (page,) = compose([[block("The red fox sle-", "eps in the well-known", "mill.")]])
        assert quoted(page) == ["The red fox sleeps in the well-known mill."]

    def test_a_sentence_that_was_split_is_whole_again(self) -> None:
        (page,) = compose(
            [[block("The red fox"), block("sleeps in", "the mill."), block("It is.")]]
        )
        assert quoted(page) == ["The red fox sleeps in the mill.", "It is."]

    def test_a_doubtful_word_is_known_by_its_place(self) -> None:
        (page,) = compose([[block("The red fox"), block("It sleeps", "here.", unsure=("here.",))]])
        assert [span.cut(page.text) for span in page.doubtful] == ["here."]

    def test_a_heading_is_not_quoted(self) -> None:
        (page,) = compose([[block("The Old Mill"), block("A fox sleeps there.")]])
        assert [(one.heading, one.span.cut(page.text)) for one in page.paragraphs] == [
            ("The Old Mill", "A fox sleeps there.")
        ]

    def test_page_numbers_and_running_heads_go(self) -> None:
        pages = [
            [block(f"The Herald {at}", top=0.02), block(f"Fox {at} sleeps."), block(str(at), top=1)]
            for at in range(3)
        ]
        assert [page.text for page in compose(pages)] == [f"Fox {at} sleeps." for at in range(3)]


class TestSplice:
    FOX, DOG, CAT = "A fox sleeps.", "A dog barks.", "A cat purrs."

    def page(self, text: str) -> Parsed:
        return Parsed(text, (Paragraph(Span(0, len(text))),), doubtful=(Span(2, 5),))

    def document(self, text: str, *pages: int) -> Parsed:
        starts = [0]
        for part in text.split("\n\n"):
            starts.append(starts[-1] + len(part) + 2)
        spans = [Span(a, b - 2) for a, b in pairwise(starts)]
        return Parsed(text, tuple(map(Paragraph, spans)), pages=pages)

    def check(self, parsed: Parsed, pages: dict[int, str]) -> None:
        """Check that each page begins with its text."""
        for number, text in pages.items():
            assert parsed.text[parsed.pages[number - 1] :].startswith(text)
        assert {span.cut(parsed.text) for span in parsed.doubtful} <= {"fox", "dog", "cat"}

    def test_before_between_and_after(self) -> None:
        before = self.document(f"{self.DOG}\n\n{self.DOG}", 0, 0, 14, 14, 26)
        pages = {1: self.page(self.FOX), 3: self.page(self.CAT), 5: self.page("x fox")}
        parsed = splice(before, pages)
        assert parsed.text == "\n\n".join([self.FOX, self.DOG, self.CAT, self.DOG, "x fox"])
        assert quoted(parsed) == parsed.text.split("\n\n")
        self.check(parsed, {1: self.FOX, 2: self.DOG, 3: self.CAT, 4: self.DOG, 5: "x fox"})

    def test_two_in_a_row_and_a_blank_one(self) -> None:
        before = self.document(self.DOG, 0, 12, 12, 12)
        parsed = splice(before, {2: self.page(self.FOX), 3: Parsed("", ()), 4: self.page(self.CAT)})
        assert quoted(parsed) == [self.DOG, self.FOX, self.CAT]
        self.check(parsed, {1: self.DOG, 2: self.FOX, 4: self.CAT})

    def test_nothing_but_such_pages(self) -> None:
        before = Parsed("", (), pages=(0, 0))
        parsed = splice(before, {1: self.page(self.FOX), 2: self.page(self.CAT)})
        assert parsed.text == f"{self.FOX}\n\n{self.CAT}"
        assert quoted(parsed) == [self.FOX, self.CAT]
        self.check(parsed, {1: self.FOX, 2: self.CAT})

    def test_a_paragraph_that_runs_on_across_it_is_cut(self) -> None:
        text = "A dog barks at the river."
        before = Parsed(text, (Paragraph(Span(0, 25)),), pages=(0, 12, 12))
        parsed = splice(before, {2: self.page(self.FOX)})
        assert quoted(parsed) == ["A dog barks", self.FOX, "at the river."]
        self.check(parsed, {1: "A dog", 2: self.FOX, 3: "at the river."})
