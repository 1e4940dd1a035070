"""Words of questions put right by the documents and the language."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.spelling.speller import Speller, Understood
from index.text.terms import Analyzer
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

NEWS = (
    "The Taliban reached five borders with them. Officials of the Organisation met in Iraq, Łódź.",
    "The flood took the Cedar Bridge in Sarn, and nobody denied that. He hid in the boiler room.",
)
MODEL_WORDS = frozenset(
    "iran which borders reach who what did they the it them reports is was in from form many where "  # noqa: SIM905
    "took to how of and said he fall there when does hat wat wen a true leads says go".split()
)


def speller(*texts: str, languages: Sequence[str] = ("en",)) -> Speller:
    analyzer = Analyzer()
    known = {term for text in texts for term in analyzer.terms(text)}

    def count_tokens(words: Sequence[str]) -> list[int]:
        return [1 if word.lower() in MODEL_WORDS else 2 for word in words]

    return Speller(analyzer, known.__contains__, count_tokens, lambda _: texts, languages)


def meant(question: str, *texts: str) -> str:
    return speller(*(texts or NEWS)).understand(question).text


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("which borders did the Talban reach?", "which borders did the Taliban reach?"),
        ("tlaiban, Talibann's Talibam", "Taliban, Taliban's Taliban"),
        ("where is the organistaion", "where is the Organisation"),
        ("who is in Lodx?", "who is in Łódź?"),
        ("oficials", "Officials"),
        ("WHO TOOK THE BRIGDE", "who took the Bridge"),
    ],
)
def test_words_are_taken_for_those_of_the_documents(question: str, right: str) -> None:
    assert meant(question) == right


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("how meny did they take", "how many did they take"),
        ("who denyed it", "who denied it"),
        ("who says they cought it", "who says they caught it"),
        ("wich countrys did it reach", "which countries did it reach"),
        ("what hapened tommorow", "what happened tomorrow"),
        ("who recieved the goverment", "who received the government"),
        ("was it definately them", "was it definitely them"),
        ("why are they fleing", "why are they fleeing"),
        ("who siad taht", "who said that"),
        ("How mutch did they take", "How much did they take"),
        ("what happend", "what happened"),
    ],
)
def test_words_are_taken_for_common_ones_of_the_language(question: str, right: str) -> None:
    assert meant(question) == right


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("whodenied it", "who denied it"),
        ("who took cedarbridge", "who took cedar bridge"),
        ("deniedit who", "denied it who"),
        ("theyfled to Iran", "they fled to Iran"),
        ("who hid in the boilerroom", "who hid in the boiler room"),
        ("which borders did theTaliban reach", "which borders did the Taliban reach"),
        ("howmany reports", "how many reports"),
        ("howlong did they flee", "how long did they flee"),  # and not "howling"
        ("who took thecar", "who took the car"),
        ("who took the flood'swater", "who took the flood's water"),
        ("whosang it", "who sang it"),
        ("who denied thereports", "who denied the reports"),
        ("who took thebridge", "who took the bridge"),  # and not "the fridge"
        ("who hid in aboiler", "who hid in a boiler"),
    ],
)
def test_missing_spaces(question: str, right: str) -> None:
    assert meant(question) == right


@pytest.mark.parametrize(
    "question",
    [
        "Which borders did the Taliban reach?",
        "who met in Iran?",  # a word that the model knows is another word
        "who left Tliabna?",  # too far
        "what form did it take",  # a word, though not the one that might be meant
        "when did gardez fall",
        "who is Gardez",
        "who leads Talimann",
        "who is zendaya",
        'who said "they cought it"',
        "fve, B52s, 10000, ???",  # too short, no words
        "What did U Thant say of U.S. troops",
        "",
    ],
)
def test_words_that_may_be_right_stay(question: str) -> None:
    assert meant(question, *NEWS, "The garden is green.") == question


def test_the_more_frequent_of_two_counts_then_the_one_that_begins_alike() -> None:
    assert meant("Harret", "Harre is in Herat, Herat, Herat. Garret sleeps.") == "Harre"
    assert meant("Heret", "The Hered saw Herat and Herat.") == "Herat"


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("hw many soldiers fled", "how many soldiers fled"),
        ("hwo many soldiers fled", "how many soldiers fled"),
        ("hwo took it", "who took it"),
        ("wht is it", "what is it"),
        ("and wich towns fell", "and which towns fell"),
        ("Wich towns fell", "Which towns fell"),
        ("wer did they go", "where did they go"),
        ("wher is it?", "where is it?"),  # and not "when"
        ("y did they flee", "why did they flee"),
        ("were did they go", "where did they go"),
        ("hwo was it", "who was it"),
        ("hwo did they flee", "how did they flee"),
        ("whi did they flee", "why did they flee"),
    ],
)
def test_the_word_that_opens_a_question(question: str, right: str) -> None:
    texts = (*NEWS, "Soldiers fled from towns that fell.")
    assert meant(question, *texts) == right


def test_the_word_before_tells_which_one_is_meant() -> None:
    hours = "The opening hours are long, and the hours of the museum."
    assert meant("whose hors", hours) == "whose hours"
    assert meant("the stalking hors", hours, "A stalking horse is a hunter's horse.") == (
        "the stalking horse"
    )
    assert meant("did bill gats go", "Bill Gates said so.") == "did bill Gates go"
    assert meant("did he see gats", "Bill Gates said so.") == "did he see gats"  # a word


def test_another_form_in_the_documents_makes_a_word_likelier() -> None:
    assert meant("what did they sieze") == "what did they size"
    assert meant("what did they sieze", "They seized the town.") == "what did they seize"


def test_words_are_put_right_by_what_those_put_right_find() -> None:
    analyzer = Analyzer()

    def find(text: str) -> list[str]:
        return ["Vinegar must not be used."] if "should" in text else []

    of_manual = Speller(analyzer, lambda _: False, lambda words: [2] * len(words), find, ["en"])
    assert of_manual.understand("why shoud it not be vineger").text == (
        "why should it not be Vinegar"
    )


def test_slips_that_a_document_has_are_put_right() -> None:
    news = (*NEWS, "Waht teh hwo.")
    assert meant("waht is it of teh reports", *news) == "what is it of the reports"
    assert meant("hwo was it", *news) == "who was it"
    assert (
        meant('who says "waht is it" and teh rest', *news) == 'who says "waht is it" and the rest'
    )


def test_names_that_no_document_has() -> None:
    of_news = speller(*NEWS)
    assert of_news.understand("is kabul in their hands").names == ("kabul",)
    assert of_news.understand('is "kabul" in their hands').names == ()
    assert of_news.understand("who met in iraq").names == ()


@pytest.mark.parametrize(
    "question", ["how many fled", "hat sizes", "talks in Oslo", "Wat Pho", "y"]
)
def test_other_openings_stay(question: str) -> None:
    assert meant(question, "Sizes, talks and Pho in Oslo. They fled.") == question


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("whats the form", "what is the form"),
        ("Whos there and wheres he", "Who is there and where is he"),
        ("Whose is it?", "Whose is it?"),
        ("What's true?", "What's true?"),
        ("didnt they say it wasnt", "didn't they say it wasn't"),
        ("who r they n where r they", "who are they and where are they"),
        ("what did u say abt teh reports", "what did you say about the reports"),
    ],
)
def test_shorthand_is_written_out(typed: str, written: str) -> None:
    assert meant(typed) == written


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("who says they cought islam", ("islam",)),
        ("was it definately them", ()),
        ("who is zendya", ("zendya",)),
        ("when did gardez fall", ("gardez",)),
        ("who saw Cought", ("Cought",)),
        ("who took it without a warning", ()),
    ],
)
def test_what_nobody_knows_is_unknown(question: str, unknown: tuple[str, ...]) -> None:
    assert speller("They saw them fall.").understand(question).unknown == unknown


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("wie viele Bezirke haben sie eingenomen", "wie viele Bezirke haben sie eingenommen"),
        ("wer bestreitet die Berichte", "wer bestreitet die Berichte"),
        ("quand ont-ils quitté la maisson", "quand ont-ils quitté la maison"),
        ("cuántos distritos tomaron en la cuidad", "cuántos distritos tomaron en la ciudad"),
        ("сколько чиловек убежало из города", "сколько человек убежало из города"),
    ],
)
def test_other_languages_have_common_words(question: str, right: str) -> None:
    several = speller(languages=["de", "es", "fr", "ru"])
    assert several.understand(question).text == right


def test_question_words_of_other_languages_are_right() -> None:
    for word in ("wann", "cuanto", "cuánto", "quien", "combien", "сколько", "скільки"):
        assert meant(f"{word} xyzzyq", "Wenn the cuantos quiet combine.") == f"{word} xyzzyq"


def test_words_frequent_in_the_languages_at_hand_are_right() -> None:
    both = speller("They went on and leuchtet.", languages=["de", "en"])
    assert both.understand("the wenn").text == "the wenn"
    assert both.understand("und wenn sie weiter leuchtet").text == "und wenn sie weiter leuchtet"


def test_without_languages_words_of_the_one_that_is_asked_in_are_right() -> None:
    asked = "cuanto cuesta la reparacion"
    assert speller("La reparación costará.", languages=()).understand(asked) == Understood(asked)


def test_names_that_everybody_knows_are_unknown_if_no_document_has_them() -> None:
    def count_tokens(words: Sequence[str]) -> list[int]:
        return [1 if word in {"Lyon", "lion", "Geld"} else 2 for word in words]

    def unknown(question: str, *texts: str) -> tuple[str, ...]:
        known = {term for text in texts for term in Analyzer().terms(text)}
        made = Speller(Analyzer(), known.__contains__, count_tokens, lambda _: texts)
        understood = made.understand(question)
        assert understood.text == question
        return understood.unknown

    lions = "Le maire a vu un lion."
    assert unknown("qui est le maire de lyon", lions) == ("lyon",)
    assert unknown("qui est le maire de lyon", f"{lions} Lyon dort.") == ()
    assert unknown("wer ist bürgermeister von paris", "Bürgermeister ist Lee.") == ("paris",)
    assert unknown("кто мэр москвы", "мэр спит") == ("москвы",)
    assert unknown("wer hat das geld", "Wer hat das?") == ()


def test_forms_of_common_words_are_no_names() -> None:
    for asked in (
        "кто жаловался на это",
        "сколько онкологических больных",
        "коли він запрацював",
        "que paso segun ellos",
    ):
        assert speller("Он.", languages=()).understand(asked).unknown == ()


def test_persian_words_are_joined_as_the_documents_have_them() -> None:
    dam = "سد نرگس\u200cآباد"
    assert meant("ارتفاع سد نرگس آباد", dam) == f"ارتفاع {dam}"
    assert meant("سد آباد نرگس", dam) == "سد آباد نرگس"
    assert meant("في أي عام", "في أي وقت فيأي") == "في أي عام"


def test_persian_typed_with_arabic_letters_is_put_right() -> None:
    assert meant("شهردار كوهسار كيست", "شهردار کوهسار") == "شهردار کوهسار کیست"
    assert meant("متى رأى كريم المدينة", "رأى كريم المدينة") == "متى رأى كريم المدينة"


def test_an_arabic_name_is_parted_as_the_documents_have_it() -> None:
    assert meant("ماذا قال عبدالرحمن", "قال عبد الرحمن") == "ماذا قال عبد الرحمن"


@given(st.text(max_size=60))
def test_what_is_understood_is_understood_alike(text: str) -> None:
    of_news = speller(*NEWS)
    once = of_news.understand(text).text
    assert of_news.understand(once).text == once


@pytest.mark.parametrize(
    ("question", "unknown", "guessed", "left"),
    [
        ("who took the flxod", ("flxod",), "who took the flood", ()),
        ("who hid in the Jarn's", ("Jarn's",), "who hid in the Sarn's", ()),
        ("who is zzyzx, flxod", ("zzyzx", "flxod"), "who is zzyzx, flood", ("zzyzx",)),
        ("who hid", (), "who hid", ()),
    ],
)
def test_a_guess_is_whatever_is_near(
    question: str, unknown: tuple[str, ...], guessed: str, left: tuple[str, ...]
) -> None:
    assert speller(*NEWS).guess(question, unknown, NEWS) == Understood(guessed, left)


class TestAnswers:
    def test_a_guess_that_is_answered_better_is_understood(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(HashEmbedder, "count_tokens", lambda _, texts: list(map(len, texts)))
        shelf.write("a.txt", "The flood took the bridge in Sarn.")
        library = shelf.open()
        library.sync(shelf.folder)
        answer = library.ask("what did the flxod take in Sarn")
        assert answer.understood == "what did the flood take in Sarn"
        assert answer.missing == ()

    def test_one_that_is_understood_anew_tells_it(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(HashEmbedder, "count_tokens", lambda _, texts: list(map(len, texts)))
        shelf.write("a.txt", "The red fox sleeps in the mill.\n\nThe brown bear climbs a tree.\n")
        shelf.sync()
        library = shelf.open()
        plain = library.ask("Which bear climbs?")
        misspelt = library.ask("Which baer climbs?")
        assert plain.understood is None
        assert misspelt.question == "Which baer climbs?"
        assert misspelt.understood == "Which bear climbs?"
        assert misspelt.quotes == plain.quotes
        assert library.ask("Which bear sings?").understood is None

    @pytest.mark.slow
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
