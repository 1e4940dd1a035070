"""What it costs to take a word for another one."""

from __future__ import annotations

import pytest

from index.text.spelling.slips import max_edits, regular, slip


@pytest.mark.parametrize(
    ("term", "edits"), [("abc", 0), ("abcd", 1), ("abcdefghi", 2), ("ab12", 0)]
)
def test_how_many_letters_may_be_wrong(term: str, edits: int) -> None:
    assert max_edits(term) == edits


@pytest.mark.parametrize(
    ("word", "nearer", "farther"),
    [
        ("tommorow", "tomorrow", "tombstone"),
        ("cought", "caught", "cough"),
        ("cought", "caught", "fought"),
        ("meny", "many", "men"),
        ("fleing", "fleeing", "flying"),
        ("siad", "said", "sand"),
        ("houde", "house", "houle"),
    ],
)
def test_some_slips_are_likelier(word: str, nearer: str, farther: str) -> None:
    near, far = slip(word, nearer), slip(word, farther)
    assert near is not None
    assert far is None or near < far


def test_a_word_that_is_too_far_is_none() -> None:
    assert slip("herat", "heart") is not None
    assert slip("herat", "hearts") is None


@pytest.mark.parametrize(
    ("word", "right"),
    [("denyed", "denied"), ("countrys", "countries"), ("played", "played"), ("keys", "keys")],
)
def test_forms_made_by_the_rule(word: str, right: str) -> None:
    assert regular(word) == right
