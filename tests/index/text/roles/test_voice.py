"""Who does something in a sentence, and to whom it is done."""

from __future__ import annotations

import pytest

from index.text.answer_types import fits
from index.text.roles.voice import asked_role

FALL = "Two officers told the paper that the Sarn Gate crossing with Lorvia had fallen to the Reds."
SPY = "Lee Roe captured Ann Poe near Sarn; Bo Li was captured by Max Stone."


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("who took sarn gate", "agent"),
        ("who has won?", "agent"),
        ("who is accusing the club", "agent"),
        ("by whom was it built", "agent"),
        ("who was Sarn taken by", "agent"),
        ("who was captured by the Reds", "patient"),
        ("who did they accuse", "patient"),
        ("who is the mayor", None),
        ("who was the first to win", None),
        ("what was captured", None),
    ],
)
def test_the_part_asked_for(question: str, part: str | None) -> None:
    role = asked_role(question)
    assert (role and role.part) == part


@pytest.mark.parametrize(
    ("question", "sentence", "right", "wrong"),
    [
        ("who took sarn gate", FALL, ["the Reds"], ["Lorvia", FALL[: FALL.index(" had")]]),
        ("who captured the spy", SPY, ["Lee Roe", "Max Stone"], ["Ann Poe", "Bo Li", "Sarn"]),
        ("who was captured", SPY, ["Ann Poe", "Bo Li"], ["Lee Roe", "Max Stone"]),
        ("who won the race", "Bo Li won against Max Roe.", ["Bo Li"], ["Max Roe"]),
        ("who said it", "“No,” said Ann Poe.", ["Ann Poe"], []),
        ("who wrote the song", "Li wrote it with Max Roe.", ["Li", "Max Roe"], []),
        ("who played Alex", "A film with Max Roe as Alex.", ["Max Roe"], []),
        ("who is the mayor", "Near Sarn, Ann Poe is the mayor.", ["Ann Poe"], []),
    ],
)
def test_names_in_another_role_do_not_answer(
    question: str, sentence: str, right: list[str], wrong: list[str]
) -> None:
    def fit(words: str) -> bool:
        return fits("person", question, words, sentence, sentence.index(words))

    assert list(filter(fit, [*right, *wrong])) == right
