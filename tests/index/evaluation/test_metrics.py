"""The measures agree with other people's implementations of them."""

from __future__ import annotations

import re
import string
import warnings
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import metrics

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of their own making
    import ir_measures
    from ir_measures import RR, R, Success

K = 3
RUNS = st.lists(
    st.tuples(
        st.lists(st.booleans(), max_size=10),  # whether each result is relevant, best first
        st.integers(0, 3),  # how many more are relevant and were not found
    ).filter(lambda run: any(run[0]) or run[1]),
    min_size=1,
    max_size=8,
)
PAIRS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=2
)


@given(RUNS)
def test_retrieval_measures_are_those_of_ir_measures(runs: list[tuple[list[bool], int]]) -> None:
    qrels, run, ranks, found, relevant = {}, {}, [], [], []
    for number, (flags, missed) in enumerate(runs):
        judged = {str(at): int(flag) for at, flag in enumerate(flags)}
        qrels[str(number)] = judged | {f"missed{at}": 1 for at in range(missed)}
        run[str(number)] = {str(at): 100.0 - at for at in range(len(flags))}
        ranks.append(flags.index(True) + 1 if True in flags else None)
        found.append(flags)
        relevant.append(sum(flags) + missed)
    expected = ir_measures.calc_aggregate([Success @ K, R @ K, RR], qrels, run)
    assert metrics.success_at_k(ranks, K) == pytest.approx(expected[Success @ K])
    assert metrics.recall_at_k(found, relevant, K) == pytest.approx(expected[R @ K])
    assert metrics.mean_reciprocal_rank(ranks) == pytest.approx(expected[RR])


@given(PAIRS)
def test_auroc_is_that_of_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415  # slow to import

    scores, labels = zip(*pairs, strict=True)
    if len(set(labels)) < 2:
        assert metrics.auroc(scores, labels) is None
    else:
        assert metrics.auroc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_percentiles_are_those_of_numpy(values: list[float]) -> None:
    expected = np.percentile(values, [50, 95], method="inverted_cdf")
    assert metrics.percentiles(values) == pytest.approx(tuple(expected))


def squad_f1(prediction: str, truth: str) -> float:
    """The official evaluation of SQuAD 2.0, in short."""

    def tokens(text: str) -> list[str]:
        text = "".join(mark for mark in text.lower() if mark not in set(string.punctuation))
        return re.sub(r"\b(a|an|the)\b", " ", text).split()

    predicted, gold = tokens(prediction), tokens(truth)
    if not predicted or not gold:
        return float(predicted == gold)
    same = sum((Counter(predicted) & Counter(gold)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(predicted), same / len(gold)
    return 2 * precision * recall / (precision + recall)


WORDS = st.lists(st.sampled_from(["the", "a", "Fox", "fox.", "dog", "“", "-", "é"])).map(" ".join)


@given(WORDS, WORDS)
def test_answer_f1_is_that_of_squad(prediction: str, truth: str) -> None:
    assert metrics.answer_f1(prediction, [truth]) == pytest.approx(squad_f1(prediction, truth))


@pytest.mark.parametrize(
    ("prediction", "gold", "expected"),
    [
        ("1976", ["1976"], 1.0),
        ("The Eiffel Tower!", ["eiffel tower"], 1.0),
        ("in 1976", ["1976"], 2 / 3),
        ("Denver Broncos", ["Carolina Panthers", "Denver"], 2 / 3),
        ("", ["x"], 0.0),
        ("", [""], 1.0),
        ("the", ["an"], 1.0),
        ("x", [], 0.0),
    ],
)
def test_answer_f1_by_hand(prediction: str, gold: list[str], expected: float) -> None:
    assert metrics.answer_f1(prediction, gold) == pytest.approx(expected)


def test_calibration_error_by_hand() -> None:
    # One bin of 0.8, 0.85 with one right of two; one of 0.2 that is wrong; one of 1.0, right.
    confidences, right = [0.8, 0.85, 0.2, 1.0], [True, False, False, True]
    expected = 2 / 4 * abs(0.825 - 0.5) + 1 / 4 * 0.2 + 1 / 4 * 0.0
    assert metrics.expected_calibration_error(confidences, right) == pytest.approx(expected)
    assert metrics.expected_calibration_error([0.5, 0.5], [True, False]) == 0
    assert metrics.expected_calibration_error([1.0, 0.0], [False, True]) == 1


def test_of_nothing_they_are_zero() -> None:
    assert metrics.success_at_k([], 3) == 0
    assert metrics.mean_reciprocal_rank([None]) == 0
    assert metrics.expected_calibration_error([], []) == 0
    assert metrics.percentiles([]) == (0, 0)
    assert metrics.auroc([], []) is None


def test_risk_falls_where_confidence_tells_right_from_wrong() -> None:
    confidences = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]
    right = [True] * 6 + [False] * 4
    curve = metrics.risk_coverage(confidences, right, steps=5)
    assert [at.coverage for at in curve] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert [at.risk for at in curve] == pytest.approx([0, 0, 0, 2 / 8, 4 / 10])
    assert [at.threshold for at in curve] == [0.8, 0.6, 0.4, 0.2, 0.0]
    assert metrics.risk_coverage([], []) == []


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_answering_everything_risks_the_share_that_is_wrong(
    pairs: list[tuple[float, bool]],
) -> None:
    confidences, right = zip(*pairs, strict=True)
    last = metrics.risk_coverage(confidences, right)[-1]
    assert last.risk == pytest.approx(1 - sum(right) / len(right))
    assert last.threshold == min(confidences)


def test_a_weight_of_two_counts_as_two() -> None:
    confidences, right = [0.9, 0.25, 0.2], [True, True, False]
    repeated, each = [0.9, 0.25, 0.2, 0.2], [True, True, False, False]
    weights = [1.0, 1.0, 2.0]
    for measure in (
        metrics.expected_calibration_error,
        metrics.reliability,
        lambda *given: metrics.risk_coverage(*given, steps=4)[:2],
        lambda *given: metrics.risk_coverage(*given, steps=1),
    ):
        assert np.array(measure(confidences, right, weights)) == pytest.approx(
            np.array(measure(repeated, each))
        )


@given(PAIRS)
def test_bins_hold_each_answer_once(pairs: list[tuple[float, bool]]) -> None:
    confidences, right = zip(*pairs, strict=True)
    bins = metrics.reliability(confidences, right)
    assert sum(at.share for at in bins) == pytest.approx(1)
    assert sum(at.share * at.right for at in bins) == pytest.approx(np.mean(right))
    assert [at.confidence for at in bins] == sorted(at.confidence for at in bins)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.01, 5)), min_size=1))
def test_risk_is_weighed(rows: list[tuple[float, bool, float]]) -> None:
    confidences, right, weights = zip(*rows, strict=True)
    curve = metrics.risk_coverage(confidences, right, weights, steps=7)
    assert len(curve) == 7
    assert curve[-1].risk == pytest.approx(1 - np.average(right, weights=weights))
