"""What a reader learns from: the passage that answers, and those that search takes for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.core.documents import Span
from index.evaluation.questions import Gold, GoldQuestion
from index.training.examples import (
    Example,
    QuestionExamples,
    collect,
    crop,
    sample_epoch,
    without_answer,
)
from tests.support.corpus import fill
from tests.support.folders import Shelf

LIBRARY = ["library"]
EXAMPLE = Example(
    question="What rained?",
    header="Weather",
    text="One. Two is here. Three. Four. Five.",
    sentences=(Span(0, 4), Span(5, 17), Span(18, 24), Span(25, 30), Span(31, 36)),
    answers=(Span(5, 8),),
)


def test_an_answer_is_where_it_was(shelf: Shelf) -> None:
    questions = fill(shelf)
    shelf.sync()
    collected = collect(shelf.open(), questions, LIBRARY)
    assert len(collected) == len(questions)
    for question, found in zip(questions, collected, strict=True):
        positive = found.positive
        assert [a.cut(positive.text) for a in positive.answers] == [question.answers[0].text]
        assert all(not negative.answers for negative in found.negatives)
        assert all(question.answers[0].text not in n.text for n in found.negatives)
        assert all(sentence.cut(positive.text).endswith(".") for sentence in positive.sentences)
    assert any(found.negatives for found in collected)


def test_questions_without_a_passage_are_left_out(shelf: Shelf) -> None:
    fill(shelf, 2)
    shelf.sync()
    questions = [
        GoldQuestion("Who?", (Gold("none.txt", Span(0, 2), "Ad"),)),
        GoldQuestion("Who?", (Gold("ada.txt", Span(0, 9999), "Ad"),)),
        GoldQuestion("Who?", ()),
    ]
    assert collect(shelf.open(), questions, LIBRARY) == []


@pytest.mark.parametrize("seed", range(30))
def test_a_crop_keeps_an_answer_and_whole_sentences(seed: int) -> None:
    cut = crop(EXAMPLE, np.random.default_rng(seed))
    assert 2 <= len(cut.sentences) < 5
    assert cut.text in EXAMPLE.text
    assert [a.cut(cut.text) for a in cut.answers] == ["Two"]
    said = {"One.", "Two is here.", "Three.", "Four.", "Five."}
    assert all(sentence.cut(cut.text) in said for sentence in cut.sentences)


@pytest.mark.slow
def test_an_epoch_asks_every_question_once_and_is_repeatable(shelf: Shelf) -> None:
    questions = fill(shelf)
    shelf.sync()
    collected = collect(shelf.open(), questions, LIBRARY)

    def draw(
        seed: int, negatives: float, near_misses: float = 0.0, silences: float = 0.0
    ) -> list[Example]:
        rng = np.random.default_rng(seed)
        return list(
            sample_epoch(
                collected,
                rng,
                negatives=negatives,
                near_misses=near_misses,
                silences=silences,
                crops=0.5,
            )
        )

    assert draw(1, 0.5) == draw(1, 0.5)
    assert draw(1, 0.5) != draw(2, 0.5)
    alone = draw(1, 0.0)
    assert sorted(e.question for e in alone) == sorted(q.text for q in questions)
    assert all(example.answers for example in alone)
    with_negatives = sum(bool(of.negatives) for of in collected)
    assert len(draw(1, 1.0)) == len(questions) + with_negatives
    silent = [e for e in draw(1, 0.0, silences=1.0) if not e.answers]
    assert len(silent) == sum(len(of.positive.sentences) > 1 for of in collected)


def test_a_near_miss_is_drawn_beside_the_question_it_was_made_from() -> None:
    base = replace(EXAMPLE, question="What rained in 2018?")
    near = replace(EXAMPLE, question="What rained in 2019?", answers=())
    collected = [QuestionExamples(EXAMPLE, (), (base, near))]

    def draw(share: float) -> list[Example]:
        rng = np.random.default_rng(0)
        return list(
            sample_epoch(collected, rng, negatives=1.0, near_misses=share, silences=0.0, crops=0.0)
        )

    assert draw(1.0) == [base, near]
    assert [example.question for example in draw(0.0)] == [EXAMPLE.question]


def test_the_rest_of_a_passage_is_its_longest_run_without_an_answer() -> None:
    rest = without_answer(replace(EXAMPLE, taught=(0.1, 0.9, 0.2, 0.3, 0.4)))
    assert rest is not None
    assert rest.text == "Three. Four. Five."
    assert [sentence.cut(rest.text) for sentence in rest.sentences] == ["Three.", "Four.", "Five."]
    assert rest.taught == (0.2, 0.3, 0.4)
    assert not rest.answers
    assert without_answer(replace(EXAMPLE, answers=EXAMPLE.sentences)) is None
