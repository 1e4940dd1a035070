"""A reader that combines a trained model with the scores of search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.core.documents import Passage, Span
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.reader.anchor_match import AnchorMatch
from index.reader.calibration import Calibration, Evidence, Logistic
from index.reader.spans import ReadingModel, Unit
from index.reader.word_overlap import Words
from index.text.answer_types import expected_answer

RANKING_FEATURES = (
    "evidence",
    "margin",
    "retrieval",
    "bm25",
    "lack_sentence",
    "lack_passage",
    "lead",
    "lead_of_definition",
    "title",
    "title_of_definition",
)
"""Sentences are ordered by: the model's two outputs, the passage's hit, BM25 among them all, what
they and their passages lack of the question's anchors, how near they stand to the beginning of
their document, and the share of the question's words in its title; the last two also by themselves
for questions like "what is X"."""

CONFIDENCE_FEATURES = (
    "log_odds",
    "gap",
    "evidence",
    "margin",
    "cosine",
    "sentence_coverage",
    "passage_coverage",
    "time_lacks_sentence",
    "number_lacks_sentence",
    "name_lacks_sentence",
    "time_lacks_passage",
    "number_lacks_passage",
    "name_lacks_passage",
    "lacks_everywhere",
)
"""The confidence is computed from: the ranking's log-odds of the best sentence, its lead over the
next one, the model's outputs, the passage's cosine, the coverage of the question's words, and what
the best sentence, its passage and all passages lack of the question's anchors."""

Blank = frozenset[str]
"""Features that mean nothing for a reader: they are 0."""

# For models without fitted values: search and model count about the same.
_GUESSED_RANKING = Logistic(
    features=RANKING_FEATURES, weights=(0.4, 0.0, 4.0, 1.0, *[0.0] * 6), bias=-4.0
)
_GUESSED_CALIBRATION = Calibration(
    features=CONFIDENCE_FEATURES, weights=(1.0, *[0.0] * 13), bias=0.0, min_confidence=0.5
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


@dataclass(frozen=True, slots=True)
class Rating:
    """All units that were read for a question."""

    question: str
    match: AnchorMatch
    units: Sequence[Rated]


@dataclass(slots=True)
class TrainedReader:
    """Orders the sentences of all passages by one fitted score."""

    name: str
    model: ReadingModel
    words: Words
    ranking: Logistic = _GUESSED_RANKING
    calibration: Calibration = _GUESSED_CALIBRATION
    blank: Blank = frozenset()

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, ties in the order of passages."""
        return self.order(self.rate(question.text, retrieved))

    def order(self, rating: Rating) -> ReadPassages:
        """Return the sentences by their log-odds, with the evidence for the first."""
        if not rating.units:
            return ReadPassages((), np.zeros(len(CONFIDENCE_FEATURES)))
        odds = self.ranking.log_odds(np.array([unit.features for unit in rating.units]))
        order = np.argsort(-odds, kind="stable")
        readings = [rating.units[at].to_reading(float(odds[at])) for at in order]
        return ReadPassages(readings, self._evidence(rating, odds))

    def rate(self, question: str, retrieved: Sequence[Retrieved]) -> Rating:
        """Return the sentences of the passages, each once, with their features.

        Passages far behind the best hit are not read.
        """
        match = AnchorMatch(question, (item.passage for item in retrieved))
        best = max((item.hit.score for item in retrieved), default=0.0)
        chosen = [item for item in retrieved if item.hit.score >= best - _HOPELESS]
        found = self._read(match, [item.passage for item in chosen])
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
        tags = [item.passage.document.metadata.language for item, _ in units.values()]
        lexical = self.words.bm25(question, texts, tags)
        is_definition = float(expected_answer(question) == "description")
        titles = {
            item.passage.id: self.words.share(
                question, item.passage.title or "", item.passage.document.metadata.language
            )
            for item in chosen
        }
        rated = []
        for ((_, span), (item, unit)), bm25 in zip(units.items(), lexical, strict=True):
            passage = item.passage
            lead, title = 1 / (1 + passage.first + unit.first), titles[passage.id]
            features = [
                _clip(unit.evidence),
                _clip(unit.margin),
                # Without shared words, the score of search depends on other passages' alone.
                item.hit.cosine if "bm25" in self.blank else item.hit.score,
                bm25,
                match.in_sentence(passage, span).most,
                match.in_passage(passage).most,
                lead,
                lead * is_definition,
                title,
                title * is_definition,
            ]
            rated.append(Rated(item, unit, span, self._filled(RANKING_FEATURES, features)))
        return Rating(question, match, rated)

    def _read(self, match: AnchorMatch, passages: Sequence[Passage]) -> list[list[Unit]]:
        """The units of each passage, read for what its date of publication leaves open."""
        asked = [match.without_date(passage) for passage in passages]
        units: dict[int, list[Unit]] = {}
        for text in dict.fromkeys(asked):
            places = [at for at, other in enumerate(asked) if other == text]
            found = self.model.read(text, [passages[at] for at in places])
            units |= zip(places, found, strict=True)
        return [units[at] for at in range(len(passages))]

    def _evidence(self, rating: Rating, odds: Evidence) -> Evidence:
        """The CONFIDENCE_FEATURES of the best unit; `odds` are the log-odds of each."""
        rated, match = rating.units, rating.match
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
        coverage = self.words.coverage(rating.question, best.text, passage)
        features = [
            _clip(float(odds[at])),
            min(gap, _MAX_GAP),
            _clip(best.unit.evidence),
            _clip(best.unit.margin),
            max(0.0, best.retrieved.hit.cosine),
            coverage.sentence,
            coverage.passage,
            *match.in_sentence(passage, best.span),
            *match.in_passage(passage),
            match.anywhere().most,
        ]
        return self._filled(CONFIDENCE_FEATURES, features)

    def _filled(self, names: Sequence[str], values: Sequence[float]) -> Evidence:
        """The values as an array, without those of blank features."""
        pairs = zip(names, values, strict=True)
        return np.array([0.0 if name in self.blank else value for name, value in pairs])


def _clip(logit: float) -> float:
    return min(max(logit, -_LIMIT), _LIMIT)
