"""The pictures of the documents show what the bot replies."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree.ElementTree import Element, fromstring

import pytest

from index.core.settings import SEEDS
from tests.picture import SCENES, picture_of, play
from tests.support.bubbles import BUBBLE, PADDING, WIDTH, Block, measure, runs_of, wrap

SVG = "{http://www.w3.org/2000/svg}"


def text_of(quote: Element) -> str:
    """Return what stands in a quote, its lines joined again."""
    lines = groupby(quote.iter(f"{SVG}text"), lambda run: run.get("y"))
    return " ".join("".join(run.text or "" for run in runs) for _, runs in lines)


def drawn(name: str) -> Element:
    return fromstring(picture_of(name).read_text(encoding="utf-8"))


def quotes() -> list[Element]:
    picture = drawn("answer")
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
    assert bold[0].endswith("Iran, Tajikistan, Turkmenistan, China and Pakistan")
    assert all(bold)


@pytest.mark.parametrize("name", SCENES)
def test_no_line_leaves_the_picture(name: str) -> None:
    picture = drawn(name)
    runs = [run for run in picture.iter(f"{SVG}text") if run.get("textLength")]
    assert len(runs) > 3
    for run in runs:
        is_sent = float(run.get("x", 0)) > 16 + PADDING + 60
        end = float(run.get("x", 0)) + float(run.get("textLength", 0))
        assert end <= (WIDTH - 16 - PADDING if is_sent else 16 + BUBBLE - PADDING)


@pytest.mark.parametrize("name", SCENES)
def test_they_need_nothing_from_elsewhere(name: str) -> None:
    text = picture_of(name).read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|href=|url\((?!#)|@import", text)


def test_lines_are_broken_at_spaces() -> None:
    block = Block("one two three four", [""] * 18, is_quote=True)
    width = measure(runs_of(block, 8, 18))
    assert ["".join(run.text for run in line) for line in wrap(block, width)] == [
        "one two",
        "three four",
    ]


@pytest.mark.slow
async def test_they_are_what_the_bot_replies() -> None:
    for name, picture in (await play(SCENES)).items():
        assert picture == picture_of(name).read_text(encoding="utf-8"), name
