"""Each kind of question and each sort of silence is measured by itself."""

from __future__ import annotations

import json

import numpy as np
import pytest

from index.core.documents import Span
from index.evaluation.cases import Observation
from index.evaluation.kinds import mean_scores, report_kinds, summarize_kinds
from index.evaluation.questions import Gold, Sort
from index.reader.calibration import Calibration
from tests.support.library import quote

CALIBRATION = Calibration(features=("odds",), weights=(1.0,), bias=0.0, min_confidence=0.5)
SHOWN = quote("Iran fell.")
GOLD = Gold(SHOWN.document.path, SHOWN.span, SHOWN.text)
WRONG = Gold(SHOWN.document.path, Span(0, 9999), "elsewhere")


def observed(kind: str, sort: Sort, odds: float, right: bool = False) -> Observation:
    """A reader that quotes the same sentence with these log-odds."""
    answers = () if sort != "answerable" else (GOLD,) if right else (WRONG,)
    return Observation(np.array([odds]), right, sort, (SHOWN,), answers, kind)


NEWS = [
    observed("news", "answerable", 2, right=True),
    observed("news", "answerable", -1),
    observed("news", "silent", -2),
    observed("news", "near_miss", 1),
    observed("news", "near_miss", 3),
]
QUERIES = [
    observed("queries", "answerable", 3, right=True),
    observed("queries", "silent", 0),
    observed("queries", "absent", -3),
]


def test_sorts_of_silence_are_told_apart() -> None:
    scores = report_kinds(NEWS, CALIBRATION)["news"].scores
    assert scores.quote_1 == scores.quote_3 == scores.answered == 0.5
    assert (scores.auroc_silent, scores.abstained_silent) == (1, 1)
    assert (scores.auroc_near_miss, scores.abstained_near_miss) == (0.25, 0)
    assert (scores.auroc_absent, scores.abstained_absent) == (None, None)
    assert scores.mean_quote_chars == len(SHOWN.text)


def test_without_a_quote_there_is_no_confidence() -> None:
    mute = Observation(np.array([9.0]), right=False, sort="silent")
    scores = report_kinds([mute], CALIBRATION)["all"].scores
    assert scores.abstained_silent == 1
    assert scores.mean_quote_chars is None


def test_each_kind_is_measured_by_itself() -> None:
    together = report_kinds([NEWS[0], *QUERIES, *NEWS[1:]], CALIBRATION)
    assert list(together) == ["news", "queries"]
    assert together == report_kinds(NEWS, CALIBRATION) | report_kinds(QUERIES, CALIBRATION)


def test_the_mean_is_over_the_kinds_that_have_the_measure() -> None:
    reports = report_kinds(NEWS + QUERIES, CALIBRATION)
    mean = mean_scores(report.scores for report in reports.values())
    assert mean.quote_1 == pytest.approx((0.5 + 1) / 2)
    assert mean.abstained_silent == pytest.approx((1 + 0) / 2)
    assert mean.abstained_near_miss == 0
    assert mean.abstained_absent == 1
    assert mean.answer_f1 is None


def test_answers_and_silence_weigh_the_same() -> None:
    """Three silent cases to an answerable one are as one."""
    answered, silent = QUERIES[0], observed("queries", "silent", 0)
    (one,) = report_kinds([answered, silent], CALIBRATION).values()
    (three,) = report_kinds([answered, *[silent] * 3], CALIBRATION).values()
    assert three.scores.calibration_error == pytest.approx(one.scores.calibration_error)
    for report in (one, three):
        assert report.risk[-1].risk == pytest.approx(0.5)
        assert report.at_threshold is not None
        assert report.at_threshold[:2] == pytest.approx((1, 0.5))


def test_they_are_json() -> None:
    summary = summarize_kinds(report_kinds(NEWS + QUERIES, CALIBRATION))
    assert json.loads(json.dumps(summary)) == summary
    assert summary["kinds"]["news"]["cases"] == {
        "answerable": 2,
        "silent": 1,
        "absent": 0,
        "near_miss": 2,
    }
    assert summary["kinds"]["news"]["quote@1"] == 0.5
    assert summary["mean_of_kinds"]["abstained_when_near_miss"] == 0
    nothing = report_kinds([observed("news", "silent", -2)], CALIBRATION)
    assert summarize_kinds(nothing)["kinds"]["news"]["at_threshold"] is None
