"""The meanings of a question that leans on the one before."""

import pytest

from bot.conversation.followup import Dialogue, readings, whole_questions
from index.core.scope import Scope

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
        ("Where did the museum move?", "why?", "why did the museum move?"),
        ("Who is the coach?", "How long is her contract?",
         "How long is her contract – is the coach?"),
        ("Wann wird die Brücke gebaut?", "warum?", "warum wird die Brücke gebaut?"),
        ("Когда открыли мост?", "а почему?", "почему открыли мост?"),
        ("How many came in 2022?", "and at the end of 2021?", "How many came in 2021?"),
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


def after(question: str, named: str, text: str) -> str:
    dialogue = Dialogue(question, named=named)
    return next(readings(text, Scope(), dialogue)).question


def test_pronouns_take_what_the_answer_named() -> None:
    assert after("Who fell?", "her deputy, Walter Knox,", "Who saved him?") == (
        "Who saved Walter Knox?"
    )
    assert after("Who is the clerk?", "Neil Abbot", "when does his leave end") == (
        "when does Neil Abbot's leave end?"
    )
    assert after("Where is the shop?", "Lowick", "what is made there?") == (
        "what is made in Lowick?"
    )
    assert after("Which lake is it?", "Lake Imandra", "How deep is it?") == (
        "How deep is Lake Imandra?"
    )


def test_questions_never_grow() -> None:
    subject = "Who built the bridge?"
    for text in ("how many men?", "where was that?", "why?", "is that so?", "and when did he die?"):
        reading = next(
            found for found in readings(text, Scope(), Dialogue(subject)) if not found.is_literal
        )
        assert reading.subject == subject
        assert len(reading.question) <= len(text) + len(subject)
