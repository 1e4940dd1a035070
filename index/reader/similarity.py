"""A reader without a model of its own: similarity, shared words, and the passage around."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.embedder import Embedder
from index.reader import Question, Reading, ReadPassages, Retrieved
from index.records import Span
from index.terms import Analyzer

CountPassages = Callable[[str], tuple[int, int]]
"""How many passages hold a term, and of how many."""

_COSINE_WEIGHT = 0.5
_LEXICAL_WEIGHT = 0.3
_PASSAGE_WEIGHT = 0.2
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class _Candidate:
    retrieved: Retrieved
    ordinal: int
    span: Span
    text: str


class SimilarityReader:
    """Scores each sentence by embedding, by BM25 over the sentences, and by its passage's hit."""

    min_confidence = 0.5

    def __init__(
        self, embedder: Embedder, analyzer: Analyzer, count_passages: CountPassages
    ) -> None:
        self._embedder = embedder
        self._analyzer = analyzer
        self._count_passages = count_passages

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        """Return the sentences of `retrieved`, best first, ties in reading order."""
        candidates = _candidates(retrieved)
        if not candidates:
            return ReadPassages((), 0.0)
        cosines = self._embedder.embed_passages([c.text for c in candidates]) @ question.vector
        lexical = self._bm25(question.text, [candidate.text for candidate in candidates])
        best_lexical = max(lexical) or 1.0
        scores = [
            _COSINE_WEIGHT * max(0.0, float(cosine))
            + _LEXICAL_WEIGHT * bm25 / best_lexical
            + _PASSAGE_WEIGHT * candidate.retrieved.hit.score
            for candidate, cosine, bm25 in zip(candidates, cosines, lexical, strict=True)
        ]
        order = sorted(range(len(candidates)), key=lambda at: -scores[at])
        readings = tuple(_reading(candidates[at], scores[at]) for at in order)
        return ReadPassages(readings, readings[0].score)

    def _bm25(self, question: str, texts: Sequence[str]) -> list[float]:
        terms = self._analyzer.content_terms(question)
        idf = {term: _idf(*self._count_passages(term)) for term in terms}
        counted = [Counter(self._analyzer.terms(text)) for text in texts]
        mean = sum(counts.total() for counts in counted) / len(counted) or 1.0
        return [
            sum(idf[term] * _saturate(counts[term], counts.total() / mean) for term in terms)
            for counts in counted
        ]


def _candidates(retrieved: Sequence[Retrieved]) -> list[_Candidate]:
    """The sentences of all passages, each once, from the best passage that holds it."""
    found: dict[tuple[int, int], _Candidate] = {}
    for item in retrieved:
        for ordinal, sentence in enumerate(item.passage.sentences, start=item.passage.first):
            key = item.passage.document.id, ordinal
            if key not in found:
                text = item.passage.cut(sentence.span)
                found[key] = _Candidate(item, ordinal, sentence.span, text)
    return list(found.values())


def _idf(holding: int, total: int) -> float:
    """The inverse document frequency of BM25, as Lucene smooths it: never negative."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def _saturate(count: int, relative_length: float) -> float:
    """The term frequency part of BM25: Robertson and Zaragoza 2009, equation 3.15."""
    return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * relative_length))


def _reading(candidate: _Candidate, score: float) -> Reading:
    return Reading(
        passage=candidate.retrieved.passage,
        first=candidate.ordinal,
        last=candidate.ordinal,
        span=candidate.span,
        score=score,
    )
