"""The meanings of a question that leans on the one before."""

import pytest

from bot.conversation.followups.references import Before
from bot.conversation.followups.rewriting import meanings

FIRST = "Which borders did the Taliban reach in Balkh?"


def whole_questions(previous: str, text: str, named: str = "", quote: str = "") -> list[str]:
    return [meaning.question for meaning in meanings(Before(previous, named, quote), text)]


@pytest.mark.parametrize(
    "text",
    [
        "Which districts were seized in Herat?",
        "summarize the article pls",
        "Taliban delegations in Moscow and Iran last week",
        "?",
    ],
)
def test_what_is_whole_stands_alone(text: str) -> None:
    assert whole_questions(FIRST, text) == [text]


def test_a_question_without_a_name_is_asked_again_only_where_the_last_answer_was() -> None:
    first, second = meanings(Before(FIRST), "Who founded the museum?")
    assert first.question == second.question
    assert (first.is_near, second.is_near, second.is_last) == (False, True, True)


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
        ("Who is the coach?", "How long is her contract?",
         "How long is her contract – is the coach?"),
        ("How many came in 2022?", "and at the end of 2021?", "How many came in 2021?"),
        ("How many fell near Qala-e-Naw?", "and in Herat?", "How many fell in Herat?"),
        ("What was the turnover of Sunfield?", "And the profit?",
         "What was the profit of Sunfield?"),
        ("How much does the climbing wall cost?", "what about the band",
         "How much does the band cost?"),
        ("What does a red light mean?", "and a green one?", "What does a green light mean?"),
        ("what did john prescott say about the deal", "and edward leigh",
         "what did edward leigh say about the deal?"),
    ],
)  # fmt: skip
def test_the_best_guess_comes_first_and_the_text_alone_last(
    previous: str, text: str, best: str
) -> None:
    questions = whole_questions(previous, text)
    assert questions[0] == best
    assert questions[-1] == text
    assert len(questions) > 1


@pytest.mark.parametrize(
    ("previous", "text", "meant"),
    [
        ("Where did the museum move?", "why?", "why did the museum move?"),
        ("which borders did they reach", "when was that??", "when did they reach the borders?"),
        ("Which playground was closed?", "since when", "since when was the playground closed?"),
        ("Who built the bridge?", "how many", "how many built the bridge?"),
        ("Who built the bridge?", "wen", "when built the bridge?"),
        ("What did Ann bring?", "anything else?", "what else did Ann bring?"),
        ("Wann wird die Brücke gebaut?", "warum?", "warum wird die Brücke gebaut?"),
        ("Когда открыли мост?", "а почему?", "почему открыли мост?"),
    ],
)
def test_a_mere_question_word_asks_about_the_same(previous: str, text: str, meant: str) -> None:
    assert set(whole_questions(previous, text)) == {meant}


def test_what_who_asked_for_is_the_subject_of_the_next_question() -> None:
    asked = meanings(Before("who will sing in Rome?", "Ann Lee"), "when?")[0]
    assert asked.question == asked.subject == "when will Ann Lee sing in Rome?"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sorry i meant herat", "how many fell in herat?"),
        ("no, i mean in herat", "how many fell in herat?"),
        ("not balkh, herat", "how many fell in herat?"),
        ("*herat", "how many fell in herat?"),
        ("i meant how many fled", "how many fled?"),
    ],
)
def test_corrections(text: str, meant: str) -> None:
    assert meant in whole_questions("how many fell in balkh?", text)


@pytest.mark.parametrize("text", ["museum admission?", "and what did Piet Brandt say?"])
def test_what_may_stand_alone_is_asked_as_it_is_first(text: str) -> None:
    questions = whole_questions("What did Ines say?", text)
    assert questions[0] == text
    assert len(questions) > 1


@pytest.mark.parametrize(
    ("previous", "named", "text", "meant"),
    [
        ("Who fell?", "her deputy, Walter Knox,", "Who saved him?", "Who saved Walter Knox?"),
        ("Who is the clerk?", "Neil Abbot", "when does his leave end",
         "when does Neil Abbot's leave end?"),
        ("Who is Neil Abbot?", "the clerk", "when does he leave", "when does Neil Abbot leave?"),
        ("what did neil abbot say", "no", "when does he leave", "when does Neil Abbot leave?"),
        ("Where is the shop?", "Lowick", "what is made there?", "what is made in Lowick?"),
        ("Which lake is it?", "Lake Imandra", "How deep is it?", "How deep is Lake Imandra?"),
        ("What is Tara?", "an engine", "since when do they use it", "since when do Tara use Tara?"),
        ("When did the museum open?", "1911", "Who designed it?", "Who designed the museum?"),
        ("Where was the old clock built?", "Bern", "and the new one?",
         "Where was the new clock built?"),
        ("Who paid?", "the Ministry of Defense", "What did he say?", ""),
    ],
)  # fmt: skip
def test_pronouns_take_what_was_named(previous: str, named: str, text: str, meant: str) -> None:
    questions = whole_questions(previous, text, named, "Neil Abbot, the clerk, said no.")
    assert (meant in questions) if meant else not any("Ministry" in asked for asked in questions)


def test_questions_never_grow() -> None:
    subject = "Who built the bridge?"
    for text in ("how many men?", "where was that?", "why?", "who else?", "and when did he die?"):
        leaning = [found for found in meanings(Before(subject), text) if found.subject != text]
        assert leaning
        for meaning in leaning:
            assert meaning.subject == subject
            assert len(meaning.question) <= len(text) + len(subject)


def test_it_is_not_the_person_that_he_is() -> None:
    before = Before("Who is Tariq Arian?", "a spokesman", "Tariq Arian is a spokesman.")
    assert meanings(before, "did he deny it?")[0].question == "did Tariq Arian deny it?"
