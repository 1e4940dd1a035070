"""The picture of the README shows what the bot answers."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree.ElementTree import Element, fromstring

import pytest

from index.core.settings import SEEDS
from tests.picture import (
    BUBBLE,
    PADDING,
    PICTURE,
    QUESTION,
    Block,
    ask_bot,
    draw,
    measure,
    runs_of,
    wrap,
)

SVG = "{http://www.w3.org/2000/svg}"


def text_of(quote: Element) -> str:
    """Return what stands in a quote, its lines joined again."""
    lines = groupby(quote.iter(f"{SVG}text"), lambda run: run.get("y"))
    return " ".join("".join(run.text or "" for run in runs) for _, runs in lines)


def quotes() -> list[Element]:
    picture = fromstring(PICTURE.read_text(encoding="utf-8"))
    return [group for group in picture.iter(f"{SVG}g") if group.get("class") == "quote"]


def test_every_quote_is_the_text_of_the_article() -> None:
    article = "\n".join(path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt"))
    shown = [text_of(quote) for quote in quotes()]
    assert len(shown) == 3
    for text in shown:
        assert any(text in paragraph for paragraph in article.split("\n"))


def test_the_short_answers_are_bold() -> None:
    bold = [
        " ".join(run.text or "" for run in quote.iter(f"{SVG}text") if run.get("class") == "bold")
        for quote in quotes()
    ]
    assert bold[0] == "Iran, Tajikistan, Turkmenistan, China and Pakistan"
    assert all(bold)


def test_no_line_leaves_the_bubble() -> None:
    picture = fromstring(PICTURE.read_text(encoding="utf-8"))
    runs = [run for run in picture.iter(f"{SVG}text") if run.get("textLength")]
    assert len(runs) > 20
    for run in runs[1:]:  # the first is the question
        assert float(run.get("x", 0)) + float(run.get("textLength", 0)) <= 16 + BUBBLE - PADDING


def test_it_needs_nothing_from_elsewhere() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|href=|url\((?!#)|@import", text)


def test_lines_are_broken_at_spaces() -> None:
    block = Block("one two three four", [""] * 18, is_quote=True)
    width = measure(runs_of(block, 8, 18))
    assert ["".join(run.text for run in line) for line in wrap(block, width)] == [
        "one two",
        "three four",
    ]


@pytest.mark.slow
async def test_it_is_what_the_bot_answers() -> None:
    assert draw(QUESTION, await ask_bot()) == PICTURE.read_text(encoding="utf-8")
