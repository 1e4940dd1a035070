"""Measures a library, or a reader alone, on questions with known answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.core.answers import Answer, Quote
from index.core.documents import Progress
from index.core.scope import Scope
from index.evaluation import metrics
from index.evaluation.cases import Case, Observation, balance, observe
from index.evaluation.questions import Gold, GoldQuestion, Sort, is_quoted, passages_holding
from index.library import Library
from index.reader import Reader
from index.reader.calibration import Calibration
from index.search.retriever import reciprocal_rank_fusion

DEPTH = 10
CUTOFFS = (1, 3, 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, searched and answered."""

    gold: GoldQuestion
    answer: Answer
    ranked: Mapping[str, list[int]]  # the ids of the passages found, by retriever, best first
    relevant: frozenset[int]  # the ids of the passages that cover a gold answer
    exact: bool  # whether every quote equals its slice of the document

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes shown, as an answer or as the closest."""
        return self.answer.quotes or self.answer.closest

    def is_covered(self, k: int) -> bool:
        return is_quoted(self.gold.answers, self.quotes, k)


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures of a reader, 0..1 but for the last; None if there is no case to measure on."""

    quote_1: float | None  # share of answerable questions whose first quote answers
    quote_3: float | None  # share of those where one of three quotes answers
    answer_f1: float | None  # SQuAD's F1 of the short answer in the first quote
    auroc_silent: float | None  # confidence in answerable questions against silent ones
    auroc_absent: float | None
    auroc_near_miss: float | None
    answered: float | None  # share of the answerable questions that are answered at the threshold
    abstained_silent: float | None  # share of the silent ones that are not
    abstained_absent: float | None
    abstained_near_miss: float | None
    calibration_error: float | None  # answerable and unanswerable cases weigh the same
    mean_quote_chars: float | None  # of the quotes shown for answerable questions


def run_questions(
    library: Library,
    questions: Sequence[GoldQuestion],
    collections: Sequence[str],
    progress: Progress | None = None,
) -> list[Outcome]:
    """Ask every question of `library`, one after another."""
    passages = library.store.passages.spans(collections)
    scope = Scope(tuple(collections))
    outcomes = []
    for done, gold in enumerate(questions):
        if progress is not None:
            progress(done, len(questions))
        answer = library.ask(gold.text, scope)
        ranked = library.rank(gold.text, scope, DEPTH * 10)
        ranked["RRF"] = reciprocal_rank_fusion([ranked["dense"], ranked["lexical"]])
        outcomes.append(
            Outcome(
                gold=gold,
                answer=answer,
                ranked={name: ids[:DEPTH] for name, ids in ranked.items()},
                relevant=passages_holding(gold.answers, passages),
                exact=all(
                    library.store.passages.cut(quote.document.id, quote.span) == quote.text
                    for quote in answer.quotes + answer.closest
                ),
            )
        )
    return outcomes


def summarize(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the measures of `outcomes` as JSON's types; shares are 0..1, times milliseconds."""
    answerable = [outcome for outcome in outcomes if outcome.gold.answers]
    absent = [outcome for outcome in outcomes if not outcome.gold.answers]
    shown = [quote for outcome in outcomes for quote in outcome.quotes]
    confidences = [outcome.answer.confidence for outcome in outcomes]
    right = [outcome.is_covered(1) for outcome in outcomes]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "retrieval": _summarize_retrieval(answerable),
        "quote@1": metrics.share(o.is_covered(1) for o in answerable),
        "quote@3": metrics.share(o.is_covered(3) for o in answerable),
        "short_answer_f1": _short_answer_f1((o.gold.answers, o.quotes) for o in answerable),
        "answered_when_answerable": metrics.share(o.answer.answered for o in answerable),
        "abstained_when_not": metrics.share(not o.answer.answered for o in absent),
        "right_when_answered": metrics.share(
            o.is_covered(1) for o in outcomes if o.answer.answered
        ),
        "auroc_answerable": metrics.auroc(confidences, [bool(o.gold.answers) for o in outcomes]),
        "auroc_right": metrics.auroc(confidences, right),
        "calibration_error": metrics.expected_calibration_error(confidences, right),
        "risk_coverage": [at._asdict() for at in metrics.risk_coverage(confidences, right)],
        "exact_quotes": metrics.share(outcome.exact for outcome in outcomes),
        "mean_quote_chars": sum(len(q.text) for q in shown) / len(shown) if shown else 0.0,
        "latency_ms": _summarize_latency([outcome.answer for outcome in outcomes]),
    }


def judge(reader: Reader, cases: Sequence[Case], progress: Progress | None = None) -> Scores:
    """Return the measures of `reader` with the calibration it has."""
    return score(observe(reader, cases, progress), reader.calibration)


def score(observed: Sequence[Observation], calibration: Calibration) -> Scores:
    """Return the measures of a reader from what it said."""
    confidences = confidences_of(observed, calibration)
    of_sort: dict[Sort, list[float]] = {}
    for confidence, observation in zip(confidences, observed, strict=True):
        of_sort.setdefault(observation.sort, []).append(confidence)

    def separated(sort: Sort) -> float | None:
        positives, negatives = of_sort.get("answerable", []), of_sort.get(sort, [])
        labels = [True] * len(positives) + [False] * len(negatives)
        return metrics.auroc(positives + negatives, labels)

    def abstained(sort: Sort) -> float | None:
        return metrics.share(c < calibration.min_confidence for c in of_sort.get(sort, ()))

    answerable = [o for o in observed if o.sort == "answerable"]
    answered = (c >= calibration.min_confidence for c in of_sort.get("answerable", ()))
    lengths = [len(quote.text) for o in answerable for quote in o.quotes]
    right, weights = [o.right for o in observed], balance(observed)
    error = metrics.expected_calibration_error(confidences, right, weights)
    return Scores(
        quote_1=metrics.share(o.right for o in answerable),
        quote_3=metrics.share(is_quoted(o.answers, o.quotes, 3) for o in answerable),
        answer_f1=_short_answer_f1((o.answers, o.quotes) for o in answerable),
        auroc_silent=separated("silent"),
        auroc_absent=separated("absent"),
        auroc_near_miss=separated("near_miss"),
        answered=metrics.share(answered),
        abstained_silent=abstained("silent"),
        abstained_absent=abstained("absent"),
        abstained_near_miss=abstained("near_miss"),
        calibration_error=error if observed else None,
        mean_quote_chars=sum(lengths) / len(lengths) if lengths else None,
    )


def confidences_of(observed: Sequence[Observation], calibration: Calibration) -> list[float]:
    """Return the confidence of each observation, 0..1; 0 without a quote."""
    return [calibration.probability(o.evidence) if o.quotes else 0.0 for o in observed]


def _summarize_retrieval(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    table = {}
    for name in outcomes[0].ranked if outcomes else ():
        found = [[at in o.relevant for at in o.ranked[name]] for o in outcomes]
        ranks = [flags.index(True) + 1 if True in flags else None for flags in found]
        relevant = [max(1, len(o.relevant)) for o in outcomes]
        row = {f"success@{k}": metrics.success_at_k(ranks, k) for k in CUTOFFS}
        row |= {f"recall@{k}": metrics.recall_at_k(found, relevant, k) for k in CUTOFFS}
        table[name] = row | {"mrr": metrics.mean_reciprocal_rank(ranks)}
    return table


def _short_answer_f1(
    quoted: Iterable[tuple[Sequence[Gold], Sequence[Quote]]],
) -> float | None:
    """The mean F1 of the first short answer; None if the reader marks none at all."""
    marks_any = False
    scores = []
    for answers, quotes in quoted:
        predicted = ""
        if quotes and quotes[0].answer:
            marks_any = True
            predicted = quotes[0].cut(quotes[0].answer[0])
        scores.append(metrics.answer_f1(predicted, [gold.text for gold in answers]))
    return sum(scores) / len(scores) if marks_any else None


def _summarize_latency(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    steps: dict[str, list[float]] = {"total": [answer.elapsed_ms for answer in answers]}
    for answer in answers:
        for step, elapsed_ms in answer.steps_ms:
            steps.setdefault(step, []).append(elapsed_ms)
    return {step: metrics.percentiles(times)._asdict() for step, times in steps.items()}
