"""Fits a reader's ranking and calibration to questions with known answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Progress, Step
from index.core.errors import FittingError
from index.evaluation.cases import Case, Observation, balance, observation_of, observe
from index.evaluation.metrics import expected_calibration_error
from index.evaluation.questions import Silence, Sort, is_covered
from index.reader import Reader
from index.reader.calibration import Calibration, ErrorRates, Evidence, Logistic
from index.reader.trained import RANKING_FEATURES, Rating, TrainedReader

_MIN_QUESTIONS = 20
_FOLDS = 10
# What the mean loss weighs beside the squares of the weights, of standardized features. On 2,751
# cases, cross-validated, 50 to 1,400 lie within 0.005 of each other; without, 0.01 fewer are
# answered at the same abstentions.
_LOSS_WEIGHT = 280.0
_RANKING_C = 10.0
_THRESHOLDS = np.arange(0.05, 0.951, 0.01)
# The shares wanted at the threshold: of answers, and of abstentions by sort.
_ANSWERED = 0.85
_SILENCE: dict[Silence, float] = {"absent": 0.85, "silent": 0.75, "near_miss": 0.70}
# The share of right first quotes that are not even shown as unsure.
_MISSED_IF_UNSURE = 0.04


def fit_reader(reader: Reader, cases: Sequence[Case], step: Step) -> None:
    """Fit the calibration of a reader to cases, and the ranking of a trained one.

    Raises:
        FittingError: there are too few questions, or the reader is always right or always wrong.
    """
    if isinstance(reader, TrainedReader):
        rated = rate(reader, cases, step("Reading"))
        reader.ranking = fit_ranking(cases, rated)
        observed = [
            observation_of(case, reader.order(rating))
            for case, rating in zip(cases, rated, strict=True)
        ]
    else:
        observed = observe(reader, cases, step("Fitting the confidence"))
    quoted = [observation for observation in observed if observation.quotes]
    reader.calibration = fit_calibration(reader.calibration.features, quoted)


def rate(
    reader: TrainedReader, cases: Sequence[Case], progress: Progress | None = None
) -> list[Rating]:
    """Return what a reader finds in the passages of each case, before it is ordered."""
    rated = []
    for done, case in enumerate(cases, start=1):
        rated.append(reader.rate(case.question.text, case.retrieved))
        if progress is not None:
            progress(done, len(cases))
    return rated


def fit_ranking(cases: Sequence[Case], rated: Sequence[Rating]) -> Logistic:
    """Return the log-odds that a sentence answers; kinds of questions weigh the same.

    Raises:
        FittingError: there are too few questions.
    """
    features: list[Evidence] = []
    right: list[bool] = []
    kinds: list[str] = []
    answerable = [
        (case, rating)
        for case, rating in zip(cases, rated, strict=True)
        if case.sort == "answerable"
    ]
    _check_enough(len(answerable))
    for case, rating in answerable:
        for unit in rating.units:
            features.append(unit.features)
            path = unit.retrieved.passage.document.path
            right.append(is_covered(case.answers, path, unit.span))
            kinds.append(case.kind)
    counts = Counter(kinds)
    weights, bias = _fit_weights(features, right, [len(kinds) / counts[kind] for kind in kinds])
    return Logistic(features=RANKING_FEATURES, weights=weights, bias=bias)


def fit_calibration(features: Sequence[str], observed: Sequence[Observation]) -> Calibration:
    """Return the calibration whose thresholds balance wrong answers and wrong abstentions.

    Kinds of questions weigh the same; in each, answerable and unanswerable cases do. An answer is
    sure where the shares of answers and of abstentions come nearest to what is wanted, and unsure
    from where most of the right ones lie. The error rates are those of cross-validation.

    Raises:
        FittingError: there are too few questions, or the reader is always right or always wrong.
    """
    counts = Counter(observation.sort for observation in observed)
    _check_enough(counts["answerable"])
    evidence = [observation.evidence for observation in observed]
    right = np.array([observation.right for observation in observed])
    if len(set(right.tolist())) < 2:
        raise FittingError("the reader is right on all of these questions or on none; give others")
    weights = balance(observed)
    c = _LOSS_WEIGHT / len(observed)
    fitted = _cross_validate(evidence, right, weights, c)
    kinds = np.array([observation.kind for observation in observed])
    sorts = np.array([observation.sort for observation in observed])

    def answered(threshold: float, sort: Sort) -> float | None:
        """The share of a sort that is answered, the mean over the kinds that have it."""
        shares = [
            (fitted[(sorts == sort) & (kinds == kind)] >= threshold).mean()
            for kind in set(kinds[sorts == sort].tolist())
        ]
        return float(np.mean(shares)) if shares else None

    def abstained(threshold: float, sort: Silence) -> float | None:
        share = answered(threshold, sort)
        return None if share is None else 1 - share

    def worst(threshold: float) -> float:
        """How far the sort that lies farthest from what is wanted lies above it."""
        silences = ((abstained(threshold, sort), wanted) for sort, wanted in _SILENCE.items())
        above = [share - wanted for share, wanted in silences if share is not None]
        return min([(answered(threshold, "answerable") or 0.0) - _ANSWERED, *above])

    threshold = round(float(max(_THRESHOLDS, key=worst)), 2)
    unsure = float(np.quantile(fitted[right], _MISSED_IF_UNSURE))
    shown = right[(fitted >= threshold) & (sorts == "answerable")]
    coefficients, bias = _fit_weights(evidence, right, weights, c)
    return Calibration(
        features=tuple(features),
        weights=coefficients,
        bias=bias,
        min_confidence=threshold,
        min_unsure=min(threshold, round(unsure, 2)),
        error_rates=ErrorRates(
            questions=counts["answerable"],
            answered=answered(threshold, "answerable") or 0.0,
            right=float(shown.mean()) if len(shown) else 0.0,
            silent=abstained(threshold, "silent"),
            absent=abstained(threshold, "absent"),
            near_miss=abstained(threshold, "near_miss"),
            calibration_error=expected_calibration_error(fitted.tolist(), right.tolist(), weights),
        ),
    )


def _check_enough(answerable: int) -> None:
    if answerable < _MIN_QUESTIONS:
        raise FittingError(
            f"{answerable} questions that the documents answer are too few to fit to; give at "
            f"least {_MIN_QUESTIONS}"
        )


def _fit_weights(
    evidence: Sequence[Evidence],
    right: Sequence[bool] | NDArray[np.bool_],
    weights: Sequence[float],
    c: float = _RANKING_C,
) -> tuple[tuple[float, ...], float]:
    """The weights and the bias of a logistic regression; `weights` are those of observations."""
    model = _regression(c).fit(
        np.array(evidence), np.array(right), logisticregression__sample_weight=weights
    )
    scaled, fitted = model[0], model[1]
    coefficients = fitted.coef_[0] / scaled.scale_
    bias = float(fitted.intercept_[0] - coefficients @ scaled.mean_)
    return tuple(float(weight) for weight in coefficients), bias


def _cross_validate(
    evidence: Sequence[Evidence],
    right: Sequence[bool] | NDArray[np.bool_],
    weights: Sequence[float],
    c: float,
) -> Evidence:
    """The probability of each observation by a regression fitted to the others: shape (n,)."""
    from sklearn.model_selection import KFold, cross_val_predict  # noqa: PLC0415

    # Without shuffling, the cases of one question share a fold and do not predict each other.
    folds = KFold(min(_FOLDS, len(right)))
    fitted: Evidence = cross_val_predict(
        _regression(c),
        np.array(evidence),
        np.array(right),
        cv=folds,
        method="predict_proba",
        params={"logisticregression__sample_weight": np.array(weights)},
    )[:, 1]
    return fitted


def _regression(c: float) -> Any:
    """A logistic regression of standardized features, which shrinks more with a smaller `c`."""
    # Only fitting needs scikit-learn, which is slow to import.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    return make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=1000))
