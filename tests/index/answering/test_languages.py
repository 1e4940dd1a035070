"""A question in a language that no document is in is not searched for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.answering.answerer import FOREIGN
from index.answering.languages import name_languages
from index.search.languages import choose
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf, temporary_folder

ENGLISH = (
    "The mayor of Lindholm said that the bridge over the harbour would be closed until Monday. "
    "The ferry to Lindholm leaves at nine in the morning from the old quay."
)
GERMAN = (
    "Der Bürgermeister von Lindholm sagte, dass die Brücke über den Hafen gesperrt bleibt. "
    "Die Fähre fährt am Morgen um neun Uhr vom alten Kai ab."
)
GERMAN_QUESTION = "Wann fährt die Fähre nach Lindholm?"


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with temporary_folder() as folder:
        made = Shelf(Path(folder))
        made.write("english.txt", ENGLISH)
        yield made
        made.close()


@pytest.mark.parametrize(
    "question", [GERMAN_QUESTION, "¿Quién es el alcalde?", "Кто закрыл мост?", "متى سقطت هرات؟"]
)
def test_no_quote_in_another_language(shelf: Shelf, question: str) -> None:
    shelf.sync()
    answer = shelf.open().ask(question)
    assert (answer.state, answer.reason, answer.languages) == ("none", FOREIGN, ("en",))
    assert answer.quotes + answer.closest == ()
    assert answer.question == question


@pytest.mark.parametrize("question", ["When does the ferry leave?", "Lindholm", "bridge closed"])
def test_names_and_keywords_are_searched_for(shelf: Shelf, question: str) -> None:
    shelf.sync()
    assert shelf.open().ask(question).quotes


def test_one_document_in_the_language_is_enough(shelf: Shelf) -> None:
    shelf.sync()
    library = shelf.open()
    assert library.ask(GERMAN_QUESTION).languages
    shelf.write("german.txt", GERMAN)
    library.sync(shelf.folder)
    assert library.ask(GERMAN_QUESTION).quotes
    assert library.ask("¿Quién es el alcalde?").languages == ("de", "en")


def test_a_document_may_have_parts_in_another_language(shelf: Shelf) -> None:
    shelf.write("both.txt", f"{ENGLISH} {ENGLISH}\n\nWann fährt die Fähre nach Lindholm?")
    shelf.sync()
    assert shelf.open().ask(GERMAN_QUESTION).languages == ()


def test_a_multilingual_model_is_asked_in_any_language(shelf: Shelf) -> None:
    shelf.sync()
    library = shelf.open(HashEmbedder(is_multilingual=True))
    assert library.ask(GERMAN_QUESTION).languages == ()


@pytest.mark.parametrize(
    "question",
    ["GDP کی منتشر شد؟", "Когда отходит паром в Lindholm?", "متى يغادر العبّارة Lindholm؟"],
)
def test_other_letters_do_not_make_words_names_that_are_missing(
    shelf: Shelf, question: str
) -> None:
    shelf.write("english.txt", "GDP. Lindholm: 9.")  # its language is unknown
    shelf.sync()
    answer = shelf.open(HashEmbedder(is_multilingual=True)).ask(question)
    assert answer.quotes + answer.closest
    assert answer.missing == ()


def test_of_quotes_in_several_languages_the_foreign_ones_are_named(shelf: Shelf) -> None:
    shelf.write("german.txt", GERMAN)
    shelf.sync()
    quotes = shelf.open().ask("Lindholm").quotes
    assert {quote.document.metadata.language for quote in quotes} == {"de", "en"}
    for question, foreign in ((GERMAN_QUESTION, "en"), ("When does the ferry leave?", "de")):
        named = {quote.foreign for quote in name_languages(question, quotes)}
        assert named == {None, foreign}


def test_unknown_languages_leave_it_open() -> None:
    assert choose({"en": 18, "en-GB": 1, "de-AT": 20, None: 2}) == ("de", "en")
    assert choose({"en": 8, None: 1}) == ()
    assert choose({}) == ()
