"""Questions for somebody's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.asked_speaker import as_told, asked_speaker, is_said_by, written_alike
from index.core.answers import Answer, Quote
from index.core.documents import Speaker
from tests.support.passages import make_passage


@pytest.mark.parametrize(
    ("question", "who", "topic"),
    [
        ("What did Fawad Aman say about the city?", "Fawad Aman", "the city"),
        ("what does the defence ministry say", "defence ministry", None),
        ("Has the ministry commented?", "ministry", None),
        ("How did Ann Lee react to the strike?", "Ann Lee", "the strike"),
        ("What was Ann Lee's response?", "Ann Lee", None),
    ],
)
def test_whose_words(question: str, who: str, topic: str | None) -> None:
    assert asked_speaker(question) == (who, topic, False)


@pytest.mark.parametrize(
    ("question", "who", "topic"),
    [
        ("did Fawad Aman deny?", "Fawad Aman", None),
        ("Has the ministry ever denied the reports?", "ministry", None),
        ("Did Ann Lee deny taking the money?", "Ann Lee", "taking the money"),
        ("what did the mayor dispute", "mayor", None),
    ],
)
def test_whose_denial(question: str, who: str, topic: str | None) -> None:
    assert asked_speaker(question) == (who, topic, True)


@pytest.mark.parametrize(
    "question",
    [
        "did the court deny bail?",
        "Did the embassy deny visas to them?",
        "has the report been denied?",
        "did anyone deny it?",
        "did he deny it?",
    ],
)
def test_nobody_to_deny(question: str) -> None:
    assert asked_speaker(question) is None


def test_only_their_denial_tells_that_somebody_denies() -> None:
    lee = quote("Ann Lee denied the reports.", "Ann Lee")
    other = quote("Ann Lee praised the builders.", "Ann Lee")
    bo = quote("Bo Ek denied the reports.", "Bo Ek")
    asked = asked_speaker("did Ann Lee deny it?")
    assert asked is not None
    found = answer(other, bo, lee)
    assert as_told(found, asked, lambda _quote: True).quotes == (lee, other)
    silent = as_told(answer(other, bo), asked, lambda _quote: True)
    assert (silent.state, silent.quotes, silent.closest) == ("none", (), (other,))
    assert silent.silent == "Ann Lee"


def quote(text: str, speaker: str) -> Quote:
    passage = make_passage(text)
    found = Quote.from_passage(passage, passage.span)
    return replace(found, speaker=Speaker(speaker, passage.span))


def answer(*quotes: Quote) -> Answer:
    return Answer("did Ann Lee deny it?", quotes, 0.9, 1.0, "answered")


@pytest.mark.parametrize(
    "question",
    ["Who denied the reports?", "What did he say about it?", "What happened in Herat?", "What did"],
)
def test_other_questions(question: str) -> None:
    assert asked_speaker(question) is None


def test_a_speaker_has_all_words_of_a_name() -> None:
    assert is_said_by("Afghan Ministry of Defense", "defense ministry")
    assert not is_said_by("Tariq Arian", "Fawad Arian")


@pytest.mark.parametrize(
    ("who", "meant"),
    [
        ("tariq arain", "Tariq Arian"),
        ("defence ministry", "defense ministry"),
        ("Fawad Amman", "Fawad Aman"),
        ("amen", None),  # too short to be another word by a slip
        ("the pentagon", None),
        ("tariq lee", None),
        ("", None),
    ],
)
def test_a_name_is_taken_for_one_that_is_written_almost_alike(who: str, meant: str | None) -> None:
    speakers = ["Tariq Arian, spokesman", "the Afghan defense ministry", "Fawad Aman", "Amin Lee"]
    assert written_alike(who, speakers) == meant
