"""Each passage is read in the lane of its language and the question's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.languages import name_languages
from index.core.answers import Quote
from index.core.settings import MULTILINGUAL_MODEL
from index.library import Library
from index.reader.by_language import FITS, LanguageReader, lane_of, read_fits
from index.reader.sentence_vectors import CONFIDENCE_FEATURES, RANKING_FEATURES
from index.text.language import of_question
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.library import quote

ENGLISH = "The red fox sleeps in the old mill by the river. Nobody knows when it wakes up there."
RUSSIAN = (
    "Рыжая лиса спит на старой мельнице у реки Волга. Никто не знает, когда она просыпается. "
    "Мельник построил эту мельницу в 1903 году, и она стоит там до сих пор."
)
GERMAN = "Der rote Fuchs schläft in der alten Mühle am Fluss. Niemand weiß, wann er dort aufwacht."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    embedder = HashEmbedder(name=MULTILINGUAL_MODEL, dimension=384, is_multilingual=True)
    shelf = Shelf(tmp_path, embedder)
    for name, text in {"en": ENGLISH, "ru": RUSSIAN, "de": GERMAN}.items():
        shelf.write(f"{name}.txt", text)
    library = shelf.open(reader="onrecord")
    library.sync(shelf.folder)
    yield library
    shelf.close()


@pytest.mark.parametrize(
    ("question", "tag", "lane"),
    [
        ("Where does the fox sleep?", "en", "english"),
        ("Where does the fox sleep?", "en-GB", "english"),
        ("Where does the fox sleep?", None, "english"),
        ("Where does the fox sleep?", "ru", "across"),
        ("Где спит лиса?", "ru", "within"),
        ("Где спит лиса?", "en", "across"),
        ("Wo schläft der Fuchs?", "de", "within"),
        ("Wo schläft der Fuchs?", "fa", "across"),
        ("روباه کجا می‌خوابد؟", "fa", "within"),
        ("Herat?", "ar", "across"),
        ("Herat?", "fr", "within"),
    ],
)
def test_the_lane_follows_from_both_languages(question: str, tag: str | None, lane: str) -> None:
    assert lane_of(of_question(question), tag) == lane


def test_a_question_is_answered_in_its_language_first(library: Library) -> None:
    assert isinstance(library.reader, LanguageReader)
    for question, name in {
        "Where does the red fox sleep?": "en.txt",
        "Где спит рыжая лиса?": "ru.txt",
        "Wo schläft der rote Fuchs?": "de.txt",
    }.items():
        answer = library.ask(question)
        first = (answer.quotes or answer.closest)[0]
        assert first.document.path == name
        assert first.foreign is None


def test_every_quote_is_in_order_and_its_own_slice(library: Library) -> None:
    answer = library.ask("Где спит рыжая лиса?")
    quotes = answer.quotes or answer.closest
    assert [one.score for one in quotes] == sorted((one.score for one in quotes), reverse=True)
    for one in quotes:
        assert one.text == one.span.cut(library.store.text(one.document.id))


@pytest.mark.parametrize(
    ("question", "tag", "foreign"),
    [
        ("Where does the fox sleep?", "ru", "ru"),
        ("Where does the fox sleep?", "en-US", None),
        ("Where does the fox sleep?", None, None),
        ("Где спит лиса?", "pt-BR", "pt"),
        ("Где спит лиса?", "ru", None),
        ("Herat?", "de", None),
    ],
)
def test_a_quote_in_another_language_is_named(
    question: str, tag: str | None, foreign: str | None
) -> None:
    asked = quote()
    metadata = replace(asked.document.metadata, language=tag)
    one: Quote = replace(asked, document=replace(asked.document, metadata=metadata))
    assert name_languages(question, [one])[0].foreign == foreign


def test_what_is_shipped_fits_the_features() -> None:
    fits = read_fits(FITS)
    for fit in (fits.within, fits.across):
        assert fit.ranking.features == RANKING_FEATURES
        assert fit.calibration.features == CONFIDENCE_FEATURES
    assert fits.across.ranking.weights[1:] == (0.0, 0.0, 0.0)  # words are not compared
