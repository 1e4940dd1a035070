"""How well a reader does on questions with known answers, from the passages it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.answerer import compose
from index.core.answers import Quote
from index.core.documents import Progress
from index.evaluation import metrics
from index.evaluation.fitting import Case, Kind
from index.evaluation.questions import is_covered
from index.reader import Reader

_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures of a reader; all 0..1.

    Attributes:
        quote_1, quote_3: share of answerable questions whose first quote, or one of three, answers.
        answer_f1: SQuAD's F1 of the short answer in the first quote.
        auroc_silent: confidence where the documents answer, against where they are silent.
        auroc_absent: the same, against where no document is on the subject.
        answered: share of the answerable questions that are answered at the threshold.
        abstained_silent, abstained_absent: share of the others that are not.
        calibration_error: expected calibration error; all three kinds of question count the same.
    """

    quote_1: float
    quote_3: float
    answer_f1: float
    auroc_silent: float | None
    auroc_absent: float | None
    answered: float
    abstained_silent: float
    abstained_absent: float
    calibration_error: float


def judge(reader: Reader, cases: Sequence[Case], progress: Progress | None = None) -> Scores:
    """Return how `reader` does, with the calibration it has."""
    threshold = reader.calibration.min_confidence
    confidences: list[float] = []
    right: list[bool] = []
    f1: list[float] = []
    within: list[bool] = []
    for done, case in enumerate(cases, start=1):
        read = reader.read(case.question, case.retrieved)
        quotes = compose(read.readings, case.retrieved)
        confidences.append(reader.calibration.probability(read.evidence) if quotes else 0.0)
        covered = [is_covered(case.answers, q.document.path, q.span) for q in quotes[:_QUOTES]]
        right.append(covered[:1] == [True])
        if case.kind == "answerable":
            within.append(any(covered))
            gold = [answer.text for answer in case.answers]
            f1.append(metrics.answer_f1(_short_answer(quotes), gold))
        if progress is not None:
            progress(done, len(cases))
    kinds = [case.kind for case in cases]
    of_kind = {
        kind: [c for c, k in zip(confidences, kinds, strict=True) if k == kind]
        for kind in set(kinds)
    }
    answerable = of_kind.get("answerable", [])
    first = [r for r, kind in zip(right, kinds, strict=True) if kind == "answerable"]

    def separated(kind: Kind) -> float | None:
        others = of_kind.get(kind, [])
        labels = [True] * len(answerable) + [False] * len(others)
        return metrics.auroc([*answerable, *others], labels)

    def shown(kind: Kind) -> float:
        return _share([confidence >= threshold for confidence in of_kind.get(kind, [])])

    return Scores(
        quote_1=_share(first),
        quote_3=_share(within),
        answer_f1=sum(f1) / len(f1) if f1 else 0.0,
        auroc_silent=separated("silent"),
        auroc_absent=separated("absent"),
        answered=shown("answerable"),
        abstained_silent=1 - shown("silent"),
        abstained_absent=1 - shown("absent"),
        calibration_error=metrics.expected_calibration_error(confidences, right),
    )


def _short_answer(quotes: Sequence[Quote]) -> str:
    return quotes[0].cut(quotes[0].answer[0]) if quotes and quotes[0].answer else ""


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
