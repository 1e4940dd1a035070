"""Measures a library on questions with known answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.core.answers import Answer, Quote
from index.core.documents import Progress, Span
from index.core.scope import Scope
from index.evaluation import metrics
from index.evaluation.questions import GoldQuestion, is_covered, passages_holding
from index.library import Library
from index.search.retriever import reciprocal_rank_fusion

DEPTH = 10
CUTOFFS = (1, 3, 10)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What one question's search found, by retriever, and what it should have found."""

    ranked: Mapping[str, list[int]]
    relevant: frozenset[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, searched and answered."""

    gold: GoldQuestion
    answer: Answer
    retrieval: Retrieval
    exact: bool

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes shown, as an answer or as the closest."""
        return self.answer.quotes or self.answer.closest

    def is_covered(self, k: int) -> bool:
        """Whether one of the first `k` quotes holds a gold answer whole."""
        return any(
            is_covered(self.gold.answers, quote.document.path, quote.span)
            for quote in self.quotes[:k]
        )


def run_questions(
    library: Library,
    questions: Sequence[GoldQuestion],
    collections: Sequence[str],
    progress: Progress | None = None,
) -> list[Outcome]:
    """Ask every question of `library`, one after another."""
    passages = library.store.passages.spans(collections)
    outcomes = []
    for done, gold in enumerate(questions):
        if progress is not None:
            progress(done, len(questions))
        answer = library.ask(gold.text, Scope(tuple(collections)))
        outcomes.append(
            Outcome(
                gold=gold,
                answer=answer,
                retrieval=_search(library, gold, collections, passages),
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
        "retrieval": _summarize_retrieval([outcome.retrieval for outcome in answerable]),
        "quote@1": _share([outcome.is_covered(1) for outcome in answerable]),
        "quote@3": _share([outcome.is_covered(3) for outcome in answerable]),
        "short_answer_f1": _short_answer_f1(answerable),
        "answered_when_answerable": _share([o.answer.answered for o in answerable]),
        "abstained_when_not": _share([not o.answer.answered for o in absent]),
        "right_when_answered": _share([o.is_covered(1) for o in outcomes if o.answer.answered]),
        "auroc_answerable": metrics.auroc(confidences, [bool(o.gold.answers) for o in outcomes]),
        "auroc_right": metrics.auroc(confidences, right),
        "calibration_error": metrics.expected_calibration_error(confidences, right),
        "risk_coverage": [at._asdict() for at in metrics.risk_coverage(confidences, right)],
        "exact_quotes": _share([outcome.exact for outcome in outcomes]),
        "mean_quote_chars": sum(map(len, (q.text for q in shown))) / len(shown) if shown else 0.0,
        "latency_ms": _summarize_latency([outcome.answer for outcome in outcomes]),
    }


def _search(
    library: Library,
    gold: GoldQuestion,
    collections: Sequence[str],
    passages: Mapping[str, list[tuple[int, Span]]],
) -> Retrieval:
    ranked = library.rank(gold.text, Scope(tuple(collections)), DEPTH * 10)
    ranked["RRF"] = reciprocal_rank_fusion([ranked["dense"], ranked["lexical"]])
    relevant = passages_holding(gold.answers, passages)
    return Retrieval({name: ids[:DEPTH] for name, ids in ranked.items()}, relevant)


def _summarize_retrieval(retrievals: Sequence[Retrieval]) -> dict[str, dict[str, float]]:
    names = list(retrievals[0].ranked) if retrievals else []
    table = {}
    for name in names:
        found = [[i in r.relevant for i in r.ranked[name]] for r in retrievals]
        ranks = [flags.index(True) + 1 if True in flags else None for flags in found]
        relevant = [max(1, len(r.relevant)) for r in retrievals]
        row = {f"success@{k}": metrics.success_at_k(ranks, k) for k in CUTOFFS}
        row |= {f"recall@{k}": metrics.recall_at_k(found, relevant, k) for k in CUTOFFS}
        table[name] = row | {"mrr": metrics.mean_reciprocal_rank(ranks)}
    return table


def _short_answer_f1(answerable: Sequence[Outcome]) -> float | None:
    """The mean F1 of the first short answer; None where the reader marks none at all."""
    marked = [
        [span for quote in outcome.quotes[:1] for span in quote.answer] for outcome in answerable
    ]
    if not any(marked):
        return None
    scores = []
    for outcome, spans in zip(answerable, marked, strict=True):
        quote = outcome.quotes[0] if outcome.quotes else None
        predicted = quote.cut(spans[0]) if quote and spans else ""
        scores.append(metrics.answer_f1(predicted, [gold.text for gold in outcome.gold.answers]))
    return sum(scores) / len(scores)


def _summarize_latency(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    steps: dict[str, list[float]] = {"total": [answer.elapsed_ms for answer in answers]}
    for answer in answers:
        for step, elapsed_ms in answer.steps_ms:
            steps.setdefault(step, []).append(elapsed_ms)
    return {step: metrics.percentiles(times)._asdict() for step, times in steps.items()}


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
