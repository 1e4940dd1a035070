"""From evidence to a probability, and the threshold below which an answer is withheld."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

Evidence = NDArray[np.float64]
"""What is known of an answer: shape (number of features,)."""

_FOLDS = 10


class Logistic(BaseModel):
    """Logistic regression, fitted (Platt 1999): probability = 1 / (1 + exp(-(w·x + b))).

    Attributes:
        features: names, in the order of the weights.
    """

    model_config = ConfigDict(frozen=True)

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    @model_validator(mode="after")
    def _check(self) -> Logistic:
        if len(self.features) != len(self.weights):
            raise ValueError(f"{len(self.features)} features, but {len(self.weights)} weights")
        return self

    def log_odds(self, evidence: Evidence) -> Evidence:
        """Return w·x + b for evidence of shape (…, number of features)."""
        odds: Evidence = evidence @ np.array(self.weights) + self.bias
        return odds

    def probability(self, evidence: Evidence) -> float:
        """Return the probability for evidence of shape (number of features,), 0..1."""
        odds = float(self.log_odds(evidence))
        return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


class ErrorRates(BaseModel):
    """How often a threshold is right: cross-validated on the questions it was fitted to.

    Attributes:
        questions: how many of them the documents answer.
        answered: share of those that are answered, 0..1.
        right: share of these answers whose first quote is right, 0..1.
        silent: share abstained from where documents on the subject do not answer, 0..1.
        absent: share abstained from where no document is on the subject, 0..1.
        calibration_error: expected calibration error of the confidence, 0..1.
    """

    model_config = ConfigDict(frozen=True)

    questions: int
    answered: float
    right: float
    silent: float | None
    absent: float | None
    calibration_error: float


class Calibration(Logistic):
    """The confidence that the first quote answers."""

    min_confidence: float
    error_rates: ErrorRates | None = None


def fit_weights(
    evidence: Sequence[Evidence], right: Sequence[bool], weights: Sequence[float] | None = None
) -> tuple[tuple[float, ...], float]:
    """Return the weights and the bias of the likeliest logistic regression, mildly regularised.

    Args:
        evidence: of each observation: shape (number of features,).
        right: what each observation came to.
        weights: how much each counts; all the same where not given.
    """
    model = _regression().fit(np.array(evidence), np.array(right), sample_weight=weights)
    return tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0])


def cross_validate(
    evidence: Sequence[Evidence], right: Sequence[bool], weights: Sequence[float]
) -> Evidence:
    """Return the probability of each observation by a regression fitted to the others.

    The arguments are those of `fit_weights`. Shape (number of observations,), 0..1.
    """
    from sklearn.model_selection import KFold, cross_val_predict  # noqa: PLC0415

    # The cases of one question stand together and stay together: no fold learns from its own.
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
    # Only fitting needs it, which answering does not.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    return LogisticRegression(C=10, max_iter=1000)
