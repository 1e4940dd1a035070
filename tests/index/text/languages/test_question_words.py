"""Question words as people type them, and the languages that they tell."""

from __future__ import annotations

import pytest

from index.text.languages.question_words import asking_language, is_question_word
from index.text.languages.stop_words import STOP_WORDS


@pytest.mark.parametrize(
    "word",
    ["Wer", "cuando", "cuándo", "où", "ou", "Сколько", "скока", "котрій", "چنده", "ومتى", "وکی"],
)
def test_words_that_ask(word: str) -> None:
    assert is_question_word(word)


@pytest.mark.parametrize("word", ["мост", "Brücke", "وزير", "و", ""])
def test_others(word: str) -> None:
    assert not is_question_word(word)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("кто пришёл", "ru"),
        ("хто прийшов", "uk"),
        ("كيست", "fa"),
        ("لماذا", "ar"),
        ("wer kam", "de"),
        ("combien", "fr"),
        ("quien vino", "es"),
        ("who came", "en"),
        ("who kam wer", None),  # of two languages
        ("was", None),  # of English and German
        ("من", None),  # "from" in Arabic, "I" in Persian
        ("мост", None),
    ],
)
def test_the_language_that_a_question_word_tells(text: str, language: str | None) -> None:
    assert asking_language(text.split()) == language


def test_each_language_of_the_interface_has_some() -> None:
    asked = {"en": "who", "de": "wer", "es": "quién", "fr": "qui", "ru": "кто", "uk": "хто"}
    asked |= {"fa": "چرا", "ar": "متى"}
    assert asked.keys() == STOP_WORDS.keys()
    assert all(map(is_question_word, asked.values()))
