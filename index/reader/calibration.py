"""Maps evidence to a probability, with the threshold below which an answer is withheld."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

Evidence = NDArray[np.float64]
"""The features of an answer: shape (number of features,)."""


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
    calibration_error: float  # expected calibration error of the confidence


class Calibration(Logistic):
    """The confidence that the first quote answers."""

    min_confidence: float
    error_rates: ErrorRates | None = None
