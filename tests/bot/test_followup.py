"""What a question may mean that leans on the one before."""

import pytest

from bot.followup import whole_questions

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
        ("Who paid?", "in Ostby?", "Who paid in Ostby?"),
        ("Where did the museum move?", "why?", "Where did the museum move? why?"),
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
