"""A reader without training for many languages: vectors and words of sentences, fitted weights.

Across two languages words are not compared, and vectors without what sets a language apart: the
confidence of that is fitted apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.core.answers import Hit
from index.core.documents import Passage, Vector
from index.models import Embedder
from index.models.multilingual import LanguageOffsets
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.reader.anchor_match import AnchorMatch
from index.reader.calibration import Calibration, Evidence, Logistic
from index.reader.word_overlap import Words
from index.text.language import base, of_question

RANKING_FEATURES = ("cosine", "retrieval", "bm25", "coverage")
"""Sentences are ordered by the cosine of their vector, the score of the passage's hit, BM25 among
them all, and the share of the question's words that they have."""

CONFIDENCE_FEATURES = (
    *("log_odds", "gap", "cosine", "hit_cosine"),
    *("sentence_coverage", "passage_coverage", "unknown", "time_lacks", "number_lacks"),
)
"""The confidence is computed from the ranking's log-odds of the best sentence, its lead over the
next one, its cosine and that of its passage, the coverage of the question's words, the share of
them that no document has, and what its passage lacks of the question's times and numbers."""

# What means nothing across languages: scores of search, and the words that are shared.
_BESIDE_COSINE, _WITHIN_ALONE = slice(1, 4), slice(3, 7)
_MAX_GAP = 6.0


class Rated(NamedTuple):
    """A sentence of a passage with its RANKING_FEATURES."""

    reading: Reading
    hit: Hit
    features: Evidence


class SentenceVectorReader:
    """Orders the sentences of all passages by one fitted score; marks no short answers."""

    def __init__(
        self,
        embedder: Embedder,
        words: Words,
        ranking: Logistic,
        calibration: Calibration,
        *,
        offsets: LanguageOffsets | None = None,
        translation: float = 1.0,
    ) -> None:
        """Read within one language, or across two if there are `offsets`.

        `translation` is the cosine of a text's translation, by that of the text itself.
        """
        self.name = f"sentence vectors of {embedder.name}"
        self.ranking = ranking
        self.calibration = calibration
        self._embedder = embedder
        self._words = words
        self._offsets = offsets
        self._translation = translation

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, ties in the order of passages."""
        rated = self.rate(question, retrieved)
        if not rated:
            return ReadPassages((), np.zeros(len(CONFIDENCE_FEATURES)))
        odds = self.ranking.log_odds(np.array([one.features for one in rated]))
        order = np.argsort(-odds, kind="stable")
        scores = 1 / (1 + np.exp(-odds))
        readings = [_scored(rated[at].reading, float(scores[at])) for at in order]
        best = rated[order[0]]
        gap = float(odds[order[0]] - odds[order[1]]) if len(order) > 1 else _MAX_GAP
        return ReadPassages(readings, self._evidence(question, best, float(odds[order[0]]), gap))

    def rate(self, question: Question, retrieved: Sequence[Retrieved]) -> list[Rated]:
        """Return the sentences of the passages, each once, with their features."""
        found: dict[tuple[int, int], tuple[Passage, int, Hit]] = {}
        for passage, hit in ((item.passage, item.hit) for item in retrieved):
            for at in range(len(passage.sentences)):
                key = passage.document.id, passage.first + at
                found.setdefault(key, (passage, at, hit))
        readings = [
            Reading(passage, passage.first + at, passage.first + at, passage.sentences[at].span, 0)
            for passage, at, _ in found.values()
        ]
        if not readings:
            return []
        texts = [reading.text for reading in readings]
        tags = [reading.passage.document.metadata.language for reading in readings]
        cosines = self._cosines(question, texts, tags)
        bm25 = self._words.bm25(question.text, texts, tags)
        rated = []
        for at, (reading, (_, _, hit)) in enumerate(zip(readings, found.values(), strict=True)):
            shared = self._words.share(question.text, texts[at], tags[at])
            features = np.array([float(cosines[at]), hit.score, bm25[at], shared])
            if self._offsets is not None:
                features[_BESIDE_COSINE] = 0.0
            rated.append(Rated(reading, hit, features))
        return rated

    def _cosines(
        self, question: Question, texts: Sequence[str], tags: Sequence[str | None]
    ) -> Vector:
        vectors, vector = self._embedder.embed_passages(texts), question.vector
        if self._offsets is None:
            return vectors @ vector
        asked = of_question(question.text)
        vector = self._offsets.of_question(vector, next(iter(asked)) if len(asked) == 1 else None)
        bases = [base(tag) if tag else None for tag in tags]
        cosines: Vector = self._offsets.of_passages(vectors, bases) @ vector / self._translation
        return cosines

    def _evidence(self, question: Question, best: Rated, odds: float, gap: float) -> Evidence:
        passage = best.reading.passage
        coverage = self._words.coverage(question.text, best.reading.text, passage)
        lack = AnchorMatch(question.text, [passage]).in_passage(passage)
        evidence = np.array(
            [
                *(odds, min(gap, _MAX_GAP), best.features[0], max(0.0, best.hit.cosine)),
                *(*coverage, question.unknown, lack.time, lack.number),
            ]
        )
        if self._offsets is not None:
            evidence[_WITHIN_ALONE] = 0.0
        return evidence


def _scored(reading: Reading, score: float) -> Reading:
    return Reading(reading.passage, reading.first, reading.last, reading.span, score)
