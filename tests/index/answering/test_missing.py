"""The words of a question that nothing found mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.answering.missing import (
    find_about,
    find_missing,
    find_missing_across,
    is_of_namesake,
    is_on_story,
    names_another,
)
from index.core.answers import Quote
from index.core.documents import Entry, Metadata, Passage, Span, Speaker
from index.text.languages.places import is_place
from index.text.languages.stop_words import STOP_WORDS
from index.text.stories import Told
from index.text.terms import Analyzer
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.passages import make_passage

FINAL = make_passage(
    "Novak Djokovic won the men's singles at Wimbledon in July 2022.",
    "It was his 21st major title in twenty years.",
    title="Iranian visitors",
    heading="Finals",
)


def missing(question: str, *passages: Passage, unknown: tuple[str, ...] = ()) -> list[str]:
    found = find_missing(question, passages or (FINAL,), unknown)
    return [anchor.text for anchor in found]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who won at Wimbledon in 2019?", ["2019"]),
        ("Who won Wimbledon on 10 July 2022?", ["10 July 2022"]),
        ("Who won his 92nd title?", ["92nd"]),
        ("Who won thirty titles?", ["thirty"]),
        (
            "Did Serena Williams win in 2019, or in 2019 Roger Federer?",
            ["Serena Williams", "2019", "Roger Federer"],
        ),
        ("Did Djokovic win the twenty-first title in 20 years?", []),
        ("Did Novak Djokovich win Wimbledon?", []),
        ("Who came from Iran to the finals?", []),
        ("Did Serena Djokovic win?", []),  # a part of the name is mentioned
        ("who won the cup?", []),
    ],
)
def test_what_is_missing(question: str, expected: list[str]) -> None:
    assert missing(question) == expected


def test_words_that_no_passage_of_the_library_has_count_as_names() -> None:
    assert missing("who is zendaya?", unknown=("zendaya",)) == ["zendaya"]
    assert missing("Who is Zendaya?", unknown=("Zendaya",)) == ["Zendaya"]
    named = missing("who saw zendaya in 2019 and zendaya?", unknown=("zendaya",))
    assert named == ["zendaya", "2019"]


@pytest.mark.parametrize(
    ("story", "question", "is_on"),
    [
        ("I went to Wimbledon with my family.", "who won his title?", True),
        ("I went to Paris with my family.", "who won his title?", False),
        ("Someone went to see him with my family.", "who won his title?", True),
        ("i went to kabul with my family.", "who won his title?", False),
        ("I went to Paris with my family.", "Did Djokovic win his title?", True),
        ("I went to Paris with my family.", "who won wimbledon?", True),
        ("we were there with the family.", "who won his title?", True),
    ],
)
def test_a_question_that_names_nothing_is_about_its_story(
    story: str, question: str, is_on: bool
) -> None:
    quote = Quote.from_passage(FINAL, FINAL.span)
    assert is_on_story(Told(question, story), ["kabul"], [FINAL], quote) == is_on


@pytest.mark.parametrize(
    ("question", "text", "is_other"),
    [
        ("Why did Ann Lee leave?", "Ruth Lee left because of the sale.", True),
        ("why did ann lee leave", "Ruth Lee left because of the sale.", True),
        ("Why did Ann Lee leave?", "Mr Lee left because of the sale.", False),
        ("Why did Ann Lee leave?", "Lee left with Ruth Lee because of the sale.", False),
        ("Why did Ann Lee leave?", "Annabel Lee left because of the sale.", False),
        ("Why did Ann Lee leave?", "Ruth Lee left Ann because of the sale.", False),
        ("Why did Mr Lee leave?", "Ruth Lee left because of the sale.", False),
        ("Why did Lee leave?", "Ruth Lee left because of the sale.", False),
    ],
)
def test_namesakes(question: str, text: str, is_other: bool) -> None:
    passage = make_passage(text, "She founded it with Ann Lee in 1998.")
    quote = Quote.from_passage(passage, passage.sentences[0].span)
    assert is_of_namesake(question, quote, [passage]) == is_other


def test_a_misspelt_name_is_not_missing() -> None:
    assert missing("did djokovicz win?", unknown=("djokovicz",)) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The UN spoke.", []),
        ("The U.N. spoke.", []),
        ("He spoke un peu.", ["United Nations"]),
        ("The UNO spoke.", ["United Nations"]),
    ],
)
def test_a_name_may_be_mentioned_by_its_initials(sentence: str, expected: list[str]) -> None:
    assert missing("Who leads the United Nations?", make_passage(sentence)) == expected


def test_what_a_citation_shows_is_mentioned() -> None:
    metadata = Metadata("Report", date(2019, 5, 3), "Ann Lee", "Reuters")
    entry = Entry(0, "Board", date(2018, 2, 1), speaker=Speaker("Bob Ray", Span(0, 7)))
    document = replace(FINAL.document, metadata=metadata, path="a/Oslo.txt")
    cited = replace(FINAL, document=document, entries=(entry,))
    question = "Did Reuters, Ann Lee, Bob Ray, Oslo or the Board report on 3 May 2019 or in 2018?"
    assert missing(question, cited) == []
    assert missing(question, FINAL)[:2] == ["Reuters", "Ann Lee"]


def test_one_passage_that_mentions_it_is_enough_but_two_halves_are_not() -> None:
    other = make_passage("Nobody won in 2019.")
    assert missing("Who won in 2019?", FINAL, other) == []
    assert missing("Who won in July 2019?", FINAL, other) == ["July 2019"]


def test_without_passages_nothing_is_missing() -> None:
    assert find_missing("Who won in 2019?", ()) == []


def about(question: str, sentence: str, published: date | None = None) -> str | None:
    passage = make_passage(sentence)
    document = replace(passage.document, metadata=Metadata(published=published))
    quote = Quote.from_passage(replace(passage, document=document), passage.span)
    return find_about(find_missing(question, [passage]), question, quote)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Who won in 2019?", "Novak won in 2022.", "2022"),
        ("Who won in 2019?", "Novak won on Sunday in July 2022.", "July 2022"),
        ("Who won on 10 July?", "Novak won on 9 July.", "9 July"),
        ("Who flew Apollo 11?", "Two men flew Apollo 13.", "13"),
        ("Who won at the 92nd Oscars?", "The 93rd Oscars were his third.", "93rd"),
        ("Who flew Apollo 11?", "Two men died.", None),
        ("Who won in 2019?", "Novak won on Sunday.", None),
        ("Did Serena win?", "Novak won in 2022.", None),
    ],
)
def test_what_the_closest_quote_is_about(
    question: str, sentence: str, expected: str | None
) -> None:
    assert about(question, sentence) == expected


def test_the_year_of_publication_stands_in_for_one_in_the_sentence() -> None:
    day = date(2022, 7, 10)
    assert about("Who won in 2019?", "Novak won.", day) == "2022"
    assert about("Who won in 2019?", "Novak won in 2021.", day) == "2021"
    assert about("Who won on 9 July 2022?", "Novak won.", day) is None
    assert about("Who flew Apollo 11?", "Two men died.", day) is None


class TestAnswers:
    def test_what_is_missing_and_what_is_closest(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "Novak Djokovic won the singles at Wimbledon in 2022.")
        shelf.sync()
        answer = shelf.open(min_confidence=1.0).ask("Who won the singles at Wimbledon in 2019?")
        assert (answer.state, answer.missing, answer.closest_about) == ("none", ("2019",), "2022")

    def test_an_answer_is_never_sure_of_another_year_or_name(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "Novak Djokovic won the singles at Wimbledon in 2022.")
        shelf.sync()
        library = shelf.open(min_confidence=0.0)
        answer = library.ask("Who won the singles at Wimbledon in 2019?")
        assert (answer.state, answer.missing, answer.closest_about) == ("unsure", ("2019",), None)
        assert answer.reason
        assert library.ask("Who won the singles at Roland Garros?").state == "unsure"
        answer = library.ask("Who won both of the 92 singles at Wimbledon?")
        assert (answer.state, answer.missing) == ("answered", ("92",))

    @pytest.mark.slow
    def test_a_name_that_the_library_does_not_know(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(HashEmbedder, "count_tokens", lambda _, texts: list(map(len, texts)))
        shelf.write("a.txt", "Novak Djokovic won the singles at Wimbledon in 2022.")
        shelf.sync()
        library = shelf.open()
        assert library.ask("who is zendaya").missing == ("zendaya",)
        assert library.ask("who is dojkovic").missing == ()


@pytest.mark.parametrize(
    ("question", "tongue", "expected"),
    [
        ("Что сказал Трамп про Джоковича?", "ru", ["Трамп"]),
        ("Кто выиграл Уимблдон в 2019 году?", "ru", ["2019"]),
        ("Wer gewann Wimbledon in Deutschland?", "de", ["Deutschland"]),
        ("Wer schlug Lauterbach an der Brücke?", "de", []),
        ("Qui a battu Lauterbach ?", "fr", ["Lauterbach"]),
        ("Qui a battu l'équipe d'Angola ?", "fr", []),
        ("¿Quién escribió Orgullo y prejuicio?", "es", []),
    ],
)
def test_names_in_other_letters_are_compared_by_their_sound(
    question: str, tongue: str, expected: list[str]
) -> None:
    found = find_missing_across(question, [FINAL], (), STOP_WORDS[tongue], tongue)
    assert [anchor.text for anchor in found] == expected


@pytest.mark.parametrize("question", ["Qu'est-ce qui explique cela ?", "Qu’est ce que cela ?"])
def test_elided_question_words_are_no_names(question: str) -> None:
    found = find_missing(question, [FINAL], (), STOP_WORDS["fr"])
    assert [anchor.text for anchor in found] == []


@pytest.mark.parametrize(
    ("question", "tongue", "expected"),
    [
        ("wer ging nach deutschland", "de", []),
        ("кто поехал в германию", "ru", []),
        ("¿Quién viajó a Alemania?", "es", []),
        ("چه کسی به آلمان رفت؟", "fa", []),
        ("quién viajó a españa", "es", ["españa"]),
        ("кто поехал в мадрид", "ru", ["мадрид"]),
        ("Qui est allé à Kaboul ?", "fr", ["Kaboul"]),
    ],
)
def test_places_are_looked_for_as_the_documents_call_them(
    question: str, tongue: str, expected: list[str]
) -> None:
    passage = make_passage("Anna Lee went to Germany.")
    names = [word for word in question.split() if is_place(word, tongue)]
    found = find_missing_across(question, [passage], names, STOP_WORDS[tongue], tongue)
    assert [anchor.text for anchor in found] == expected


@pytest.mark.parametrize(
    ("question", "text", "other", "is_another"),
    [
        ("кто глава портового района", "Глава района — Лебедева.", "Портовый | Гуськов", True),
        ("кто глава района", "Глава района — Лебедева.", "Портовый | Гуськов", False),
        ("кто глава портового района", "Глава Портового района — Ли.", "Портовый | Ли", False),
        ("кто глава района и порта", "Глава района — Лебедева.", "дорога до порта", False),
        ("quien es alcalde de peña", "El alcalde es Goñi.", "La Peña | Óscar Núñez", True),
        ("Quien es alcalde de Peña", "El alcalde es Goñi.", "La Peña | Óscar Núñez", False),
        ("quien es alcalde de pueblos", "El alcalde es Goñi.", "Pueblos que arden.", False),
        ("quien es alcalde de arenas", "El alcalde es Goñi.", "Hoy en Arenas llueve.", True),
    ],
)
def test_a_name_in_small_letters_that_only_another_passage_has(
    question: str, text: str, other: str, is_another: bool
) -> None:
    first, second = make_passage(text), make_passage(other, document=2)
    quote = Quote.from_passage(first, first.span)
    tag = "ru" if question.startswith("кто") else "es"
    written = [
        replace(one, document=replace(one.document, metadata=Metadata(language=tag)))
        for one in (first, second)
    ]
    analyzer = Analyzer("english", [tag])
    assert names_another(question, quote, written, analyzer) is is_another
