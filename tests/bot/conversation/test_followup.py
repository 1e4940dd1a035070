"""The meanings of a question that leans on the one before."""

import pytest

from bot.conversation.followup import whole_questions

FIRST = "Which borders did the Taliban reach in Balkh?"


@pytest.mark.parametrize(
    "text",
    [
        "Who founded the museum?",
        "Which districts were seized in Herat?",
        "Why did the council argue about the crane?",
        "Taliban delegations in Moscow and Iran last week",
        "?",
    ],
)
def test_a_whole_question_stands_alone(text: str) -> None:
    assert whole_questions(FIRST, text) == [text]


@pytest.mark.parametrize(
    ("previous", "text", "best"),
    [
        (FIRST, "and in Herat?", "Which borders did the Taliban reach in Herat?"),
        ("What did Ines say?", "and Piet Brandt?", "What did Piet Brandt say?"),
        ("When does the ferry from Vellmar leave?", "What about Ostby?",
         "When does the ferry from Ostby leave?"),
        ("When does the ferry from Vellmar leave?", "and from Ostby?",
         "When does the ferry from Ostby leave?"),
        ("How many ships did Vellmar receive in March?", "and Ostby?",
         "How many ships did Ostby receive in March?"),
        ("How many ships came to Vellmar in March?", "and in Ostby?",
         "How many ships came to Vellmar in March in Ostby?"),
        ("How many ships came to Vellmar in March?", "and in April?",
         "How many ships came to Vellmar in April?"),
        ("Who spoke for the Ministry of Interior Affairs on Monday?", "and for the army?",
         "Who spoke for the army on Monday?"),
        ("How long did Japanese visitors stay?", "and Canadian ones?",
         "How long did Canadian visitors stay?"),
        ("Who paid?", "in Ostby?", "Who paid in Ostby?"),
        ("Where did the museum move?", "why?", "Where did the museum move? Why?"),
        ("Who is the coach?", "How long is her contract?",
         "Who is the coach? How long is her contract?"),
    ],
)  # fmt: skip
def test_the_best_guess_comes_first_and_the_text_alone_last(
    previous: str, text: str, best: str
) -> None:
    questions = whole_questions(previous, text)
    assert questions[0] == best
    assert questions[-1] == text
    assert len(questions) > 1


@pytest.mark.parametrize("text", ["museum admission?", "and what did Piet Brandt say?"])
def test_what_may_stand_alone_is_asked_as_it_is_first(text: str) -> None:
    questions = whole_questions("What did Ines say?", text)
    assert questions[0] == text
    assert len(questions) > 1


@pytest.mark.parametrize("text", ["谁？", "من هو؟", "Кто это?"])
def test_other_scripts_stand_alone(text: str) -> None:
    assert whole_questions(FIRST, text) == [text]
