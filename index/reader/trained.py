"""A reader that combines a trained model with the scores of search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.core.documents import Span
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.reader.anchor_match import AnchorMatch
from index.reader.calibration import Blank, Calibration, Evidence, Logistic, evidence_of
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
    "retrieval",
    "bm25",
)
"""The confidence is computed from: the ranking's log-odds of the best sentence, its lead over the
next one, the model's outputs, the passage's cosine, the coverage of the question's words, what the
best sentence, its passage and all passages lack of the question's anchors, the passage's hit, and
BM25."""

# For models without fitted values: search and model count about the same.
_GUESSED_RANKING = Logistic(
    features=RANKING_FEATURES, weights=(0.4, 0.0, 4.0, 1.0, *[0.0] * 6), bias=-4.0
)
_GUESSED_CALIBRATION = Calibration(
    features=CONFIDENCE_FEATURES, weights=(1.0, *[0.0] * 15), bias=0.0, min_confidence=0.5
)

# On 700 questions no passage this far behind the best hit held the chosen sentence; skipping them
# saves a third of the reading.
_HOPELESS = 0.3

FAR_AHEAD = 3.5
"""The lead, in log-odds, from which other passages need no reading: see docs/benchmarks.md."""

_AT_ONCE = 2
_RETRIEVAL, _BM25 = RANKING_FEATURES.index("retrieval"), RANKING_FEATURES.index("bm25")

# Logits have no bounds; beyond these they carry no information.
_LIMIT = 12.0
_MAX_GAP = 6.0
# Of 1,373 questions that nothing was fitted to, 4 more get a right first quote (joined with its
# neighbour) and 6 more one of three, and in no kind fewer; alike from 0.4 to 0.7.
_BESIDE = 0.5


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
    is_whole: bool = True  # whether every passage was read


class _Outlook:
    """The features of sentences that are known before the model reads, all but BM25."""

    def __init__(
        self,
        question: str,
        match: AnchorMatch,
        chosen: Sequence[Retrieved],
        words: Words,
        blank: Blank,
    ) -> None:
        self._match = match
        self._blank = blank
        self._is_definition = float(expected_answer(question) == "description")
        self._titles = {
            item.passage.id: words.share(
                question, item.passage.title or "", item.passage.document.metadata.language
            )
            for item in chosen
        }

    def features(self, item: Retrieved, unit: Unit, span: Span) -> Evidence:
        """Return the RANKING_FEATURES of a unit, 0 for BM25."""
        passage, title = item.passage, self._titles[item.passage.id]
        lead = 1 / (1 + passage.first + unit.first)
        # Without shared words, the score of search depends on other passages' alone.
        score = item.hit.cosine if "bm25" in self._blank else item.hit.score
        features = [
            *(_clip(unit.evidence), _clip(unit.margin), score, 0.0),
            self._match.in_sentence(passage, span).most,
            self._match.in_passage(passage).most,
            *(lead, lead * self._is_definition),
            *(title, title * self._is_definition),
        ]
        return evidence_of(RANKING_FEATURES, features, self._blank)

    def best(self, item: Retrieved) -> Evidence:
        """Return those of a passage's first sentence, which has the best, if it lacks nothing."""
        passage = item.passage
        return self.features(item, Unit(0, 0, 0.0), passage.sentences[0].span)


@dataclass(slots=True)
class TrainedReader:
    """Orders the sentences of all passages by one fitted score."""

    name: str
    model: ReadingModel
    words: Words
    ranking: Logistic = _GUESSED_RANKING
    calibration: Calibration = _GUESSED_CALIBRATION
    ahead: float = np.inf  # the lead from which other passages need no reading
    blank: Blank = frozenset()

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, ties in the order of passages.

        Unless the question is thorough, passages are left out that will hardly change the best.
        """
        ahead = np.inf if question.thorough else self.ahead
        return self.order(self.rate(question.text, retrieved, ahead, question.names))

    def order(self, rating: Rating) -> ReadPassages:
        """Return the sentences by their log-odds, with the evidence for the first.

        A sentence beside the first counts for more: where that one does not answer, or not in
        full, the next one does more often than its log-odds say.
        """
        if not rating.units:
            return ReadPassages((), np.zeros(len(CONFIDENCE_FEATURES)))
        odds = self.ranking.log_odds(np.array([unit.features for unit in rating.units]))
        at = int(odds.argmax())
        evidence = self._evidence(rating, odds, at)
        beside = np.array([_is_beside(unit, rating.units[at]) for unit in rating.units])
        odds = np.minimum(odds + _BESIDE * beside, odds[at])
        rest = np.argsort(-odds, kind="stable")
        order = [at, *(place for place in rest.tolist() if place != at)]
        readings = [rating.units[place].to_reading(float(odds[place])) for place in order]
        return ReadPassages(readings, evidence, is_whole=rating.is_whole)

    def rate(
        self,
        question: str,
        retrieved: Sequence[Retrieved],
        ahead: float = np.inf,
        names: Sequence[str] = (),
    ) -> Rating:
        """Return the sentences of the passages, each once, with their features.

        Passages far behind the best hit are not read, nor any more once a sentence is `ahead` of
        what the rest would have by search alone, in log-odds. `names` are `Question.names`.
        """
        match = AnchorMatch(question, (item.passage for item in retrieved), names)
        best = max((item.hit.score for item in retrieved), default=0.0)
        waiting = [item for item in retrieved if item.hit.score >= best - _HOPELESS]
        outlook = _Outlook(question, match, waiting, self.words, self.blank)
        rated: dict[tuple[int, Span], Rated] = {}
        while waiting:
            now, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            for item, units in zip(now, self._read(match, now), strict=True):
                sentences = item.passage.sentences
                for unit in units:
                    span = Span(sentences[unit.first].span.start, sentences[unit.last].span.end)
                    key = item.passage.document.id, span
                    # A sentence of two passages counts for the one with more evidence.
                    if key not in rated or unit.evidence > rated[key].unit.evidence:
                        rated[key] = Rated(item, unit, span, outlook.features(item, unit, span))
            if waiting and self._is_ahead(rated.values(), map(outlook.best, waiting), ahead):
                break
        read = list(rated.values())
        if "bm25" not in self.blank:
            tags = [one.retrieved.passage.document.metadata.language for one in read]
            lexical = self.words.bm25(question, [one.text for one in read], tags)
            for one, bm25 in zip(read, lexical, strict=True):
                one.features[_BM25] = bm25
        return Rating(question, match, read, is_whole=not waiting)

    def _is_ahead(self, rated: Iterable[Rated], others: Iterable[Evidence], ahead: float) -> bool:
        """Whether the best unit is that far ahead of what is known of the others."""
        if ahead == np.inf:
            return False
        found, unread = (
            self.ranking.log_odds(np.array(rows)).max()
            for rows in ([unit.features for unit in rated], list(others))
        )
        return bool(found - unread >= ahead)

    def _read(self, match: AnchorMatch, items: Sequence[Retrieved]) -> list[list[Unit]]:
        """The units of each passage, read for what its date of publication leaves open."""
        passages = [item.passage for item in items]
        asked = [match.without_date(passage) for passage in passages]
        units: dict[int, list[Unit]] = {}
        for text in dict.fromkeys(asked):
            places = [at for at, other in enumerate(asked) if other == text]
            found = self.model.read(text, [passages[at] for at in places])
            units |= zip(places, found, strict=True)
        return [units[at] for at in range(len(passages))]

    def _evidence(self, rating: Rating, odds: Evidence, at: int) -> Evidence:
        """The CONFIDENCE_FEATURES of the unit at a place; `odds` are the log-odds of each."""
        rated, match = rating.units, rating.match
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
            best.features[_RETRIEVAL],
            best.features[_BM25],
        ]
        return evidence_of(CONFIDENCE_FEATURES, features, self.blank)


def _is_beside(one: Rated, other: Rated) -> bool:
    """Whether two units follow each other in a paragraph."""
    passage, beyond = one.retrieved.passage, other.retrieved.passage
    if passage.document.id != beyond.document.id:
        return False
    first, second = sorted((one, other), key=lambda unit: unit.span.start)
    after = first.retrieved.passage.first + first.unit.last + 1
    return after == second.retrieved.passage.first + second.unit.first and (
        passage.paragraph_at(one.span.start) == beyond.paragraph_at(other.span.start)
    )


def _clip(logit: float) -> float:
    return min(max(logit, -_LIMIT), _LIMIT)
