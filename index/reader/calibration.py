"""Maps evidence to a probability, and that to the state of an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.core.answers import State

Evidence = NDArray[np.float64]
"""The features of an answer: shape (number of features,)."""

Blank = frozenset[str]
"""Features that mean nothing for a reader: they are 0."""


def evidence_of(names: Sequence[str], values: Sequence[float], blank: Blank) -> Evidence:
    """Return the values of features as an array, without those of blank ones."""
    pairs = zip(names, values, strict=True)
    return np.array([0.0 if name in blank else value for name, value in pairs])


class Logistic(BaseModel):
    """Logistic regression (Platt 1999): probability = 1 / (1 + exp(-(w·x + b)))."""

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
    """Error rates at the threshold, cross-validated on the questions it was fitted to; 0..1."""

    model_config = ConfigDict(frozen=True)

    questions: int  # the number of questions that the documents answer
    answered: float  # share of those that are answered
    right: float  # share of these answers whose first quote is right
    silent: float | None  # share of abstentions if documents on the subject do not answer
    absent: float | None  # share of abstentions if no document is on the subject
    near_miss: float | None = None  # share of abstentions if they speak of another year or name
    calibration_error: float  # expected calibration error of the confidence


class Calibration(Logistic):
    """The confidence that the first quote answers, and how much of it an answer needs.

    Attributes:
        min_confidence: below it an answer is unsure at most, 0..1.
        min_unsure: from it on an answer is unsure, below it there is none, 0..1; it changes nothing
            above `min_confidence`.
    """

    min_confidence: float
    min_unsure: float = Field(1.0, ge=0, le=1)
    error_rates: ErrorRates | None = None

    def state_of(self, confidence: float, min_confidence: float | None = None) -> State:
        """Return the state of an answer; `min_confidence` replaces the one that was fitted."""
        needed = self.min_confidence if min_confidence is None else min_confidence
        if confidence >= needed:
            return "answered"
        return "unsure" if confidence >= self.min_unsure else "none"
