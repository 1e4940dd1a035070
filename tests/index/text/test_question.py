"""What people type, as questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.question import as_question

ASKED = "which borders did the Taliban reach?"


@pytest.mark.parametrize(
    "text",
    [
        "which borders did the Taliban reach",
        " which borders\ndid the  Taliban reach ??",
        "which borders did the Taliban reach...",
        "Hi, can you tell me which borders did the Taliban reach",
        "hello there! which borders did the Taliban reach? Thanks in advance!",
        "Good morning. Please tell us: which borders did the Taliban reach, please",
        "Please, which borders did the Taliban reach?",
        "Could you please tell me please which borders did the Taliban reach?",
        "hi does anyone know which borders did the Taliban reach",
        "I'd like to know which borders did the Taliban reach. thank you",
    ],
)
def test_courtesies_and_marks(text: str) -> None:
    assert as_question(text) == ASKED


@pytest.mark.parametrize(
    "text",
    [
        "Hello Kitty sells where?",
        "Tell me about Herat?",
        "Hi?",
        "Please?",
        "Please Please Me was recorded when?",
        "Who says please to whom?",
        "Who said thanks?",
        "How many people can tell us apart?",
        "¿Dónde está Herat?",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert as_question(text) == text


def test_whether() -> None:
    assert as_question("Do you know if Herat fell?") == "Herat fell?"


@pytest.mark.parametrize("text", ["???", "", "…"])
def test_marks_alone_stay(text: str) -> None:
    assert as_question(text) == text


@given(st.text(max_size=60))
def test_any_text_keeps_words(text: str) -> None:
    asked = as_question(text)
    assert bool(asked.strip()) == bool(text.strip())
    assert asked == text or asked.endswith("?")
