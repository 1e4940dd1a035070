"""What kind of words a question asks for, and which words are of that kind."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from index.text.answer_types import AnswerType, expected_answer, fits


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who reached the border?", "person"),
        ("By whom was it signed?", "person"),
        ("Whose army fled?", "person"),
        ("who is playing the halftime show", "person"),
        ("Who is the director of The Godfather?", "person"),
        ("Who was Obama's wife?", "person"),
        ("Who is Nick Carter?", "description"),
        ("Who are the Beatles?", None),
        ("Who is the President?", "person"),
        ("who is nick carter", None),
        ("What is photosynthesis?", "description"),
        ("What is a black hole?", "description"),
        ("What does ISTJ mean?", "description"),
        ("What is the capital of France?", None),
        ("what is tokyo tower height", None),
        ("When did the war end?", "time"),
        ("The war ended when?", "time"),
        ("In which year did it end?", "time"),
        ("what year did it end", "time"),
        ("On what date was it signed?", "time"),
        ("When he left, what did he take?", None),
        ("How many patches were sold?", "quantity"),
        ("In 2019, how many people left?", "quantity"),
        ("What percentage of them left?", "quantity"),
        ("What is the total population of Kabul?", "quantity"),
        ("How old is he?", "duration"),
        ("How long ago did he leave?", "duration"),
        ("Who sang How Far is Heaven?", "person"),
        ("Where is Kabul?", "place"),
        ("Which country borders Iran?", "place"),
        ("In what city was he born?", "place"),
        ("Where did Istanbul rank in 2011?", None),
        ("Why did they flee?", "reason"),
        ("What was the main reason for it?", "reason"),
        ("How is cheese made?", None),
        ("Did they flee?", None),
        ("border crossings taliban", None),
        ("people who live in glass houses", None),
        ("¿Quién llegó a la frontera?", None),
        ("", None),
    ],
)
def test_the_kind_of_answer(question: str, expected: AnswerType | None) -> None:
    assert expected_answer(question) == expected


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Which borders did they reach?", "Iran and China", "five countries"),
        ("And in which countries do they fight?", "5 countries: Iran, Iraq", "several countries"),
        ("Which of them left?", "both", "two of the men"),
        ("How many patches were sold?", "67", "critical"),
        ("How many patches were sold?", "several dozen", "patches"),
        ("How many patches were sold?", "1500", "on July 10, 2021"),
        ("How long did it last?", "a week", "the 50th"),
        ("When did they arrive?", "in 476", "368 episodes"),
        ("How many fled?", "nearly half of them", "Turkmenistan"),
        ("How old is he?", "in his early days", "Kabul"),
        ("How often do they meet?", "rarely", "in Kabul"),
        ("Who reached the border?", "Taliban fighters", "1,000"),
        ("Who reached the border?", "the former president", "in July"),
        ("Who reached the border?", "Zabihullah Mujahid", "they"),
        ("When did they arrive?", "on Friday", "Kabul"),
        ("When did they arrive?", "2021", "7 people"),
        ("When did they arrive?", "at 6:59", "the border"),
        ("When did they arrive?", "last week", "officials"),
        ("Where did they arrive?", "the border", "on Friday"),
        ("Which country is next?", "Tajikistan", "1,000"),
        ("Why did they flee?", "fear of reprisals", "fear"),
        ("Who is Nick Carter?", "a singer from Florida", "Aaron Carter"),
        ("Who is Nick Carter?", "General", "Nick Carter"),
        ("Who is Nick Carter?", "chief of the staff", "Carter"),
        ("What is NATO?", "North Atlantic Treaty Organization", "NATO"),
        ("What is a quark?", "an elementary particle", "a quark"),
        ("Which U.S. states border Mexico?", "Texas", "The U.S. states"),
    ],
)
def test_words_of_the_kind_asked_for(question: str, right: str, wrong: str) -> None:
    expected = expected_answer(question)
    assert fits(expected, question, right, f"It was {right}.", 7)
    assert not fits(expected, question, wrong, f"It was {wrong}.", 7)


def test_a_question_may_name_its_answer_as_a_choice() -> None:
    question = "Is the border open or closed?"
    assert fits(expected_answer(question), question, "closed", "It is closed.", 6)


def test_people_without_capitals_and_in_scripts_without_any() -> None:
    question = "Who brought the cake?"
    assert fits("person", question, "anna", "anna did, at 5", 0)
    assert not fits("person", question, "anna", "At 5 anna did.", 5)
    assert not fits("person", question, "5", "anna did, at 5", 13)
    assert fits("person", question, "张伟", "张伟带来了蛋糕。", 0)


@example("\u0816", "", "x")  # a mark without its letter
@given(st.text(), st.text(), st.sampled_from(["Who?", "When?", "How many?", "Why?", "Where?", "x"]))
def test_words_without_letters_and_digits_answer_nothing(
    words: str, sentence: str, question: str
) -> None:
    accepted = fits(expected_answer(question), question, words, sentence, sentence.find(words))
    assert not accepted or regex.search(r"[\p{L}\p{N}]", words)
    expected_answer(sentence)
