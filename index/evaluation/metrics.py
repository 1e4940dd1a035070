"""Measures of retrieval, quoting and abstaining. Means include the questions that failed."""

from __future__ import annotations

import re
import string
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def share(flags: Iterable[bool]) -> float | None:
    """Return the share of true `flags`, 0..1; None without any."""
    counted = list(flags)
    return sum(counted) / len(counted) if counted else None


def success_at_k(ranks: Sequence[int | None], k: int) -> float:
    """Return the share of questions with a relevant result among the first `k`, 0..1.

    `ranks` are those of each question's first relevant result, from 1.
    """
    return _mean([float(rank is not None and rank <= k) for rank in ranks])


def recall_at_k(found: Sequence[Sequence[bool]], relevant: Sequence[int], k: int) -> float:
    """Return the mean share of relevant passages that are among the first `k` results, 0..1.

    For each question, `found` has whether each result is relevant, best first, and `relevant` the
    number of relevant passages, at least 1.
    """
    return _mean([sum(flags[:k]) / of for flags, of in zip(found, relevant, strict=True)])


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Return the mean of 1 / rank of the first relevant result, or 0 without one, 0..1."""
    return _mean([0.0 if rank is None else 1.0 / rank for rank in ranks])


def answer_f1(predicted: str, gold: Sequence[str]) -> float:
    """Return SQuAD's F1 of a short answer and the best gold one, 0..1.

    Rajpurkar et al. 2016: words in lower case, without punctuation and articles.
    """
    return max((_f1(_words(predicted), _words(text)) for text in gold), default=0.0)


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the probability that a positive scores above a negative, ties half, 0..1.

    The Mann-Whitney statistic; None if one of the two classes is missing.
    """
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    rank_sum = float(ranks[np.array(labels)].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


class Bin(NamedTuple):
    """Answers of about the same confidence; all 0..1."""

    confidence: float  # the mean
    right: float  # share of the answers that are right
    share: float  # of all answers


def reliability(
    confidences: Sequence[float],
    correct: Sequence[bool],
    weights: Sequence[float] | None = None,
    bins: int = 10,
) -> list[Bin]:
    """Return the equal-width bins that hold answers, by confidence.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2.
    """
    counted = weights or [1.0] * len(confidences)
    sums = [[0.0, 0.0, 0.0] for _ in range(bins)]
    for confidence, right, weight in zip(confidences, correct, counted, strict=True):
        held = sums[min(int(confidence * bins), bins - 1)]
        held[0] += weight * confidence
        held[1] += weight * right
        held[2] += weight
    return [
        Bin(confidence / weight, right / weight, weight / sum(counted))
        for confidence, right, weight in sums
        if weight
    ]


def expected_calibration_error(
    confidences: Sequence[float],
    correct: Sequence[bool],
    weights: Sequence[float] | None = None,
    bins: int = 10,
) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins, 0..1.

    Guo et al. 2017, equation 3.
    """
    found = reliability(confidences, correct, weights, bins)
    return sum(at.share * abs(at.confidence - at.right) for at in found)


class RiskAtCoverage(NamedTuple):
    """The risk of answering only the surest questions; all 0..1."""

    coverage: float  # share of the questions that are answered
    risk: float  # share of these answers that are wrong
    threshold: float  # the confidence that leads to this coverage


def risk_coverage(
    confidences: Sequence[float],
    correct: Sequence[bool],
    weights: Sequence[float] | None = None,
    steps: int = 10,
) -> list[RiskAtCoverage]:
    """Return the risk at `steps` even shares of the questions: El-Yaniv and Wiener 2010."""
    counted = weights or [1.0] * len(confidences)
    ranked = sorted(zip(confidences, correct, counted, strict=True), key=lambda row: -row[0])
    answered = list(accumulate(weight for _, _, weight in ranked))
    wrong = list(accumulate(weight * (not right) for _, right, weight in ranked))
    curve = []
    for step in range(1, steps + 1) if ranked else ():
        # A little less, as sums of weights are rounded.
        last = bisect_left(answered, answered[-1] * (step / steps - 1e-9))
        curve.append(RiskAtCoverage(step / steps, wrong[last] / answered[last], ranked[last][0]))
    return curve


class Percentiles(NamedTuple):
    p50: float
    p95: float


def percentiles(values: Sequence[float]) -> Percentiles:
    """Return the median and the 95th percentile by nearest rank; zeros without values."""
    if not values:
        return Percentiles(0.0, 0.0)
    return Percentiles(*np.percentile(values, [50, 95], method="inverted_cdf").tolist())


def _words(text: str) -> list[str]:
    plain = text.lower().translate(_PUNCTUATION)
    return _ARTICLES.sub(" ", plain).split()


def _f1(predicted: list[str], gold: list[str]) -> float:
    if not predicted or not gold:
        return float(predicted == gold)
    shared = (Counter(predicted) & Counter(gold)).total()
    return 2 * shared / (len(predicted) + len(gold))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
