"""What a reader learns from: the passage that answers, and those that search takes for it."""

from __future__ import annotations

import numpy as np
import pytest

from index.core.documents import Span
from index.evaluation.questions import Gold, GoldQuestion
from index.training.examples import Example, collect, crop, sample_epoch
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


def test_an_epoch_asks_every_question_once_and_is_repeatable(shelf: Shelf) -> None:
    questions = fill(shelf)
    shelf.sync()
    collected = collect(shelf.open(), questions, LIBRARY)

    def draw(seed: int, negatives: float) -> list[Example]:
        rng = np.random.default_rng(seed)
        return list(sample_epoch(collected, rng, negatives=negatives, crops=0.5))

    assert draw(1, 0.5) == draw(1, 0.5)
    assert draw(1, 0.5) != draw(2, 0.5)
    alone = draw(1, 0.0)
    assert sorted(e.question for e in alone) == sorted(q.text for q in questions)
    assert all(example.answers for example in alone)
    with_negatives = sum(bool(of.negatives) for of in collected)
    assert len(draw(1, 1.0)) == len(questions) + with_negatives
