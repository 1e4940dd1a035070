"""Fits a reader's ranking and calibration to questions with known answers.

A question that the documents answer makes three cases: with all passages; without those that
answer, so that the documents are on the subject but silent on the point; and without the documents
that answer, as if they were not indexed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from index.answering.answerer import READ_PASSAGES, compose
from index.core.answers import Quote
from index.core.documents import Passage, Progress, Step
from index.core.errors import FittingError
from index.core.scope import Scope
from index.evaluation.metrics import expected_calibration_error
from index.evaluation.questions import Gold, GoldQuestion, is_covered, is_quoted
from index.library import Library
from index.reader import Question, Reader, Retrieved
from index.reader.calibration import Calibration, ErrorRates, Evidence, Logistic
from index.reader.trained import RANKING_FEATURES, TrainedReader
from index.search.retriever import renormalize
from index.text.question import as_question

Kind = Literal["answerable", "silent", "absent"]
_UNANSWERABLE: tuple[Kind, ...] = ("silent", "absent")

_DEPTH = 48
_MIN_QUESTIONS = 20
_FOLDS = 10
_THRESHOLDS = np.arange(0.05, 0.951, 0.01)


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages to answer it from."""

    question: Question
    answers: tuple[Gold, ...]
    retrieved: Sequence[Retrieved]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Observation:
    """A reader's evidence and quotes for a case, and whether the first quote answers."""

    evidence: Evidence
    right: bool
    kind: Kind
    quotes: tuple[Quote, ...] = ()
    answers: tuple[Gold, ...] = ()


def cases_of(
    library: Library, questions: Sequence[GoldQuestion], collections: Sequence[str]
) -> Iterator[Case]:
    """Yield the cases of each question, in the order answerable, silent, absent."""
    for gold in questions:
        text = as_question(gold.text)
        question = Question(text, library.embedder.embed_question(text))
        found = library.retrieve(question, Scope(tuple(collections)), _DEPTH)
        if not gold.answers:
            yield Case(question, (), found[:READ_PASSAGES], "absent")
            continue
        documents = {answer.document for answer in gold.answers}
        silent = [item for item in found if not _answers(item.passage, gold.answers)]
        absent = [item for item in found if item.passage.document.path not in documents]
        yield Case(question, gold.answers, found[:READ_PASSAGES], "answerable")
        yield Case(question, gold.answers, _best_of(silent), "silent")
        yield Case(question, gold.answers, _best_of(absent), "absent")


def fit_reader(reader: Reader, cases: Sequence[Case], step: Step) -> None:
    """Fit the calibration of a reader to cases, and the ranking of a trained one.

    Raises:
        FittingError: there are too few questions, or the reader is always right or always wrong.
    """
    if isinstance(reader, TrainedReader):
        reader.ranking = fit_ranking(reader, cases, step("Fitting the order"))
    observed = observe(reader, cases, step("Fitting the confidence"))
    quoted = [observation for observation in observed if observation.quotes]
    reader.calibration = fit_calibration(reader.calibration.features, quoted)


def observe(
    reader: Reader, cases: Sequence[Case], progress: Progress | None = None
) -> list[Observation]:
    """Return an observation of each case; without passages it has no quotes."""
    observed = []
    for done, case in enumerate(cases, start=1):
        read = reader.read(case.question, case.retrieved)
        quotes = compose(read.readings, case.retrieved)
        right = is_quoted(case.answers, quotes, 1)
        observed.append(Observation(read.evidence, right, case.kind, quotes, case.answers))
        if progress is not None:
            progress(done, len(cases))
    return observed


def fit_calibration(features: Sequence[str], observed: Sequence[Observation]) -> Calibration:
    """Return the calibration whose threshold balances wrong answers and wrong abstentions.

    Answerable and unanswerable cases have the same total weight. The error rates are those of
    cross-validation.

    Raises:
        FittingError: there are too few questions, or the reader is always right or always wrong.
    """
    counts = Counter(observation.kind for observation in observed)
    _check_enough(counts["answerable"])
    evidence = [observation.evidence for observation in observed]
    right = [observation.right for observation in observed]
    if len(set(right)) < 2:
        raise FittingError("the reader is right on all of these questions or on none; give others")
    unanswerable: list[Kind] = [kind for kind in _UNANSWERABLE if counts[kind]]
    share = 1 / max(1, len(unanswerable))
    weights = [
        1 / counts[o.kind] * (1.0 if o.kind == "answerable" else share) * len(observed)
        for o in observed
    ]
    fitted = _cross_validate(evidence, right, weights)
    kinds = np.array([observation.kind for observation in observed])

    def answered(threshold: float, kind: Kind) -> float:
        return float((fitted[kinds == kind] >= threshold).mean()) if counts[kind] else 0.0

    def worst(threshold: float) -> float:
        abstained = [1 - answered(threshold, kind) for kind in unanswerable]
        return min(answered(threshold, "answerable"), float(np.mean(abstained or [1.0])))

    threshold = round(float(max(_THRESHOLDS, key=worst)), 2)
    shown = fitted >= threshold
    coefficients, bias = _fit_weights(evidence, right, weights)
    return Calibration(
        features=tuple(features),
        weights=coefficients,
        bias=bias,
        min_confidence=threshold,
        error_rates=ErrorRates(
            questions=counts["answerable"],
            answered=answered(threshold, "answerable"),
            right=float(np.array(right)[shown & (kinds == "answerable")].mean()),
            silent=1 - answered(threshold, "silent") if counts["silent"] else None,
            absent=1 - answered(threshold, "absent") if counts["absent"] else None,
            calibration_error=expected_calibration_error(fitted.tolist(), right, weights),
        ),
    )


def fit_ranking(
    reader: TrainedReader, cases: Sequence[Case], progress: Progress | None = None
) -> Logistic:
    """Return the log-odds that a sentence answers."""
    features: list[Evidence] = []
    right: list[bool] = []
    answerable = [case for case in cases if case.kind == "answerable"]
    _check_enough(len(answerable))
    for done, case in enumerate(answerable, start=1):
        for rated in reader.rate(case.question.text, case.retrieved):
            features.append(rated.features)
            path = rated.retrieved.passage.document.path
            right.append(is_covered(case.answers, path, rated.span))
        if progress is not None:
            progress(done, len(answerable))
    weights, bias = _fit_weights(features, right)
    return Logistic(features=RANKING_FEATURES, weights=weights, bias=bias)


def _check_enough(answerable: int) -> None:
    if answerable < _MIN_QUESTIONS:
        raise FittingError(
            f"{answerable} questions that the documents answer are too few to fit to; give at "
            f"least {_MIN_QUESTIONS}"
        )


def _best_of(found: Sequence[Retrieved]) -> list[Retrieved]:
    """The passages to read if search had found only these."""
    passages = {item.passage.id: item.passage for item in found}
    hits = renormalize([item.hit for item in found])[:READ_PASSAGES]
    return [Retrieved(passages[hit.passage_id], hit) for hit in hits]


def _answers(passage: Passage, answers: Sequence[Gold]) -> bool:
    """Whether a sentence of a passage overlaps an answer."""
    return any(
        answer.document == passage.document.path
        and any(sentence.span.overlaps(answer.span) for sentence in passage.sentences)
        for answer in answers
    )


def _fit_weights(
    evidence: Sequence[Evidence], right: Sequence[bool], weights: Sequence[float] | None = None
) -> tuple[tuple[float, ...], float]:
    """The weights and the bias of a logistic regression; `weights` are those of observations."""
    model = _regression().fit(np.array(evidence), np.array(right), sample_weight=weights)
    return tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0])


def _cross_validate(
    evidence: Sequence[Evidence], right: Sequence[bool], weights: Sequence[float]
) -> Evidence:
    """The probability of each observation by a regression fitted to the others: shape (n,)."""
    from sklearn.model_selection import KFold, cross_val_predict  # noqa: PLC0415

    # Without shuffling, the cases of one question share a fold and do not predict each other.
    folds = KFold(min(_FOLDS, len(right)))
    fitted: Evidence = cross_val_predict(
        _regression(),
        np.array(evidence),
        np.array(right),
        cv=folds,
        method="predict_proba",
        params={"sample_weight": np.array(weights)},
    )[:, 1]
    return fitted


def _regression() -> Any:
    # Only fitting needs scikit-learn, which is slow to import.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    return LogisticRegression(C=10, max_iter=1000)
