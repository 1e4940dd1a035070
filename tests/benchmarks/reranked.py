"""A reader whose best sentences a cross-encoder judges once more while the question waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.evaluation.cases import Case
from index.evaluation.questions import is_covered
from index.reader import Question, Reader, Reading, ReadPassages, Retrieved
from index.reader.calibration import Calibration
from index.training.teacher import OnnxTeacher

BEST = 12


class RerankedReader:
    """Orders the best sentences of a reader by its log-odds and the cross-encoder's logit."""

    name = "with the cross-encoder"

    def __init__(self, reader: Reader, cross_encoder: OnnxTeacher) -> None:
        features = (*reader.calibration.features, "cross_encoder", "best_cross_encoder")
        self.calibration = Calibration(
            features=features, weights=(0.0,) * len(features), bias=0.0, min_confidence=0.5
        )
        self._reader = reader
        self._cross_encoder = cross_encoder
        self._known: dict[tuple[str, str], float] = {}
        self._weights = np.array([1.0, 1.0, 0.0])

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        read = self._reader.read(question, retrieved)
        best, rest = list(read.readings[:BEST]), read.readings[BEST:]
        if not best:
            return ReadPassages((), np.zeros(len(self.calibration.features)))
        features = self._features(question, best)
        odds = features @ self._weights
        order = np.argsort(-odds, kind="stable")
        readings = [replace(best[at], score=float(1 / (1 + np.exp(-odds[at])))) for at in order]
        logits = features[:, 1]
        evidence = np.array([*read.evidence, logits[order[0]], logits.max()])
        return ReadPassages([*readings, *rest], evidence)

    def fit(self, cases: Sequence[Case]) -> None:
        """Fit the weights of log-odds and logit; kinds of questions weigh the same."""
        rows, right, kinds = [], [], []
        for case in cases:
            if case.sort == "answerable":
                best = self._reader.read(case.question, case.retrieved).readings[:BEST]
                rows += self._features(case.question, best).tolist() if best else []
                for found in best:
                    path = found.passage.document.path
                    right.append(is_covered(case.answers, path, found.span))
                    kinds.append(case.kind)
        weights = [1 / kinds.count(kind) for kind in kinds]
        weights = np.array(weights) / np.mean(weights)
        model = LogisticRegression(fit_intercept=False).fit(np.array(rows), right, weights)
        self._weights = model.coef_[0]

    def _features(self, question: Question, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """Log-odds, logit and 1 for each reading: shape (readings, 3)."""
        pairs = [(question.text, reading.text) for reading in readings]
        new = [pair for pair in pairs if pair not in self._known]
        if new:
            self._known |= zip(new, self._cross_encoder.score(new).tolist(), strict=True)
        scores = np.clip([reading.score for reading in readings], 1e-6, 1 - 1e-6)
        logits = [self._known[pair] for pair in pairs]
        return np.stack([np.log(scores / (1 - scores)), logits, np.ones(len(pairs))], axis=1)
