"""The order of sentences and the evidence for the first, from what a model and search say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.core.documents import Span
from index.reader.calibration import Calibration, Logistic
from index.reader.spans import Unit
from index.reader.trained import CONFIDENCE_FEATURES, RANKING_FEATURES, TrainedReader
from index.reader.word_overlap import Words
from index.text.terms import Analyzer
from tests.support.passages import ScriptedModel, make_passage, question, retrieved

SURE = {"The fox slept.": 3.0, "It rained all day.": 5.0, "The dog barked.": -2.0}
words = Words(Analyzer())


def make_reader(**changed: float) -> TrainedReader:
    model = ScriptedModel(lambda text: SURE.get(text, -8.0), {"The fox slept.": Span(4, 7)})
    weights = {"evidence": 1.0, "retrieval": 20.0} | changed
    ranking = Logistic(
        features=RANKING_FEATURES,
        weights=tuple(weights.get(name, 0.0) for name in RANKING_FEATURES),
        bias=-1.0,
    )
    return TrainedReader("scripted", model, words, ranking)


def test_sentences_are_ordered_by_reading_and_search() -> None:
    one = retrieved(make_passage("The fox slept.", "The dog barked."), score=0.9)
    other = retrieved(make_passage("It rained all day.", document=2), score=0.85)
    read = make_reader().read(question("fox?"), [one, other])
    assert [reading.passage.cut(reading.span) for reading in read.readings] == [
        "It rained all day.",
        "The fox slept.",
        "The dog barked.",
    ]
    assert [reading.score for reading in read.readings] == sorted(
        (reading.score for reading in read.readings), reverse=True
    )
    better = retrieved(make_passage("The fox slept."), score=2.0)
    worse = retrieved(make_passage("It rained all day.", document=2), score=1.8)
    first = make_reader().read(question("fox?"), [better, worse]).readings[0]
    assert first.passage.cut(first.span) == "The fox slept."
    assert [first.passage.cut(span) for span in first.answer] == ["fox"]


def test_a_sentence_of_two_passages_is_read_once() -> None:
    one = retrieved(make_passage("The fox slept.", "It rained all day."))
    other = retrieved(make_passage("It rained all day.", "The dog barked.", at=15, first=1))
    readings = make_reader().read(question("fox?"), [one, other]).readings
    assert sorted(reading.first for reading in readings) == [0, 1, 2]


def test_the_evidence_is_of_the_first() -> None:
    one = retrieved(make_passage("The fox slept.", "The dog barked.", title="Animals"), score=0.5)
    read = make_reader().read(question("Did the fox of the animals see a unicorn?"), [one])
    evidence = dict(zip(CONFIDENCE_FEATURES, read.evidence.tolist(), strict=True))
    assert evidence["log_odds"] == pytest.approx(3 + 20 * 0.5 - 1)
    assert evidence["gap"] == pytest.approx(5)
    assert evidence["evidence"] == 3
    assert evidence["cosine"] == 0.5
    assert evidence["sentence_coverage"] == pytest.approx(2 / 4)


def test_a_sentence_that_lacks_an_anchor_may_stand_behind() -> None:
    passage = make_passage("The fox slept in 2018.", "The fox woke in 2019.")
    asked = question("What did the fox do in 2019?")
    assert make_reader().read(asked, [retrieved(passage)]).readings[0].first == 0
    reader = make_reader(lack_sentence=-2.0)
    read = reader.read(asked, [retrieved(passage)])
    assert read.readings[0].first == 1
    evidence = dict(zip(CONFIDENCE_FEATURES, read.evidence.tolist(), strict=True))
    assert evidence["time_lacks_sentence"] == evidence["lacks_everywhere"] == 0
    other = reader.read(question("What did the fox do in 2020?"), [retrieved(passage)])
    evidence = dict(zip(CONFIDENCE_FEATURES, other.evidence.tolist(), strict=True))
    assert evidence["time_lacks_sentence"] == evidence["time_lacks_passage"] == 1
    assert evidence["lacks_everywhere"] == 1
    assert evidence["name_lacks_sentence"] == 0


def test_lead_and_title_count_by_themselves_for_what_something_is() -> None:
    passage = make_passage("It sleeps.", "A fox is an animal.", title="Fox")
    reader = make_reader()
    features = {}
    for text in ("What is a fox?", "Where does a fox sleep?"):
        first, second = reader.rate(text, [retrieved(passage)]).units
        features[text] = dict(zip(RANKING_FEATURES, first.features.tolist(), strict=True))
        assert features[text]["lead"] == 1
        assert second.features[RANKING_FEATURES.index("lead")] == 0.5
    is_what, where = features.values()
    assert (is_what["title"], is_what["title_of_definition"]) == (1, 1)
    assert (where["title"], where["title_of_definition"]) == (0.5, 0)
    assert (is_what["lead_of_definition"], where["lead_of_definition"]) == (1, 0)


def test_no_number_is_without_bounds() -> None:
    model = ScriptedModel(lambda text: 1e9 if "fox" in text else -1e9)
    reader = TrainedReader("scripted", model, words)
    read = reader.read(question("fox?"), [retrieved(make_passage("A fox.", "A dog."))])
    assert np.abs(read.evidence).max() < 20
    assert all(0 <= reading.score <= 1 for reading in read.readings)
    assert 0 <= reader.calibration.probability(read.evidence) <= 1
    alone = reader.read(question("fox?"), [retrieved(make_passage("A fox."))])
    assert np.isfinite(alone.evidence).all()


def test_what_search_puts_far_behind_is_not_read() -> None:
    passages = [make_passage(f"Number {at}.", document=at) for at in range(1, 5)]
    found = [retrieved(p, score) for p, score in zip(passages, (0.4, 0.9, 0.61, 0.59), strict=True)]
    rated = make_reader().rate("number?", found)
    assert sorted(unit.text for unit in rated.units) == ["Number 2.", "Number 3."]


def test_passages_that_cannot_reach_the_best_sentence_are_not_read() -> None:
    sure, other = make_passage("The fox slept."), make_passage("It rained.", document=2)
    rest = [make_passage(f"Number {at}.", document=at) for at in (3, 4, 5)]
    found = [retrieved(p, 0.9 - 0.01 * at) for at, p in enumerate([sure, other, *rest])]
    asked = question("fox?")
    for ahead, is_whole in ((2.5, False), (4.0, True)):  # it is 3.4, then 3.8 ahead of the rest
        reader = replace(make_reader(), ahead=ahead)
        read = reader.read(asked, found)
        assert read.is_whole is is_whole
        assert len(read.readings) == (5 if is_whole else 2)
        assert read.readings[0].text == "The fox slept."
        whole = reader.read(replace(asked, thorough=True), found)
        assert whole.is_whole
        assert len(whole.readings) == 5
    unsure = [retrieved(make_passage("It rained.", document=at), 0.9) for at in (1, 2, 3, 4)]
    assert replace(make_reader(), ahead=2.5).read(asked, unsure).is_whole


def test_nothing_found_is_nothing_read() -> None:
    read = make_reader().read(question("fox?"), [])
    assert not read.readings
    assert read.evidence.shape == (len(CONFIDENCE_FEATURES),)


def test_the_answer_may_run_across_sentences() -> None:
    passage = make_passage("The fox slept.", "It rained all day.")

    class Joining(ScriptedModel):
        def read(self, question: str, passages: object) -> list[list[object]]:  # type: ignore[override]
            return [[Unit(0, 0, 1.0), Unit(1, 1, 1.0), Unit(0, 1, 9.0)]]

    reader = TrainedReader("joining", Joining(lambda text: 0.0), words)  # type: ignore[arg-type]
    first = reader.read(question("fox?"), [retrieved(passage)]).readings[0]
    assert (first.first, first.last, first.span) == (0, 1, passage.span)


@pytest.mark.parametrize("odds", [-1e6, -5.0, 0.0, 5.0, 1e6])
def test_a_probability_is_one(odds: float) -> None:
    logistic = Logistic(features=("odds",), weights=(1.0,), bias=0.0)
    assert 0 <= logistic.probability(np.array([odds])) <= 1
    assert logistic.probability(np.array([odds])) == pytest.approx(
        1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    )


@pytest.mark.parametrize(
    ("min_unsure", "replaced", "states"),
    [
        (0.2, None, "none unsure unsure answered answered"),
        (0.2, 0.9, "none unsure unsure unsure answered"),
        (0.2, 0.0, "answered answered answered answered answered"),
        (1.0, None, "none none none answered answered"),
    ],
)
def test_the_states_of_an_answer(min_unsure: float, replaced: float | None, states: str) -> None:
    fitted = Calibration(
        features=(), weights=(), bias=0.0, min_confidence=0.5, min_unsure=min_unsure
    )
    confidences = (0.19, 0.2, 0.49, 0.5, 0.9)
    assert [fitted.state_of(at, replaced) for at in confidences] == states.split()


def test_a_calibration_of_an_earlier_version_leaves_nothing_unsure() -> None:
    stored = '{"features": [], "weights": [], "bias": 0, "min_confidence": 0.5}'
    assert Calibration.model_validate_json(stored).state_of(0.49) == "none"


def test_weights_fit_the_features() -> None:
    with pytest.raises(ValueError, match="2 features, but 1 weights"):
        Calibration(features=("a", "b"), weights=(1.0,), bias=0.0, min_confidence=0.5)


def test_a_sentence_beside_the_first_comes_before_its_like() -> None:
    one = make_passage("The fox slept.", "The dog barked.")
    other = make_passage("It rained all day.", "The moon rose.", document=2)
    evidence = {"It rained all day.": 3.0, "The fox slept.": 2.9, "The moon rose.": -2.2}
    reader = make_reader(retrieval=0.0)
    reader.model = ScriptedModel(lambda text: evidence.get(text, -2.0))
    readings = reader.read(question("fox?"), [retrieved(one), retrieved(other)]).readings
    assert [reading.text for reading in readings] == [
        "It rained all day.",
        "The fox slept.",
        "The moon rose.",
        "The dog barked.",
    ]
    scores = [reading.score for reading in readings]
    assert scores == sorted(scores, reverse=True)
