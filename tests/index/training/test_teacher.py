"""What a cross-encoder teaches the reader beside the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.core.documents import Span
from index.core.errors import ModelError
from index.training.examples import Example, QuestionExamples
from index.training.teacher import OnnxTeacher, teach

TEXT = "It rains. The fox slept. A fox dozed."
SENTENCES = (Span(0, 9), Span(10, 24), Span(25, 37))


class ScriptedTeacher:
    """Scores sentences by whether they have the word fox."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        return np.array([5.0 if "fox" in text else -5.0 for _, text in pairs])


def examples(kind: str = "all") -> QuestionExamples:
    positive = Example("What did the fox do?", "", TEXT, SENTENCES, (Span(18, 23),))
    other = replace(positive, answers=())
    near = (positive, replace(other, question="What did the dog do?"))
    return QuestionExamples(positive, (other, other), near, kind)


@pytest.mark.slow
def test_sentences_get_the_probability_that_goes_with_their_logit() -> None:
    (taught,) = teach([examples()], ScriptedTeacher())
    rain, fox, again = taught.positive.taught
    assert 0 < rain < fox == again < 1
    assert taught.negatives[0].taught == taught.positive.taught
    assert taught.negatives[1].taught == ()
    assert all(example.taught == () for example in taught.near)


@pytest.mark.slow
def test_only_the_kinds_named_are_taught() -> None:
    of_news, of_mail = teach([examples("news"), examples("mail")], ScriptedTeacher(), ["mail"])
    assert of_news == examples("news")
    assert of_mail.positive.taught


def test_labels_of_one_class_teach_nothing() -> None:
    silent = examples()
    silent = replace(silent, positive=replace(silent.positive, answers=()))
    assert teach([silent], ScriptedTeacher()) == [silent]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot load the teacher .*none\.onnx"):
        OnnxTeacher(tmp_path / "none.onnx")
