"""The measures of a reader on each kind of question, and their mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, get_args

from index.evaluation import metrics
from index.evaluation.cases import Observation, balance
from index.evaluation.evaluate import Scores, confidences_of, score
from index.evaluation.metrics import Bin, RiskAtCoverage
from index.evaluation.questions import Silence, Sort
from index.reader.calibration import Calibration

_STEPS = 20
_SORTS: tuple[Sort, ...] = ("answerable", *get_args(Silence))
_IN_JSON = {
    "quote_1": "quote@1",
    "quote_3": "quote@3",
    "answer_f1": "short_answer_f1",
    "answered": "answered_when_answerable",
    "abstained_silent": "abstained_when_silent",
    "abstained_absent": "abstained_when_absent",
    "abstained_near_miss": "abstained_when_near_miss",
}


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of a reader on one kind of question.

    In `risk`, `at_threshold` and `reliability`, answerable and unanswerable cases weigh the same.
    """

    cases: Mapping[Sort, int]
    scores: Scores
    risk: list[RiskAtCoverage]
    at_threshold: RiskAtCoverage | None  # None if nothing is answered there
    reliability: list[Bin]


def report_kinds(observed: Sequence[Observation], calibration: Calibration) -> dict[str, Report]:
    """Return a report for each kind of question, in the order in which they appear."""
    of_kind: dict[str, list[Observation]] = {}
    for observation in observed:
        of_kind.setdefault(observation.kind, []).append(observation)
    return {kind: _report(found, calibration) for kind, found in of_kind.items()}


def mean_scores(scores: Iterable[Scores]) -> Scores:
    """Return the mean of each measure over the scores that have it."""
    rows = list(scores)

    def mean(measure: str) -> float | None:
        values = [value for row in rows if (value := getattr(row, measure)) is not None]
        return sum(values) / len(values) if values else None

    return Scores(**{field.name: mean(field.name) for field in fields(Scores)})


def summarize_kinds(reports: Mapping[str, Report]) -> dict[str, Any]:
    """Return reports as JSON's types: `kinds`, and the `mean_of_kinds` of their scores."""
    return {
        "kinds": {
            kind: {
                "cases": {sort: report.cases.get(sort, 0) for sort in _SORTS},
                **_scores_to_json(report.scores),
                "at_threshold": report.at_threshold and report.at_threshold._asdict(),
                "risk_coverage": [at._asdict() for at in report.risk],
                "reliability": [at._asdict() for at in report.reliability],
            }
            for kind, report in reports.items()
        },
        "mean_of_kinds": _scores_to_json(mean_scores(report.scores for report in reports.values())),
    }


def _report(observed: Sequence[Observation], calibration: Calibration) -> Report:
    confidences = confidences_of(observed, calibration)
    right = [observation.right for observation in observed]
    sorts = [observation.sort for observation in observed]
    weights = balance(observed)
    shown = [
        (weight, weight * (not is_right))
        for confidence, is_right, weight in zip(confidences, right, weights, strict=True)
        if confidence >= calibration.min_confidence
    ]
    answered, wrong = (sum(column) for column in zip(*shown, strict=True)) if shown else (0, 0)
    threshold = calibration.min_confidence
    return Report(
        cases=Counter(sorts),
        scores=score(observed, calibration),
        risk=metrics.risk_coverage(confidences, right, weights, _STEPS),
        at_threshold=RiskAtCoverage(answered / sum(weights), wrong / answered, threshold)
        if shown
        else None,
        reliability=metrics.reliability(confidences, right, weights),
    )


def _scores_to_json(scores: Scores) -> dict[str, float | None]:
    return {_IN_JSON.get(name, name): value for name, value in asdict(scores).items()}
