"""Fused search: a convex combination of both halves, with true cosines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.core.answers import Hit
from index.core.documents import Vector
from index.core.scope import Scope
from index.search.retriever import (
    DENSE_WEIGHT,
    FOREIGN,
    FOREIGN_WORDS,
    Retriever,
    reciprocal_rank_fusion,
    renormalize,
)

SCORES = st.dictionaries(st.integers(1, 30), st.floats(-1, 1, width=32), max_size=20)
BM25 = st.dictionaries(st.integers(1, 30), st.floats(0.0625, 50, width=32), max_size=20)
QUESTION = np.zeros(1, np.float32)


@dataclass
class FixedLanguages:
    """The languages of all documents, and of those of some passages."""

    tags: Sequence[str]
    passages: dict[int, str | None] = field(default_factory=dict)

    def every(self, collections: Sequence[str]) -> Sequence[str]:
        return self.tags

    def of_passages(self, ids: Collection[int]) -> dict[int, str | None]:
        return {at: tag for at, tag in self.passages.items() if at in ids}


@dataclass
class FixedIndex:
    """Finds the same in every search; `hidden` are cosines of passages that vectors miss."""

    dense: dict[int, float]
    lexical: dict[int, float]
    hidden: dict[int, float] = field(default_factory=dict)
    languages: FixedLanguages = field(default_factory=lambda: FixedLanguages(["en"]))

    def refresh(self) -> bool:
        return False

    def search_dense(self, vector: Vector, k: int, scope: Scope) -> list[tuple[int, float]]:
        return sorted(self.dense.items(), key=lambda item: -item[1])[:k]

    def search_lexical(self, question: str, k: int, scope: Scope) -> list[tuple[int, float]]:
        return sorted(self.lexical.items(), key=lambda item: -item[1])[:k]

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        return {passage_id: self.hidden[passage_id] for passage_id in ids}


@example({1: 1.0}, {25: 45.5}, 1)  # level, if it is rounded alike
@given(SCORES, BM25, st.integers(1, 10))
def test_hits_are_fused_as_the_paper_says(
    dense: dict[int, float], lexical: dict[int, float], k: int
) -> None:
    hidden = {passage_id: -0.5 + passage_id / 30 for passage_id in lexical}
    hits = Retriever(FixedIndex(dense, lexical, hidden)).search("q", QUESTION, Scope(), k)
    best = max(lexical.values(), default=1.0)
    cosines = hidden | dense
    expected = {
        passage_id: DENSE_WEIGHT * max(0, cosine)
        + (1 - DENSE_WEIGHT) * (lexical.get(passage_id, 0) / best)
        for passage_id, cosine in cosines.items()
    }
    ranked = sorted(expected, key=lambda passage_id: (-expected[passage_id], passage_id))
    assert [hit.passage_id for hit in hits] == ranked[:k]
    for hit in hits:
        assert hit.score == pytest.approx(expected[hit.passage_id])
        assert hit.cosine == cosines[hit.passage_id]
        assert 0 <= hit.lexical <= 1
        assert 0 <= hit.score <= 1


TAGS = FixedLanguages(["en", "es"], {1: "es", 2: "en", 3: None, 4: "de"})
FOREIGN_ONES = {2, 4}
SPANISH = "¿Cuándo llegaron los primeros trenes a la ciudad?"


def across(index: FixedIndex, question: str = SPANISH) -> list[Hit]:
    return Retriever(index, across=True).search(question, QUESTION, Scope(), 4)


def without(index: FixedIndex) -> dict[int, Hit]:
    """Return the hits by passage if languages make no difference."""
    return {hit.passage_id: hit for hit in Retriever(index).search(SPANISH, QUESTION, Scope(), 4)}


def foreign(hit: Hit, lexical: float) -> float:
    return DENSE_WEIGHT * hit.cosine + FOREIGN + FOREIGN_WORDS * lexical


def test_words_weigh_little_in_another_language_and_vectors_make_up_for_it() -> None:
    index = FixedIndex({1: 0.4, 2: 0.4, 3: 0.3, 4: 0.3}, {1: 2.0, 2: 1.0}, languages=TAGS)
    plain, hits = without(index), across(index)
    for hit in hits:
        expected = foreign(hit, hit.lexical) if hit.foreign else plain[hit.passage_id].score
        assert hit.score == pytest.approx(expected)
    assert {hit.passage_id for hit in hits if hit.foreign} == FOREIGN_ONES
    assert [hit.passage_id for hit in hits] == [1, 2, 4, 3]
    second, *others = renormalize(hits[1:])
    assert second.score == pytest.approx(foreign(second, 1.0))
    assert others == hits[2:]


def test_where_all_are_in_another_language_so_are_the_unknown() -> None:
    english = FixedLanguages(["en"], {1: "en", 2: None})
    index = FixedIndex({1: 0.4, 2: 0.5}, {1: 2.0}, languages=english)
    assert [(hit.passage_id, hit.foreign) for hit in across(index)] == [(2, True), (1, True)]


@pytest.mark.parametrize("question", ["When was the first of the trains here?", "Lindholm", ""])
def test_languages_make_no_difference_in_the_language_of_all(question: str) -> None:
    english = FixedLanguages(["en"], {1: "en", 2: None})
    index = FixedIndex({1: 0.4, 2: 0.5}, {1: 2.0}, languages=english)
    assert {hit.passage_id: hit for hit in across(index, question)} == without(index)


def test_ties_are_in_the_order_of_the_ids() -> None:
    hits = Retriever(FixedIndex({3: 0.5, 1: 0.5, 2: 0.5}, {})).search("q", QUESTION, [], 3)
    assert [hit.passage_id for hit in hits] == [1, 2, 3]


def test_a_hit_of_words_alone_has_its_true_cosine() -> None:
    (hit,) = Retriever(FixedIndex({}, {7: 3.0}, {7: 0.25})).search("q", QUESTION, [], 5)
    assert hit == (7, pytest.approx(0.6 * 0.25 + 0.4), 0.25, 1.0, False)


def test_nothing_found_is_no_hit() -> None:
    assert Retriever(FixedIndex({}, {})).search("q", QUESTION, [], 5) == []


def test_reciprocal_rank_fusion() -> None:
    assert reciprocal_rank_fusion([[1, 2, 3], [3, 4]]) == [3, 1, 2, 4]
    assert reciprocal_rank_fusion([[1, 2], [2, 1]]) == [1, 2]
    assert reciprocal_rank_fusion([]) == []
