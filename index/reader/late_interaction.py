"""A reader without training: late interaction of question and sentence.

The embedding model reads each passage once. Each word of the question contributes its best match
among the words of a sentence, in context (MaxSim: Khattab and Zaharia 2020, "ColBERT: Efficient and
Effective Passage Search via Contextualized Late Interaction over BERT"). This finds the right
sentence a quarter more often than the cosine of sentence vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.core.answers import Hit
from index.models import Embedder
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.reader.calibration import Calibration
from index.reader.word_overlap import Words
from index.text.terms import is_function_word

# The first four were fitted on questions about Wikipedia articles, where the cosine of a sentence's
# own vector makes no difference; on news, with its one-sentence paragraphs, it helps.
_PASSAGE_MATCH, _SENTENCE_MATCH, _BM25, _HIT, _COSINE = 0.34, 0.37, 0.055, 0.055, 0.18
# The cosine costs another pass of the model, so only the best by the other scores get theirs.
_SHORT_LIST = 12

CALIBRATION = Calibration(
    features=(
        "sentence_match",
        "cosine",
        "sentence_coverage",
        "passage_coverage",
        "unknown",
        "hit_cosine",
    ),
    weights=(9.93, 6.78, 1.08, 1.21, 2.58, -2.96),
    bias=-10.69,
    min_confidence=0.3,
)
"""Fitted on questions about Wikipedia articles; `onrecord eval --fit` replaces it."""

_FUNCTION_WORD_WEIGHT = 0.2


class Candidate(NamedTuple):
    """A sentence of a retrieved passage, with the hit of that passage."""

    reading: Reading
    hit: Hit


class LateInteractionReader:
    """Scores each sentence of the passages with fitted weights."""

    def __init__(self, embedder: Embedder, words: Words) -> None:
        self.name = f"late interaction of {embedder.name}"
        self.calibration = CALIBRATION
        self._embedder = embedder
        self._words = words

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the best sentences of `retrieved`, best first, ties in the order of passages."""
        candidates = _list_candidates(retrieved)
        if not candidates:
            return ReadPassages((), np.zeros(len(CALIBRATION.features)))
        texts = [reading.text for reading, _ in candidates]
        sentence_match, passage_match = self._match(question, candidates)
        bm25 = np.array(self._words.bm25(question.text, texts))
        hit_scores = np.array([hit.score for _, hit in candidates])
        scores = (
            _SENTENCE_MATCH * sentence_match
            + _PASSAGE_MATCH * passage_match
            + _BM25 * bm25
            + _HIT * hit_scores
        )
        listed = np.argsort(-scores, kind="stable")[:_SHORT_LIST]
        vectors = self._embedder.embed_passages([texts[at] for at in listed])
        cosines = np.maximum(0.0, vectors @ question.vector).astype(float)
        scores = scores[listed] + _COSINE * cosines
        order = np.argsort(-scores, kind="stable")
        best = listed[order[0]]
        reading, hit = candidates[best]
        coverage = self._words.coverage(question.text, texts[best], reading.passage)
        match, cosine = sentence_match[best], cosines[order[0]]
        return ReadPassages(
            [replace(candidates[listed[at]].reading, score=float(scores[at])) for at in order],
            np.array([match, cosine, *coverage, question.unknown, max(0.0, hit.cosine)]),
        )

    def _match(
        self, question: Question, candidates: Sequence[Candidate]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The MaxSim of each sentence, and that of its passage, 0..1."""
        passages = {reading.passage.id: reading.passage for reading, _ in candidates}
        texts = [question.text, *(passage.text for passage in passages.values())]
        asked, *read = self._embedder.embed_tokens(texts)
        words = [question.text[start:end] for start, end in asked.spans.tolist()]
        weights = np.array([_FUNCTION_WORD_WEIGHT if is_function_word(w) else 1.0 for w in words])
        similarities = {
            passage_id: (tokens.spans, asked.vectors @ tokens.vectors.T)
            for passage_id, tokens in zip(passages, read, strict=True)
        }
        matches = []
        for reading, _ in candidates:
            spans, similarity = similarities[reading.passage.id]
            start = reading.span.start - reading.passage.span.start
            inside = (spans[:, 0] >= start) & (spans[:, 1] <= start + len(reading.span))
            sentence_match = _max_sim(similarity[:, inside], weights)
            matches.append((sentence_match, _max_sim(similarity, weights)))
        of_sentences, of_passages = np.array(matches).T
        return of_sentences, of_passages


def _list_candidates(retrieved: Sequence[Retrieved]) -> list[Candidate]:
    """The sentences of all passages, each once, from the best passage with it."""
    found: dict[tuple[int, int], Candidate] = {}
    for passage, hit in ((item.passage, item.hit) for item in retrieved):
        for at, sentence in enumerate(passage.sentences, start=passage.first):
            reading = Reading(passage, at, at, sentence.span, score=0.0)
            found.setdefault((passage.document.id, at), Candidate(reading, hit))
    return list(found.values())


def _max_sim(similarity: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    """The weighted mean over the question's words of their best matches, 0..1."""
    if not similarity.size:
        return 0.0
    return max(0.0, float(similarity.max(axis=1) @ weights / weights.sum()))
