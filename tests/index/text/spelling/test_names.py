"""Names in small letters that no document has."""

from __future__ import annotations

import pytest

from index.text.spelling.names import unheard_names


def unheard(question: str, *known: str) -> list[str]:
    return list(unheard_names(question.split(), known.__contains__))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("is kabul taken by them yet", ["kabul"]),
        ("what did they say on twitter", ["twitter"]),
        ("did nokia sue microsoft", ["nokia", "microsoft"]),
        ("is berlin in france", ["berlin", "france"]),
    ],
)
def test_rare_words_without_other_forms_are_names(question: str, names: list[str]) -> None:
    assert unheard(question) == names


@pytest.mark.parametrize(
    "question",
    [
        "who pummeled the constituencies",  # forms of words
        "how long is the breakwater",  # with an article
        "which is the wettest and snowiest",
        "how do i descale it overwhelmingly",
        "does a reinforcement of nationalism help",  # made of words
        "who killed the dragon",  # frequent
        "is Kabul taken",  # its capital tells
        "who is zxqvbn",  # not a word of any kind
    ],
)
def test_other_words_are_not(question: str) -> None:
    assert unheard(question) == []


def test_names_of_the_documents_are_not_unheard() -> None:
    assert unheard("is kabul near kandahar", "kabul") == ["kandahar"]
