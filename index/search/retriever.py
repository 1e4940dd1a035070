"""The passages for a question: dense and lexical search, fused."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.core.answers import Hit
from index.core.documents import Vector
from index.core.scope import Scope
from index.search.protocol import Search
from index.text import language

DENSE_WEIGHT = 0.6
FOREIGN = 0.2
"""What a passage in another language than the question gets beside others in its own: two languages
share few words, and vectors are nearer within one. See docs/benchmarks.md."""

_CANDIDATES = 100


class Retriever:
    """Searches both halves of the search index and fuses their hits."""

    def __init__(self, index: Search, across: bool = False) -> None:
        """`across`: whether the vector of an answer in any language is near the question's."""
        self._index = index
        self._across = across

    def search(self, question: str, vector: Vector, scope: Scope, k: int) -> list[Hit]:
        """Return up to `k` passages within `scope`, best first, ties by id.

        The score is a convex combination, 0.6 · cosine + 0.4 · BM25 / (the best hit's BM25): Bruch
        et al. 2023, "An Analysis of Fusion Functions for Hybrid Retrieval". A passage that only
        word search found gets its true cosine; one that only vectors found has no BM25. One in
        another language than the question gets FOREIGN more.
        """
        dense = dict(self._index.search_dense(vector, max(k, _CANDIDATES), scope))
        bm25 = dict(self._index.search_lexical(question, max(k, _CANDIDATES), scope))
        best_bm25 = max(bm25.values(), default=0.0) or 1.0
        only_lexical = [passage_id for passage_id in bm25 if passage_id not in dense]
        # A passage without a vector was put into the shared folder of words by another process,
        # after this one read the store.
        dense |= self._index.cosines(vector, only_lexical)
        foreign = self._foreign(question, dense.keys(), scope)
        hits = []
        for passage_id, cosine in dense.items():
            lexical = bm25.get(passage_id, 0.0) / best_bm25
            score = _fuse(cosine, lexical) + FOREIGN * (passage_id in foreign)
            hits.append(Hit(passage_id, score, cosine, lexical))
        return sorted(hits, key=_order)[:k]

    def _foreign(self, question: str, ids: Collection[int], scope: Scope) -> frozenset[int]:
        """The passages in another language than a question, if the documents are in several."""
        known = self._index.languages
        if not self._across or len(known.every(scope.collections)) < 2:
            return frozenset()
        asked, tags = language.likely_of_question(question), known.of_passages(ids)
        return frozenset(at for at, tag in tags.items() if language.is_foreign(tag, asked))

    def rank(self, question: str, vector: Vector, scope: Scope, k: int) -> dict[str, list[int]]:
        """Return the ids of up to `k` passages, best first, by dense, lexical and fused search."""
        dense = self._index.search_dense(vector, k, scope)
        lexical = self._index.search_lexical(question, k, scope)
        return {
            "dense": [passage_id for passage_id, _ in dense],
            "lexical": [passage_id for passage_id, _ in lexical],
            "fusion": [hit.passage_id for hit in self.search(question, vector, scope, k)],
        }


def renormalize(hits: Sequence[Hit]) -> list[Hit]:
    """Return some of a search's hits as if the others had not been found, best first."""
    best = max((hit.lexical for hit in hits), default=0.0) or 1.0
    scaled = [
        hit._replace(
            lexical=hit.lexical / best,
            score=_fuse(hit.cosine, hit.lexical / best)
            + (hit.score - _fuse(hit.cosine, hit.lexical)),
        )
        for hit in hits
    ]
    return sorted(scaled, key=_order)


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]], constant: int = 60) -> list[int]:
    """Return the ids of all rankings by the sum of 1 / (constant + rank): Cormack et al. 2009.

    Kept to measure against: it ignores by how much one hit is better than the next.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, passage_id in enumerate(ranking, start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (constant + rank)
    return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))


def _order(hit: Hit) -> tuple[float, int]:
    return -hit.score, hit.passage_id


def _fuse(cosine: float, lexical: float) -> float:
    return DENSE_WEIGHT * max(cosine, 0.0) + (1 - DENSE_WEIGHT) * lexical
