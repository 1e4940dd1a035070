"""The questions of one message."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.conversation.followups.dialogue import Dialogue
from bot.conversation.questions import MAX_QUESTIONS, Asked, Request, split_questions
from bot.conversation.small_talk import small_talk


def split(text: str) -> Asked:
    return split_questions(Request.read(text))


def texts(asked: Asked) -> list[str]:
    return [request.text for request in asked.requests]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "Who took Herat",
        "Who took Herat??",
        "I read about Herat. Who took it?",
        "When, where, and why did Dr. Who et al. leave, e.g. for the U.S.?",
        "What is said on https://example.org/a?b=c&d=e? about Herat",
        "See https://example.org/?q=1 and tell me who wrote it?",
        'Who asked "Is it over?" on Thursday?',
        "Who asked “Is it over?” on Thursday?",
        "What does “Who? When?” mean?",
        "Who (or what?) took Herat?",
        "Really? Who took Herat?",
        "Who took Herat?\nPlease be brief.",
        "Who took Herat?\n\n???",
        "who took herat\nI mean the city",
        "/start Who? What now?",
        "/check Is it so? Is it not?",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert split(text) == Asked((Request.read(text),))


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who took Herat? Who fled?", ["Who took Herat?", "Who fled?"]),
        ("who took herat? when? and in badghis?",
         ["who took herat?", "when?", "and in badghis?"]),
        ("I read about Herat. Who took it? There was a fight. Who won?",
         ["I read about Herat. Who took it?", "There was a fight. Who won?"]),
        ("who took herat\nwhen did it fall\n- who fled",
         ["who took herat", "when did it fall", "who fled"]),
        ("1. Who took Herat?\n2) Who fled?\n- Where to?",
         ["Who took Herat?", "Who fled?", "Where to?"]),
        ("Who took Herat?! Who fled??? Thanks.", ["Who took Herat?!", "Who fled??? Thanks."]),
        ('Who said "Is it over?" Where was it said?',
         ['Who said "Is it over?"', "Where was it said?"]),
        ("من هو؟ أين ذهب؟", ["من هو؟", "أين ذهب؟"]),
        ("谁占领了赫拉特？谁逃走了？", ["谁占领了赫拉特？", "谁逃走了？"]),
        ("Who took Herat - the city? Who fled?", ["Who took Herat - the city?", "Who fled?"]),
        ("/ask Who took Herat? Who fled?", ["Who took Herat?", "Who fled?"]),
        ("since:2021-07 Who took Herat? Who fled?",
         ["since:2021-07 Who took Herat?", "since:2021-07 Who fled?"]),
    ],
)  # fmt: skip
def test_several_questions(text: str, questions: list[str]) -> None:
    assert split(text) == Asked(tuple(map(Request.read, questions)))


def test_too_many_questions() -> None:
    asked = split(" ".join(f"What is {number}?" for number in range(8)))
    assert texts(asked) == [f"What is {number}?" for number in range(MAX_QUESTIONS)]
    assert asked.left_out == 3


@pytest.mark.slow
@given(
    st.lists(st.from_regex(r"[A-Z][a-z]{1,9}( [A-Za-z]{1,9}){1,6}\?", fullmatch=True), min_size=2)
)
def test_whole_questions_come_back_as_they_are(questions: list[str]) -> None:
    asked = split("\n".join(questions))
    assert texts(asked) == questions[:MAX_QUESTIONS]
    assert len(asked.requests) + asked.left_out == len(questions)


@given(st.text(st.characters(exclude_characters="/:", exclude_categories=["Cs"])))
@example("K\n0\r0")
@example("Who? 1. Thanks! 2. When?")
def test_no_word_is_lost(text: str) -> None:
    rest = text
    asked = split(text)
    for request in asked.requests:
        skipped, found, rest = rest.partition(request.rest) if request.rest else ("", "", rest)
        assert found == request.rest
        assert all(map(is_idle, skipped.split("?")))
    assert asked.left_out or all(map(is_idle, rest.split("?")))


def is_idle(text: str) -> bool:
    """Whether nothing is asked: the number of a list and small talk may stand between questions."""
    text = re.sub(r"^\W*\d{1,2}[.)]\s", "", text)
    return not re.search(r"\w", text) or small_talk(text) is not None


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Who is this?", True), ("who is this", True), ("/ask this", True), ("Our cat", False)],
)
def test_what_asks(text: str, asks: bool) -> None:
    assert Request.read(text).is_asking is asks


def relevant(text: str, dialogue: Dialogue) -> Dialogue:
    return dialogue.relevant_to(Request.read(text).rest)


def test_only_a_question_that_leans_on_the_one_before_differs_by_it() -> None:
    first, second = Dialogue("Who took Herat?"), Dialogue("Who fled?")
    whole, leaning = (
        "Which borders did the Taliban reach?",
        "/ask and in Badghis Province yesterday?",
    )
    assert relevant(whole, first) == relevant(whole, second)
    assert relevant(leaning, first) != relevant(leaning, second)
    near = Dialogue("Who took Herat?", documents=(1,))
    assert relevant(whole, near) != relevant(whole, first)


def test_each_part_of_a_message_is_a_request() -> None:
    asked = split("/ask Who fled?\n/Ask@a_bot Who won?")
    assert [(request.command, request.rest) for request in asked.requests] == [
        ("", "Who fled?"),
        ("ask", "Who won?"),
    ]


def test_a_question_may_begin_like_a_command() -> None:
    request = Request.asking("/start now?")
    assert request.is_question
    assert split_questions(request).requests == (request,)
