"""The words of a language, in their forms."""

from __future__ import annotations

import pytest

from index.text.lexicon import is_common, is_word


@pytest.mark.parametrize(
    ("word", "language"),
    [("bestreitet", "de"), ("Kostet", "de-DE"), ("coûte", "fr"), ("стоит", "ru"), ("cuesta", "es")],
)
def test_forms_are_words(word: str, language: str) -> None:
    assert is_word(word, [language])
    assert not is_word(f"{word}xq", [language])


def test_other_languages_do_not_count() -> None:
    assert not is_word("bestreitet", ["fr", "uk"])
    assert not is_word("kabul", ["en"])
    assert not is_word('a": 1', ["de"])


def test_names_are_not_common() -> None:
    assert is_common("large")
    assert not is_common("kabul")
    assert not is_common("Tadschikistan")
