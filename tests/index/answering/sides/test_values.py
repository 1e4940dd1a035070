"""Short answers that agree, leave room for each other, or do not."""

from __future__ import annotations

import pytest

from index.answering.sides.values import compare, kind_of


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("12", "twelve", "same"),
        ("a dozen", "12", "same"),
        ("1.5 billion dollars", "1,500 million dollars", "same"),
        ("two weeks", "14 days", "same"),
        ("half", "50 percent", "same"),
        ("about 100", "97", "compatible"),
        ("nearly 5,000", "4,812", "compatible"),
        ("more than 1,000", "1,240", "compatible"),
        ("at least 20", "23", "compatible"),
        ("1.2 million", "1,183,000", "compatible"),
        ("dozens", "43", "compatible"),
        ("12", "17", "other"),
        ("about 100", "250", "other"),
        ("more than 1,000", "600", "other"),
        ("240 million", "410 million", "other"),
        ("many", "", "compatible"),
        ("a lot", "", None),
    ],
)
def test_numbers(one: str, other: str, agreement: str | None) -> None:
    assert compare("quantity", ("", one), ("", other)) == agreement
    assert compare("quantity", ("", other), ("", one)) == agreement


def test_a_number_may_be_rough_by_the_word_before_it() -> None:
    assert compare("quantity", ("Some ", "30"), ("it is ", "31.4")) == "compatible"
    assert compare("quantity", ("Exactly ", "30"), ("it is ", "31.4")) == "other"


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("in 1887", "1887", "same"),
        ("May 1998", "14 May 1998", "compatible"),
        ("the 1920s", "1929", "compatible"),
        ("1887", "1894", "other"),
        ("4 May 1862", "12 June 1862", "other"),
        ("4 May", "5 May", "other"),
        ("Monday", "Tuesday", "other"),
        ("at 3 pm", "15 o'clock", "same"),
        ("at 3 am", "at 11.30 pm", "other"),
        ("long ago", "1887", None),
    ],
)
def test_times(one: str, other: str, agreement: str | None) -> None:
    assert compare("time", ("", one), ("", other)) == agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Diana Wells", "Wells", "same"),
        ("the United Nations", "UN", "same"),
        ("Robert Maclay", "Thomas Erskine", "other"),
        ("sailors", "Thomas Erskine", None),
    ],
)
def test_names(one: str, other: str, agreement: str | None) -> None:
    assert compare("person", ("", one), ("", other)) == agreement


def test_plain_words_are_compared_if_no_kind_is_asked_for() -> None:
    assert compare(None, ("", "a gas leak"), ("", "arson")) == "other"
    assert compare(None, ("", "a gas leak"), ("", "leaking gas")) is None


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("magnitude 6.1", "7.2", "quantity"),
        ("in 1990", "March 1991", "time"),
        ("a fox", "12", None),
        ("12 men who came from the far north", "12", None),
    ],
)
def test_the_kind_of_two_answers(one: str, other: str, kind: str | None) -> None:
    assert kind_of(one, other) == kind
