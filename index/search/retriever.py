"""The passages for a question: dense and lexical search, fused."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.core.answers import Hit
from index.core.documents import Vector
from index.core.scope import Scope
from index.search.protocol import Search
from index.text import language

DENSE_WEIGHT = 0.6
FOREIGN, FOREIGN_WORDS = 0.3, 0.03
"""What a passage in another language than the question gets in place of what its words would weigh,
and what they weigh: two languages share few words, and most of them mean something else. See
docs/benchmarks.md."""

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
        word search found gets its true cosine; one that only vectors found has no BM25. In another
        language than the question, words weigh FOREIGN_WORDS instead of 0.4, and FOREIGN is added.
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
            lexical, is_foreign = bm25.get(passage_id, 0.0) / best_bm25, passage_id in foreign
            score = _fuse(cosine, lexical, is_foreign)
            hits.append(Hit(passage_id, score, cosine, lexical, is_foreign))
        return sorted(hits, key=_order)[:k]

    def _foreign(self, question: str, ids: Collection[int], scope: Scope) -> frozenset[int]:
        """The passages in another language than a question.

        Those of documents whose language is unknown are, if all others are.
        """
        if not self._across:
            return frozenset()
        known = self._index.languages
        of_all = known.every(scope.collections)
        if len(of_all) < 2 and language.is_plainly_in(question, of_all):
            return frozenset()
        asked = language.likely_of_question(question)
        if of_all and all(language.is_foreign(tag, asked) for tag in of_all):
            return frozenset(ids)
        tags = known.of_passages(ids)
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
            lexical=hit.lexical / best, score=_fuse(hit.cosine, hit.lexical / best, hit.foreign)
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


def _fuse(cosine: float, lexical: float, foreign: bool) -> float:
    of_words = FOREIGN + FOREIGN_WORDS * lexical if foreign else (1 - DENSE_WEIGHT) * lexical
    return DENSE_WEIGHT * max(cosine, 0.0) + of_words
