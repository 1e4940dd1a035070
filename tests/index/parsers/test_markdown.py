"""Markdown files: their blocks are paragraphs, and each is a slice of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.parsers import parse
from tests.support.paragraphs import check_paragraphs, headings, quotable

BODY = "The first sentence of it. And a second one."


def markdown(text: str) -> Parsed:
    return parse("file.md", text.encode())


class TestMarkdown:
    PAGE = (
        "# The *title* of it",
        "",
        BODY,
        "",
        "## A section",
        "",
        "- an item",
        "* another",
        "",
        "1. a third",
        "",
        "> quoted it is",
        "",
        "| name | number |",
        "|------|-------:|",
        "| fox  | 7      |",
        "",
        "```python",
        "x = 1",
        "y = 2",
        "```",
        "",
        "Photo: AP",
        "",
        "Setext",
        "------",
        "",
        "The *end* of [it](http://a.example).",
    )

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_blocks(self, end: str) -> None:
        parsed = markdown(end.join([*self.PAGE, ""]))
        assert parsed.metadata.title == "The title of it"
        assert quotable(parsed) == [
            BODY,
            "an item",
            "another",
            "a third",
            "quoted it is",
            "| name | number |",
            "| fox  | 7      |",
            "x = 1",
            "y = 2",
            "The *end* of [it](http://a.example).",
        ]
        assert headings(parsed) == ["", *["A section"] * 8, "Setext"]

    def test_the_title_of_the_front_matter_is_kept(self) -> None:
        parsed = markdown(f"---\ntitle: One\n---\n# Two\n\n{BODY}\n")
        assert parsed.metadata.title == "One"
        assert headings(parsed) == ["Two"]

    @pytest.mark.parametrize("before", ["> ", "- An item.\n\n  ", "1. An item.\n\n   "])
    @pytest.mark.parametrize("body", ["12 people died.", "2021 was a year.", "*He* left."])
    def test_only_marks_are_cut_off_before_a_paragraph(self, before: str, body: str) -> None:
        assert quotable(markdown(before + body))[-1] == body

    @pytest.mark.parametrize("text", ["```\none = 1\ntwo = 2\n", "```\none = 1\ntwo = 2"])
    def test_a_code_block_that_is_not_closed(self, text: str) -> None:
        assert quotable(markdown(text)) == ["one = 1", "two = 2"]

    @given(
        st.lists(
            st.sampled_from(
                [
                    *PAGE,
                    "  ",
                    "    code",
                    "> - a",
                    "- - b",
                    "~~~",
                    "<b>html</b>",
                    "***",
                    "\\",
                    "12. x",
                ]
            ),
            max_size=12,
        ),
        st.sampled_from(["\n", "\r\n", "\r"]),
    )
    def test_paragraphs_are_ordered_slices_without_white_space_around(
        self, lines: list[str], end: str
    ) -> None:
        check_paragraphs(markdown, end.join(lines))
