"""Markup adds elements, never characters."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from bot.errors import VerbatimError
from bot.web import layout
from bot.web.layout import changes, marked, page_of
from index.core.documents import Span
from index.store.context import Outline
from index.text.diff import compare

TEXT = "One <b>& two.\r\nStill one.\n\nHEADING\n\nThree, four.  Five."
OUTLINE = Outline(TEXT, ((1, Span(0, 25)), (2, Span(36, len(TEXT)))), ((1, 0), (2, 36), (3, 43)))
TEXTS = st.text(st.sampled_from("ab .<>&\"'\r\n\t\u00a0\u202e\u05d0é—😀"), min_size=1, max_size=60)


def tree(markup: str) -> html.HtmlElement:
    return html.fragment_fromstring(markup, create_parent="div")


@st.composite
def outlines(draw: st.DrawFn) -> tuple[Outline, Span, list[Span]]:
    text = draw(TEXTS)
    places = st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted)
    borders = draw(places)
    pairs = zip(borders[::2], borders[1::2], strict=False)
    paragraphs = tuple((at, Span(*pair)) for at, pair in enumerate(pairs, 1))
    pages = tuple(enumerate(draw(places), 1))
    start = draw(st.integers(0, len(text) - 1))
    quote = Span(start, draw(st.integers(start + 1, len(text))))
    cuts = draw(places)
    bold = [Span(*pair) for pair in pairwise(cuts)]
    return Outline(text, paragraphs, pages), quote, bold


@given(outlines())
def test_the_mark_is_the_quote_character_for_character(
    made: tuple[Outline, Span, list[Span]],
) -> None:
    outline, quote, bold = made
    page = tree(page_of(outline, quote, bold))
    (mark,) = page.xpath(".//mark[@id='quote']")
    assert mark.text_content() == quote.cut(outline.text)
    shown = page.text_content()
    assert "".join(shown.split()) == "".join(outline.text.split())


def test_a_document_is_laid_out_in_numbered_paragraphs() -> None:
    page = tree(page_of(OUTLINE, None))
    paragraphs = [(p.get("id"), p.text_content()) for p in page.iter("p")]
    assert paragraphs == [
        ("p1", "One <b>& two.\r\nStill one."),
        (None, "HEADING"),
        ("p2", "Three, four.  Five."),
    ]
    assert page.xpath(".//*[@class='page']/@data-page") == ["1", "2", "3"]
    assert page.xpath(".//p//*[@class='page']/@data-page") == ["3"]
    assert not page.xpath(".//mark")


def test_a_quote_over_several_paragraphs_is_one_mark() -> None:
    quote = Span(4, 41)
    page = tree(page_of(OUTLINE, quote, [Span(36, 41), Span(0, 2)]))
    (mark,) = page.xpath(".//mark")
    assert mark.text_content() == quote.cut(TEXT)
    assert [b.text_content() for b in mark.iter("b")] == ["Three"]
    assert len(page.findall("p")) == 1


def test_markup_in_a_quote_is_text() -> None:
    assert marked("<script>&", 10, [Span(11, 17)]) == "&lt;<b>script</b>&gt;&amp;"
    assert "<script>" not in changes(compare("a <script> b", "a <style> b"))


def test_a_quote_that_would_be_changed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "escape", lambda text: layout.Markup(text.strip()))
    with pytest.raises(VerbatimError):
        marked(" a", 0)
