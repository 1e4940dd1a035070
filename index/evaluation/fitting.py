"""Fits a reader's ranking and calibration to questions with known answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from index.core.documents import Progress, Step
from index.core.errors import FittingError
from index.evaluation.cases import Case, Observation, balance, observe
from index.evaluation.metrics import expected_calibration_error
from index.evaluation.questions import Silence, Sort, is_covered
from index.reader import Reader
from index.reader.calibration import Calibration, ErrorRates, Evidence, Logistic
from index.reader.trained import RANKING_FEATURES, TrainedReader

_MIN_QUESTIONS = 20
_FOLDS = 10
_THRESHOLDS = np.arange(0.05, 0.951, 0.01)


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


def fit_calibration(features: Sequence[str], observed: Sequence[Observation]) -> Calibration:
    """Return the calibration whose threshold balances wrong answers and wrong abstentions.

    Answerable and unanswerable cases have the same total weight. The error rates are those of
    cross-validation.

    Raises:
        FittingError: there are too few questions, or the reader is always right or always wrong.
    """
    counts = Counter(observation.sort for observation in observed)
    _check_enough(counts["answerable"])
    evidence = [observation.evidence for observation in observed]
    right = [observation.right for observation in observed]
    if len(set(right)) < 2:
        raise FittingError("the reader is right on all of these questions or on none; give others")
    unanswerable: list[Sort] = [sort for sort in get_args(Silence) if counts[sort]]
    weights = balance([observation.sort for observation in observed])
    fitted = _cross_validate(evidence, right, weights)
    sorts = np.array([observation.sort for observation in observed])

    def answered(threshold: float, sort: Sort) -> float:
        return float((fitted[sorts == sort] >= threshold).mean()) if counts[sort] else 0.0

    def worst(threshold: float) -> float:
        abstained = [1 - answered(threshold, sort) for sort in unanswerable]
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
            right=float(np.array(right)[shown & (sorts == "answerable")].mean()),
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
    answerable = [case for case in cases if case.sort == "answerable"]
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
