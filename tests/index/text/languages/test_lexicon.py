"""The words of a language, in their forms."""

from __future__ import annotations

import pytest

from index.text.languages.lexicon import common, is_common, is_verb, is_word


@pytest.mark.parametrize(
    ("word", "language"),
    [("bestreitet", "de"), ("Kostet", "de-DE"), ("coûte", "fr"), ("стоит", "ru"), ("cuesta", "es")],
)
def test_forms_are_words(word: str, language: str) -> None:
    assert is_word(word, [language])
    assert not is_word(f"{word}xq", [language])


def test_other_languages_do_not_count() -> None:
    assert not is_word("bestreitet", ["fr", "uk"])
    assert is_word("kabul", ["en"])
    assert not is_word('a": 1', ["de"])


def test_names_are_not_common() -> None:
    assert is_common("large")
    assert not is_common("kabul")
    assert not is_common("Tadschikistan")


def test_verbs_have_forms_of_verbs() -> None:
    assert all(map(is_verb, ["rescue", "blame", "stop", "take"]))
    assert not any(map(is_verb, ["episode", "amendment", "independent", "president"]))


@pytest.mark.slow
def test_common_words_have_a_weight_and_their_accents() -> None:
    words = common("fr")
    assert words["ete"].word == "été"
    assert 0 <= words["matin"].weight < words["bien"].weight <= 0.3
    assert "many" in common("en")
    assert "kabul" not in common("en")
    assert common("uk") == {}
