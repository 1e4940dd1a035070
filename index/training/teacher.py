"""A teacher: a cross-encoder whose judgement of question and sentence the reader learns as well.

A label says of one sentence that it answers, and nothing of the others. The teacher knows which of
these bear on the question, too (Hinton et al. 2015, "Distilling the Knowledge in a Neural
Network").
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Progress
from index.core.errors import ModelError
from index.models.onnx import OnnxSession
from index.reader.loading import TOKENIZER
from index.reader.spans import PairEncoder
from index.training.examples import Example, QuestionExamples

_MAX_TOKENS = 160


class Teacher(Protocol):
    """Scores pairs of a question and a sentence."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return a logit for each pair: shape (pairs,)."""


class OnnxTeacher:
    """A cross-encoder in an ONNX file with its `tokenizer.json` beside it."""

    def __init__(self, file: Path) -> None:
        """Load both files.

        Raises:
            ModelError: one of them cannot be read.
        """
        try:
            self._session = OnnxSession(file)
            self._encoder = PairEncoder(file.parent / TOKENIZER, _MAX_TOKENS)
        except Exception as error:  # the tokenizer's errors share no base class
            raise ModelError(f"cannot load the teacher {file}: {error}") from error

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return a logit for each pair: shape (pairs,)."""
        encoded = [self._encoder.encode(question, "", text) for question, text in pairs]
        found = self._session.run([pair.ids for pair in encoded], [pair.types for pair in encoded])
        return np.array([float(logits[-1]) for logits in found])


def teach(
    collected: Sequence[QuestionExamples],
    teacher: Teacher,
    kinds: Collection[str] = (),
    progress: Progress | None = None,
) -> list[QuestionExamples]:
    """Return the examples with the teacher's probability that each sentence answers.

    Without `kinds`, those of all kinds of questions are taught, else those of `kinds`. The
    teacher's logits become probabilities by a regression on the labels. The passage that answers
    and the first of the others are taught; near misses are not, as it is no judge of them.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    chosen = [at for at, of in enumerate(collected) if not kinds or of.kind in kinds]
    result = list(collected)
    logits: list[tuple[NDArray[np.float64], ...]] = []
    for done, at in enumerate(chosen, start=1):
        of_question = collected[at]
        logits.append(
            tuple(
                teacher.score([(e.question, span.cut(e.text)) for span in e.sentences])
                for e in (of_question.positive, *of_question.negatives[:1])
            )
        )
        if progress is not None:
            progress(done, len(chosen))
    positives = [collected[at].positive for at in chosen]
    labels = [
        any(span.overlaps(answer) for answer in example.answers)
        for example in positives
        for span in example.sentences
    ]
    if len(set(labels)) < 2:
        return result
    platt = LogisticRegression().fit(np.concatenate([of[0] for of in logits])[:, None], labels)

    def taught(example: Example, scores: NDArray[np.float64]) -> Example:
        return replace(example, taught=tuple(platt.predict_proba(scores[:, None])[:, 1].tolist()))

    for at, scores in zip(chosen, logits, strict=True):
        first = (taught(*pair) for pair in zip(collected[at].negatives, scores[1:], strict=False))
        result[at] = replace(
            collected[at],
            positive=taught(collected[at].positive, scores[0]),
            negatives=(*first, *collected[at].negatives[1:]),
        )
    return result
