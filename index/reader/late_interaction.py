"""A reader without training of its own: late interaction of question and sentence.

The embedding model reads each passage once. A sentence is scored by how well each word of the
question is matched by some word of it, in context (MaxSim: Khattab and Zaharia 2020, "ColBERT:
Efficient and Effective Passage Search via Contextualized Late Interaction over BERT"). Measured
against the cosine of sentence vectors, it finds the right sentence a quarter more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Span
from index.models import Embedder, TokenVectors
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.reader.calibration import Calibration, Evidence
from index.reader.word_overlap import Words

# The first four were fitted on questions about Wikipedia articles. There the cosine of a sentence's
# own vector neither helps nor harms; on news, with its one-sentence paragraphs, it helps.
_PASSAGE_MATCH, _SENTENCE_MATCH, _BM25, _HIT, _COSINE = 0.34, 0.37, 0.055, 0.055, 0.18
# The cosine costs another pass of the model, so that only the best by all else get theirs.
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
"""Fitted on questions about Wikipedia articles; `onrecord eval --fit` fits it anew."""

_FUNCTION_WORD_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage that was found."""

    retrieved: Retrieved
    ordinal: int
    span: Span
    text: str


class Scored(NamedTuple):
    """A candidate with what its score is made of.

    Attributes:
        match: MaxSim of question and sentence, 0..1.
        cosine: of the question's and the sentence's own vector, 0..1.
    """

    candidate: Candidate
    match: float
    score: float
    cosine: float = 0.0

    def to_reading(self) -> Reading:
        """Return the sentence as a reading."""
        candidate = self.candidate
        return Reading(
            passage=candidate.retrieved.passage,
            first=candidate.ordinal,
            last=candidate.ordinal,
            span=candidate.span,
            score=self.score,
        )


class LateInteractionReader:
    """Scores each sentence of the passages; the weights and the calibration are fitted."""

    def __init__(self, embedder: Embedder, words: Words) -> None:
        self.name = f"late interaction of {embedder.name}"
        self.calibration = CALIBRATION
        self._embedder = embedder
        self._words = words

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the best sentences of `retrieved`, best first, ties as the passages are."""
        ranked = self._rank(question, retrieved)
        if not ranked:
            return ReadPassages((), np.zeros(len(CALIBRATION.features)))
        evidence = self._evidence(question, ranked[0])
        return ReadPassages([scored.to_reading() for scored in ranked], evidence)

    def _rank(self, question: Question, retrieved: Sequence[Retrieved]) -> list[Scored]:
        """Return the best sentences with what their scores are made of."""
        candidates = _list_candidates(retrieved)
        if not candidates:
            return []
        matches = self._match(question, candidates)
        bm25 = self._words.bm25(question.text, [candidate.text for candidate in candidates])
        scored = [
            Scored(
                candidate,
                match,
                _SENTENCE_MATCH * match
                + _PASSAGE_MATCH * passage_match
                + _BM25 * lexical
                + _HIT * candidate.retrieved.hit.score,
            )
            for candidate, (match, passage_match), lexical in zip(
                candidates, matches, bm25, strict=True
            )
        ]
        best = sorted(scored, key=lambda item: -item.score)[:_SHORT_LIST]
        vectors = self._embedder.embed_passages([item.candidate.text for item in best])
        cosines = np.maximum(0.0, vectors @ question.vector).tolist()
        best = [
            item._replace(cosine=cosine, score=item.score + _COSINE * cosine)
            for item, cosine in zip(best, cosines, strict=True)
        ]
        return sorted(best, key=lambda item: -item.score)

    def _evidence(self, question: Question, best: Scored) -> Evidence:
        """What tells whether the best sentence answers, as CALIBRATION names it."""
        retrieved = best.candidate.retrieved
        coverage = self._words.coverage(question.text, best.candidate.text, retrieved.passage)
        return np.array([best.match, best.cosine, *coverage, max(0.0, retrieved.hit.cosine)])

    def _match(
        self, question: Question, candidates: Sequence[Candidate]
    ) -> list[tuple[float, float]]:
        """The MaxSim of each sentence, and that of the passage it stands in, 0..1."""
        passages = {c.retrieved.passage.id: c.retrieved.passage for c in candidates}
        texts = [question.text, *(passage.text for passage in passages.values())]
        asked, *read = self._embedder.embed_tokens(texts)
        weights = self._word_weights(question.text, asked)
        similarities = {
            passage_id: (tokens.spans, asked.vectors @ tokens.vectors.T)
            for passage_id, tokens in zip(passages, read, strict=True)
        }
        matches = []
        for candidate in candidates:
            passage = candidate.retrieved.passage
            spans, similarity = similarities[passage.id]
            start = candidate.span.start - passage.span.start
            inside = (spans[:, 0] >= start) & (spans[:, 1] <= start + len(candidate.span))
            sentence_match = _max_sim(similarity[:, inside], weights)
            matches.append((sentence_match, _max_sim(similarity, weights)))
        return matches

    def _word_weights(self, question: str, tokens: TokenVectors) -> NDArray[np.float64]:
        """What each word piece of the question counts: shape (n,)."""
        words = [question[start:end] for start, end in tokens.spans.tolist()]
        return np.array(
            [_FUNCTION_WORD_WEIGHT if self._words.is_function_word(w) else 1.0 for w in words]
        )


def _list_candidates(retrieved: Sequence[Retrieved]) -> list[Candidate]:
    """The sentences of all passages, each once, from the best passage that holds it."""
    found: dict[tuple[int, int], Candidate] = {}
    for item in retrieved:
        for ordinal, sentence in enumerate(item.passage.sentences, start=item.passage.first):
            key = item.passage.document.id, ordinal
            if key not in found:
                text = item.passage.cut(sentence.span)
                found[key] = Candidate(item, ordinal, sentence.span, text)
    return list(found.values())


def _max_sim(similarity: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    """The weighted mean over the question's words of the best match of each, 0..1."""
    if not similarity.size:
        return 0.0
    return max(0.0, float(similarity.max(axis=1) @ weights / weights.sum()))
