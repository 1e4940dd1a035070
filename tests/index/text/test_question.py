"""What people type, as questions: without courtesies, misspelt words put right."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.question import (
    Speller,
    as_question,
    max_edits,
    respell,
    without_contractions,
)
from index.text.terms import Analyzer
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

ASKED = "which borders did the Taliban reach?"
NEWS = (
    "The Taliban reached five borders with them. Officials of the Organisation met in Iraq, Łódź."
)
MODEL_WORDS = {"iran", "which", "borders", "reach"}


@pytest.mark.parametrize(
    "text",
    [
        "which borders did the Taliban reach",
        " which borders\ndid the  Taliban reach ??",
        "which borders did the Taliban reach...",
        "Hi, can you tell me which borders did the Taliban reach",
        "hello there! which borders did the Taliban reach? Thanks in advance!",
        "Good morning. Please tell us: which borders did the Taliban reach, please",
        "Please, which borders did the Taliban reach?",
        "Could you please tell me please which borders did the Taliban reach?",
        "hi does anyone know which borders did the Taliban reach",
        "I'd like to know which borders did the Taliban reach. thank you",
    ],
)
def test_courtesies_and_marks(text: str) -> None:
    assert as_question(text) == ASKED


@pytest.mark.parametrize(
    "text",
    [
        "Hello Kitty sells where?",
        "Tell me about Herat?",
        "Hi?",
        "Please?",
        "Please Please Me was recorded when?",
        "Who says please to whom?",
        "Who said thanks?",
        "How many people can tell us apart?",
        "¿Dónde está Herat?",
    ],
)
def test_words_that_are_no_courtesy_stay(text: str) -> None:
    assert as_question(text) == text


def test_whether() -> None:
    assert as_question("Do you know if Herat fell?") == "Herat fell?"


@pytest.mark.parametrize("text", ["???", "", "…"])
def test_marks_alone_stay(text: str) -> None:
    assert as_question(text) == text


@given(st.text(max_size=60))
def test_any_text_keeps_words(text: str) -> None:
    asked = as_question(text)
    assert bool(asked.strip()) == bool(text.strip())
    assert asked == text or asked.endswith("?")


def correct(question: str, *texts: str) -> dict[str, str]:
    analyzer = Analyzer()
    known = {term for text in texts for term in analyzer.terms(text)}

    def count_tokens(words: Sequence[str]) -> list[int]:
        return [1 if word.lower() in MODEL_WORDS else 2 for word in words]

    return Speller(analyzer, known.__contains__, count_tokens).correct(question, texts)


def respelt(question: str, *texts: str) -> str:
    return respell(question, correct(question, *texts))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("which borders did the Talban reach?", "which borders did the Taliban reach?"),
        ("tlaiban, Talibann's Talibam", "Taliban, Taliban's Taliban"),
        ("where is the organistaion", "where is the Organisation"),
        ("who is in Lodx?", "who is in Łódź?"),
        ("oficials", "Officials"),
        ("wich borders", "which borders"),  # and not "with"
        ("wher is it?", "where is it?"),  # and not "when"
    ],
)
def test_misspelt_words_are_put_right(question: str, meant: str) -> None:
    assert respelt(question, NEWS) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Which borders did the Taliban reach?",
        "who met in Iran?",  # a word that the model knows is another word
        "who left Tliabna?",  # too far
        "did thme reach",  # "them" tells nothing
        "fve, B52s, 10000, ???",  # too short, no words
        "",
    ],
)
def test_words_that_are_not_misspelt_stay(question: str) -> None:
    assert respelt(question, NEWS) == question


def test_the_more_frequent_of_two_counts_then_the_one_that_begins_alike() -> None:
    assert respelt("Harret", "Harre is in Herat, Herat, Herat. Garret sleeps.") == "Harre"
    assert respelt("Heret", "The Hered saw Herat and Herat.") == "Herat"


@pytest.mark.parametrize(
    ("term", "edits"), [("abc", 0), ("abcd", 1), ("abcdefghi", 2), ("ab12", 0)]
)
def test_how_many_letters_may_be_wrong(term: str, edits: int) -> None:
    assert max_edits(term) == edits


class TestAnswers:
    def test_one_that_is_understood_anew_tells_it(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(HashEmbedder, "count_tokens", lambda _, texts: list(map(len, texts)))
        shelf.write("a.txt", "The red fox sleeps in the mill.\n\nThe brown bear climbs a tree.\n")
        shelf.sync()
        plain = shelf.open().ask("Which bear climbs?")
        library = shelf.open(min_confidence=plain.confidence)
        misspelt = library.ask("Which baer climbs?")
        assert plain.understood is None
        assert misspelt.question == "Which baer climbs?"
        assert misspelt.understood == "Which bear climbs?"
        assert misspelt.quotes == plain.quotes
        assert library.ask("Which baer sings?").understood is None

    @pytest.mark.parametrize(
        "question", ["Where does the fox sleep", " Where does the  fox sleep??"]
    )
    def test_a_question_mark_is_not_needed(self, shelf: Shelf, question: str) -> None:
        shelf.write("a.txt", "The red fox sleeps in the mill.\n\nThe brown bear climbs a tree.\n")
        shelf.sync()
        library = shelf.open()
        plain = library.ask("Where does the fox sleep?")
        assert library.ask(question).confidence == plain.confidence
        assert library.ask(question).quotes == plain.quotes


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("whats the capital", "what is the capital"),
        ("Whos there and wheres he", "Who is there and where is he"),
        ("Whose is it?", "Whose is it?"),
        ("What's new?", "What's new?"),
    ],
)
def test_contractions_without_an_apostrophe_are_two_words(typed: str, written: str) -> None:
    assert without_contractions(typed) == written


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("how many any idea who fled", "how many fled?"),
        ("who, do you know, built the bridge", "who built the bridge?"),
        ("which towns, if you know, fell", "which towns fell?"),
        ("any idea who built it", "who built it?"),
        ("when pls did it fall", "when did it fall?"),
        ("What do you know about the dam?", "What do you know about the dam?"),
        ("How do you know it fell?", "How do you know it fell?"),
        ("Did they have any idea of the flood?", "Did they have any idea of the flood?"),
    ],
)
def test_fillers_amid_a_question_are_left_out(typed: str, asked: str) -> None:
    assert as_question(typed) == asked


def test_words_frequent_in_the_languages_at_hand_are_right() -> None:
    analyzer = Analyzer()
    speller = Speller(analyzer, {"went", "leuchtet"}.__contains__, lambda words: [2] * len(words))
    question = "und wenn sie weiter leuchtet"
    assert "wenn" not in speller.correct(question, ["They went on."])
    assert "wenn" not in speller.correct("the wenn", ["They went on."], ["de", "en"])
    assert speller.correct("who are the people that wenn", ["They went on."]) == {"wenn": "went"}


def test_without_languages_words_of_the_one_that_is_asked_in_are_right() -> None:
    speller = Speller(Analyzer(), {"reparacion"}.__contains__, lambda words: [2] * len(words))
    assert speller.correct("cuanto cuesta la reparacion", ["La reparación costará."]) == {}
    assert "cuesta" in speller.correct("who is cuesta", ["La reparación costará."], ["en"])


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("who says they cought islam", []),
        ("was it definately them", []),
        ("who is zendya", ["zendya"]),
        ("when did gardez fall", ["gardez"]),
        ("who saw Cought", ["Cought"]),
    ],
)
def test_misspelt_common_words_are_no_names(question: str, unknown: list[str]) -> None:
    vocabulary = {"caught", "definitely", "garden", "who", "says", "they", "was", "when", "fall"}
    vocabulary |= {"did", "them", "saw", "islam", "is", "it"}

    def count(words: Sequence[str]) -> list[int]:
        return [1 if word in vocabulary else 2 for word in words]

    speller = Speller(Analyzer(), lambda _term: False, count)
    assert list(speller.correct(question, [])) == unknown


def test_question_words_of_other_languages_are_right() -> None:
    for word in ("wann", "cuanto", "cuánto", "quien", "combien", "сколько", "скільки"):
        assert correct(f"{word} xyzzyq", "Wenn the cuantos quiet combine.").keys() <= {"xyzzyq"}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("hw many soldiers fled", {"hw": "how"}),
        ("hwo many soldiers fled", {"hwo": "how"}),
        ("wht is it", {"wht": "what"}),
        ("and wich towns fell", {"wich": "which"}),
        ("wer did they go", {"wer": "where"}),
        ("y did they flee", {"y": "why"}),
    ],
)
def test_the_word_that_opens_a_question_is_put_right(question: str, meant: dict[str, str]) -> None:
    assert opened(question) == meant


@pytest.mark.parametrize(
    "question", ["how many fled", "hat sizes", "talks in Oslo", "Wat Pho", "wie viele flohen", "y"]
)
def test_other_openings_stay(question: str) -> None:
    assert opened(question) == {}


def opened(question: str) -> dict[str, str]:
    def count(words: Sequence[str]) -> list[int]:
        return [2 if word in {"hw", "hwo", "wht", "wich", "wer"} else 1 for word in words]

    speller = Speller(Analyzer(), lambda _term: False, count)
    return speller.correct(question, ["Soldiers fled from towns."], ["en"])


@pytest.mark.parametrize(
    ("question", "missing"),
    [("wer bestreitet die berichte", False), ("was kostet das", False), ("wo ist qalat", True)],
)
def test_words_in_the_lists_of_a_language_are_neither_wrong_nor_names(
    question: str, missing: bool
) -> None:
    speller = Speller(Analyzer(), lambda _term: False, lambda words: [2] * len(words))
    found = speller.correct(question, ["Er bestritt die Berichte.", "Die Kosten."], ["de"])
    assert bool({"bestreitet", "kostet", "qalat"} & found.keys()) == missing


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("is it true that the bridge fell", "the bridge fell?"),
        ("Is it right that he left?", "he left?"),
        ("is it true or false that it rains", "is it true or false that it rains?"),
        ("is it correct to say that", "is it correct to say that?"),
        ("is it true?", "is it true?"),
    ],
)
def test_whether_it_is_true_is_not_read(text: str, asked: str) -> None:
    assert as_question(text) == asked
