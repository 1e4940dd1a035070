"""What one message asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.followup import Context
from bot.conversation.questions import MAX_QUESTIONS, Asked, context_of, is_asking, split_questions


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
        "/start Who? What now?",
        "/check Is it so? Is it not?",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert split_questions(text) == Asked((text,))


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Who took Herat? Who fled?", ["Who took Herat?", "Who fled?"]),
        ("who took herat? when? and in badghis?",
         ["who took herat?", "when?", "and in badghis?"]),
        ("I read about Herat. Who took it? There was a fight. Who won?",
         ["I read about Herat. Who took it?", "There was a fight. Who won?"]),
        ("1. Who took Herat?\n2) Who fled?\n- Where to?",
         ["Who took Herat?", "Who fled?", "Where to?"]),
        ("Who took Herat?! Who fled??? Thanks.", ["Who took Herat?!", "Who fled??? Thanks."]),
        ('Who said "Is it over?" Where was it said?',
         ['Who said "Is it over?"', "Where was it said?"]),
        ("من هو؟ أين ذهب؟", ["من هو؟", "أين ذهب؟"]),
        ("谁占领了赫拉特？谁逃走了？", ["谁占领了赫拉特？", "谁逃走了？"]),
        ("/ask Who took Herat? Who fled?", ["Who took Herat?", "Who fled?"]),
        ("since:2021-07 Who took Herat? Who fled?",
         ["since:2021-07 Who took Herat?", "since:2021-07 Who fled?"]),
    ],
)  # fmt: skip
def test_several_questions(text: str, questions: list[str]) -> None:
    assert split_questions(text) == Asked(tuple(questions))


def test_too_many_questions() -> None:
    asked = split_questions(" ".join(f"What is {number}?" for number in range(8)))
    assert asked.questions == tuple(f"What is {number}?" for number in range(MAX_QUESTIONS))
    assert asked.left_out == 3


@given(
    st.lists(st.from_regex(r"[A-Z][a-z]{1,9}( [A-Za-z]{1,9}){1,6}\?", fullmatch=True), min_size=2)
)
def test_whole_questions_come_back_as_they_are(questions: list[str]) -> None:
    asked = split_questions("\n".join(questions))
    assert asked.questions == tuple(questions[:MAX_QUESTIONS])
    assert len(asked.questions) + asked.left_out == len(questions)


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    asked = split_questions(text)
    if len(asked.questions) == 1:
        assert asked == Asked((text,))
    else:
        assert all(question.strip() for question in asked.questions)
        assert all(question in text for question in asked.questions if ":" not in text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Who is this?", True), ("who is this", True), ("/ask this", True), ("Our cat", False)],
)
def test_what_asks(text: str, asks: bool) -> None:
    assert is_asking(text) is asks


def test_only_a_question_that_leans_on_the_one_before_differs_by_it() -> None:
    first, second = Context("Who took Herat?"), Context("Who fled?")
    whole, leaning = (
        "Which borders did the Taliban reach?",
        "/ask and in Badghis Province yesterday?",
    )
    assert context_of(whole, first) == context_of(whole, second)
    assert context_of(leaning, first) != context_of(leaning, second)
    near = Context("Who took Herat?", documents=(1,))
    assert context_of(whole, near) != context_of(whole, first)
