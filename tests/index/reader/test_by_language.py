"""Each passage is read in the lane of its language and the question's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.languages import name_languages
from index.core.answers import Quote
from index.core.scope import Scope
from index.core.settings import MULTILINGUAL_MODEL
from index.library import Library
from index.reader.by_language import ACROSS, WITHIN, LanguageReader, lane_of
from index.reader.calibration import Blank, Logistic
from index.reader.multilingual import SHIPPED, read_manifest
from index.reader.trained import CONFIDENCE_FEATURES, RANKING_FEATURES, TrainedReader
from index.text.language import likely_of_question
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.library import quote
from tests.support.passages import ScriptedModel

ENGLISH = "The red fox sleeps in the old mill by the river. Nobody knows when it wakes up there."
RUSSIAN = (
    "Рыжая лиса спит на старой мельнице у реки Волга. Никто не знает, когда она просыпается. "
    "Мельник построил эту мельницу в 1903 году, и она стоит там до сих пор."
)
GERMAN = "Der rote Fuchs schläft in der alten Mühle am Fluss. Niemand weiß, wann er dort aufwacht."


def scripted(library: Library, blank: Blank) -> TrainedReader:
    """A reader that finds every sentence as good as another, but for the words it shares."""
    weights = {"evidence": 1.0, "retrieval": 3.0, "bm25": 2.0}
    ranking = Logistic(
        features=RANKING_FEATURES,
        weights=tuple(weights.get(name, 0.0) for name in RANKING_FEATURES),
        bias=-4.0,
    )
    model = ScriptedModel(lambda text: 0.0)
    return TrainedReader("scripted", model, library.words, ranking, blank=blank)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    embedder = HashEmbedder(name=MULTILINGUAL_MODEL, dimension=384, is_multilingual=True)
    shelf = Shelf(tmp_path, embedder)
    for name, text in {"en": ENGLISH, "ru": RUSSIAN, "de": GERMAN}.items():
        shelf.write(f"{name}.txt", text)
    library = shelf.open()
    library.reader = LanguageReader(
        "scripted",
        *(scripted(library, blank) for blank in (frozenset[str](), WITHIN, ACROSS)),
        scripted(library, ACROSS).calibration,
    )
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
        ("¿Qué es Xiamen?", "en", "across"),
        ("Wo flog Flug 101?", "en", "across"),
        ("Who rules Tibet?", "en", "english"),
        ("Die Hard", "en", "english"),
        ("Wo schläft der Fuchs?", None, "within"),
        ("Herat?", None, "english"),
        ("Herat?", "ar", "across"),
        ("Herat?", "fr", "within"),
    ],
)
def test_the_lane_follows_from_both_languages(question: str, tag: str | None, lane: str) -> None:
    assert lane_of(likely_of_question(question), tag) == lane


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


def test_other_languages_are_left_out_if_a_sentence_in_the_own_one_answers(
    library: Library,
) -> None:
    assert isinstance(library.reader, LanguageReader)
    for evidence, thorough, languages in (
        (6.0, False, {"en"}),
        (6.0, True, {"en", "ru", "de"}),
        (-6.0, False, {"en", "ru", "de"}),
    ):
        library.reader.english.model = ScriptedModel(lambda text, odds=evidence: odds)
        question = library.question("Where does the red fox sleep?", Scope())
        question = replace(question, thorough=thorough)
        read = library.reader.read(question, library.retrieve(question, Scope(), 8))
        found = {one.passage.document.metadata.language for one in read.readings}
        assert found == languages
        assert read.is_whole is (languages != {"en"})


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


def test_across_languages_no_words_count(library: Library) -> None:
    scope = Scope(("library",))
    found = library.retrieve(library.question("Где спит рыжая лиса?", scope), scope, 10)
    reader = library.reader
    assert isinstance(reader, LanguageReader)
    for lane, is_compared in ((reader.within, True), (reader.across, False)):
        rated = lane.rate("Где спит рыжая лиса?", found).units
        bm25 = [unit.features[RANKING_FEATURES.index("bm25")] for unit in rated]
        assert any(bm25) is is_compared


def test_what_is_shipped_fits_the_features() -> None:
    shipped = read_manifest(SHIPPED)
    for fit, blank in ((shipped.within, WITHIN), (shipped.across, ACROSS)):
        assert fit.ranking.features == RANKING_FEATURES
        assert fit.calibration.features == CONFIDENCE_FEATURES
        for model in (fit.ranking, fit.calibration):
            weights = dict(zip(model.features, model.weights, strict=True))
            assert all(weights[name] == 0 for name in blank.intersection(weights))
