"""A reader that combines a trained model with the scores of search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.core.documents import Span
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.reader.calibration import Calibration, Evidence, Logistic
from index.reader.spans import ReadingModel, Unit
from index.reader.word_overlap import Words

RANKING_FEATURES = ("evidence", "margin", "retrieval", "bm25")
"""Sentences are ordered by: the model's two outputs, the passage's hit, BM25 among them all."""

CONFIDENCE_FEATURES = (
    "log_odds",
    "gap",
    "evidence",
    "margin",
    "cosine",
    "sentence_coverage",
    "passage_coverage",
)
"""The confidence is computed from: the ranking's log-odds of the best sentence, its lead over the
next one, the model's outputs, the passage's cosine, and the coverage of the question's words."""

# For models without fitted values: search and model count about the same.
_GUESSED_RANKING = Logistic(features=RANKING_FEATURES, weights=(0.4, 0.0, 4.0, 1.0), bias=-4.0)
_GUESSED_CALIBRATION = Calibration(
    features=CONFIDENCE_FEATURES, weights=(1.0, *[0.0] * 6), bias=0.0, min_confidence=0.5
)

# On 700 questions no passage this far behind the best hit held the chosen sentence; skipping them
# saves a third of the reading.
_HOPELESS = 0.3

# Logits have no bounds; beyond these they carry no information.
_LIMIT = 12.0
_MAX_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Rated:
    """A unit of a passage with its features, in the order of RANKING_FEATURES."""

    retrieved: Retrieved
    unit: Unit
    span: Span
    features: Evidence

    @property
    def text(self) -> str:
        return self.retrieved.passage.cut(self.span)

    def to_reading(self, odds: float) -> Reading:
        passage, unit = self.retrieved.passage, self.unit
        return Reading(
            passage=passage,
            first=passage.first + unit.first,
            last=passage.first + unit.last,
            span=self.span,
            score=float(1 / (1 + np.exp(-_clip(odds)))),
            answer=(unit.answer,) if unit.answer else (),
        )


@dataclass(slots=True)
class TrainedReader:
    """Orders the sentences of all passages by one fitted score."""

    name: str
    model: ReadingModel
    words: Words
    ranking: Logistic = _GUESSED_RANKING
    calibration: Calibration = _GUESSED_CALIBRATION

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, ties in the order of passages."""
        rated = self.rate(question.text, retrieved)
        if not rated:
            return ReadPassages((), np.zeros(len(CONFIDENCE_FEATURES)))
        odds = self.ranking.log_odds(np.array([item.features for item in rated]))
        order = np.argsort(-odds, kind="stable")
        readings = [rated[at].to_reading(float(odds[at])) for at in order]
        return ReadPassages(readings, self._evidence(question.text, rated, odds))

    def rate(self, question: str, retrieved: Sequence[Retrieved]) -> list[Rated]:
        """Return the sentences of the passages, each once, with their features.

        Passages far behind the best hit are not read.
        """
        best = max((item.hit.score for item in retrieved), default=0.0)
        chosen = [item for item in retrieved if item.hit.score >= best - _HOPELESS]
        found = self.model.read(question, [item.passage for item in chosen])
        units: dict[tuple[int, Span], tuple[Retrieved, Unit]] = {}
        for item, of_passage in zip(chosen, found, strict=True):
            sentences = item.passage.sentences
            for unit in of_passage:
                span = Span(sentences[unit.first].span.start, sentences[unit.last].span.end)
                key = item.passage.document.id, span
                # A sentence of two passages counts for the one with more evidence.
                if key not in units or unit.evidence > units[key][1].evidence:
                    units[key] = item, unit
        texts = [item.passage.cut(span) for (_, span), (item, _) in units.items()]
        lexical = self.words.bm25(question, texts)
        return [
            Rated(
                item,
                unit,
                span,
                np.array([_clip(unit.evidence), _clip(unit.margin), item.hit.score, bm25]),
            )
            for ((_, span), (item, unit)), bm25 in zip(units.items(), lexical, strict=True)
        ]

    def _evidence(self, question: str, rated: Sequence[Rated], odds: Evidence) -> Evidence:
        """The CONFIDENCE_FEATURES of the best unit; `odds` are the log-odds of each."""
        at = int(odds.argmax())
        best = rated[at]
        passage = best.retrieved.passage
        apart = [
            value
            for item, value in zip(rated, odds.tolist(), strict=True)
            if item.retrieved.passage.document.id != passage.document.id
            or not item.span.overlaps(best.span)
        ]
        gap = float(odds[at]) - max(apart, default=-np.inf)
        coverage = self.words.coverage(question, best.text, passage)
        return np.array(
            [
                _clip(float(odds[at])),
                min(gap, _MAX_GAP),
                _clip(best.unit.evidence),
                _clip(best.unit.margin),
                max(0.0, best.retrieved.hit.cosine),
                coverage.sentence,
                coverage.passage,
            ]
        )


def _clip(logit: float) -> float:
    return min(max(logit, -_LIMIT), _LIMIT)
