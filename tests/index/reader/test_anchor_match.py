"""What sentences and passages lack of a question's anchors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.core.documents import Metadata, Passage, Span
from index.reader.anchor_match import AnchorMatch, Lack
from tests.support.passages import make_passage

RACE = make_passage(
    "Ann Lee won the race in 2018.", "Her third win came in May.", title="Races of Oslo"
)
OTHER = make_passage("Nothing happened in 2019.", document=2)


def sentences(passage: Passage) -> list[Span]:
    return [sentence.span for sentence in passage.sentences]


@pytest.mark.parametrize(
    ("question", "first", "whole"),
    [
        ("Who won the race in 2018?", (0, 0, 0), (0, 0, 0)),
        ("Who won the race in 2019?", (1, 0, 0), (1, 0, 0)),
        ("Who won in May?", (1, 0, 0), (0, 0, 0)),
        ("Who had a third win?", (0, 1, 0), (0, 0, 0)),
        ("Who won in Oslo?", (0, 0, 0), (0, 0, 0)),
        ("Who won in Bergen?", (0, 0, 1), (0, 0, 1)),
        ("Did Ann Smith win?", (0, 0, 0.5), (0, 0, 0.5)),
        ("did ann lee win", (0, 0, 0), (0, 0, 0)),
        ("Who won?", (0, 0, 0), (0, 0, 0)),
    ],
)
def test_what_is_lacking(question: str, first: tuple[float, ...], whole: tuple[float, ...]) -> None:
    match = AnchorMatch(question, [RACE, OTHER])
    assert match.in_sentence(RACE, sentences(RACE)[0]) == Lack(*first)
    assert match.in_passage(RACE) == Lack(*whole)


def test_what_one_passage_lacks_another_may_have() -> None:
    match = AnchorMatch("Who won the race in 2019?", [RACE, OTHER])
    assert match.in_passage(OTHER).time == 0
    assert match.anywhere().most == 0
    assert AnchorMatch("Who won in 2020?", [RACE, OTHER]).anywhere().most == 1


def test_names_in_small_letters_are_those_of_the_passages() -> None:
    match = AnchorMatch("who is ann lee?", [RACE, OTHER])
    assert [anchor.text for anchor in match.anchors] == ["ann lee"]
    assert match.in_passage(OTHER).name == 1


def test_without_passages_nothing_is_lacking() -> None:
    assert AnchorMatch("Who won in 2019?", []).anywhere() == Lack(0, 0, 0)


NEWS = replace(
    RACE,
    document=replace(RACE.document, metadata=Metadata(published=date(2021, 7, 10))),
)


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Who won in July 2021?", "Who won?"),
        ("Who won in 2021?", "Who won?"),
        ("In 2021, who won?", "who won?"),
        ("Who won on 10 July?", "Who won?"),
        ("Who won in 2020?", "Who won in 2020?"),
        ("Who won on 11 July 2021?", "Who won on 11 July 2021?"),
        ("Who won?", "Who won?"),
    ],
)
def test_the_date_of_publication_answers_when(question: str, left: str) -> None:
    assert AnchorMatch(question, [NEWS]).without_date(NEWS) == left
    assert AnchorMatch(question, [RACE]).without_date(RACE) == question


def test_a_sentence_with_a_year_of_its_own_is_not_of_the_day_of_publication() -> None:
    match = AnchorMatch("Who won in 2021?", [NEWS])
    first, second = sentences(NEWS)
    assert match.in_sentence(NEWS, first).time == 1
    assert match.in_sentence(NEWS, second).time == 0


def test_names_in_small_letters_that_no_passage_has_are_lacking() -> None:
    assert AnchorMatch("who beat monfils?", [RACE, OTHER]).anywhere().name == 0
    assert AnchorMatch("who beat monfils?", [RACE, OTHER], ["monfils"]).anywhere().name == 1
    assert AnchorMatch("who won?", [RACE, OTHER], ["monfils"]).anywhere().name == 0
