"""From evidence to a probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression, fitted (Platt 1999): probability = 1 / (1 + exp(-(w·x + b)))."""

    weights: Sequence[float]
    bias: float

    def probability(self, evidence: NDArray[np.float64]) -> float:
        """Return the probability for evidence of shape (len(weights),), 0..1."""
        return 1 / (1 + math.exp(-(float(np.dot(self.weights, evidence)) + self.bias)))
