"""What people type, as questions: without courtesies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.question import as_question, asks_nothing

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
def test_words_that_are_no_courtesy_stay(text: str) -> None:
    assert as_question(text) == text


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("and when?", True),
        ("ومتى؟", True),
        ("а хто?", True),
        ("y cuándo", True),
        ("und wer", True),
        ("و کی؟", True),
        ("et pourquoi ?", True),
        ("y en 2019?", True),
        ("а в 2019 году?", True),
        ("و در سال ۱۴۰۰؟", True),
        ("in 2019", False),
        ("and in Herat?", False),
        ("who fled?", False),
        ("кто ушёл", False),
        ("متى يغلق", False),
        ("???", False),
    ],
)
def test_question_words_alone_ask_nothing(text: str, nothing: bool) -> None:
    assert asks_nothing(text) is nothing


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


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("how many any idea who fled", "how many fled?"),
        ("who, do you know, built the bridge", "who built the bridge?"),
        ("which towns, if you know, fell", "which towns fell?"),
        ("any idea who built it", "who built it?"),
        ("when pls did it fall", "when did it fall?"),
        ("What do you know about the dam?", "What do you know about the dam?"),
        ("How do you know it fell?", "How do you know it fell?"),
        ("Did they have any idea of the flood?", "Did they have any idea of the flood?"),
    ],
)
def test_fillers_amid_a_question_are_left_out(typed: str, asked: str) -> None:
    assert as_question(typed) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("is it true that the bridge fell", "the bridge fell?"),
        ("Is it right that he left?", "he left?"),
        ("is it true or false that it rains", "is it true or false that it rains?"),
        ("is it correct to say that", "is it correct to say that?"),
        ("is it true?", "is it true?"),
    ],
)
def test_whether_it_is_true_is_not_read(text: str, asked: str) -> None:
    assert as_question(text) == asked
