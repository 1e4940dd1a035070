"""FAISS finds what a brute force search finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Vector
from index.search.vectors import VectorIndex

DIMENSION = 16


def unit_vectors(seed: int, count: int) -> Vector:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def filled(ids: list[int], vectors: Vector) -> VectorIndex:
    index = VectorIndex(DIMENSION)
    index.add(ids, vectors)
    return index


@given(
    ids=st.lists(st.integers(0, 2**40), unique=True, max_size=40),
    removed=st.sets(st.integers(0, 39)),
    among=st.none() | st.sets(st.integers(0, 60)),
    k=st.integers(1, 50),
    seed=st.integers(0, 2**32 - 1),
)
def test_search_is_brute_force(
    ids: list[int], removed: set[int], among: set[int] | None, k: int, seed: int
) -> None:
    *vectors, question = unit_vectors(seed, len(ids) + 1)
    index = filled(ids, np.asarray(vectors, np.float32).reshape(-1, DIMENSION))
    gone = [ids[at] for at in removed if at < len(ids)]
    index.remove(gone)
    allowed = None
    if among is not None:
        allowed = np.asarray([ids[at] if at < len(ids) else 2**41 + at for at in among], np.int64)
    found = index.search(question, k, allowed)
    expected = sorted(
        (
            (-float(vector @ question), passage_id)
            for passage_id, vector in zip(ids, vectors, strict=True)
            if passage_id not in gone and (allowed is None or passage_id in allowed)
        )
    )[:k]
    assert [passage_id for passage_id, _ in found] == [passage_id for _, passage_id in expected]
    assert [cosine for _, cosine in found] == pytest.approx([-c for c, _ in expected], abs=1e-5)
    assert sorted(index.ids.tolist()) == sorted(set(ids) - set(gone))


def test_cosines_are_those_of_the_vectors() -> None:
    vectors = unit_vectors(1, 5)
    index = filled([10, 11, 12, 13, 14], vectors)
    assert index.cosines(vectors[0], [13, 99, 10]) == pytest.approx(
        {13: float(vectors[3] @ vectors[0]), 10: 1.0}, abs=1e-6
    )
    assert index.cosines(vectors[0], []) == index.cosines(vectors[0], [99]) == {}


def test_removing_what_is_not_held_changes_nothing() -> None:
    index = filled([1], unit_vectors(1, 1))
    index.remove([2])
    index.remove([])
    assert index.ids.tolist() == [1]


class TestFile:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "vectors.faiss"
        filled([3, 1], unit_vectors(1, 2)).save(path, "model")
        return path

    def test_a_round_trip(self, path: Path) -> None:
        loaded = VectorIndex.load(path, DIMENSION, "model")
        assert sorted(loaded.ids.tolist()) == [1, 3]
        assert loaded.cosines(unit_vectors(1, 2)[0], [3]) == pytest.approx({3: 1.0})
        loaded.remove([3])
        assert [found for found, _ in loaded.search(unit_vectors(1, 1)[0], 5)] == [1]

    def test_saving_leaves_two_files(self, path: Path) -> None:
        filled([5], unit_vectors(2, 1)).save(path, "model")
        assert sorted(file.name for file in path.parent.iterdir()) == [
            "vectors.faiss",
            "vectors.json",
        ]
        assert VectorIndex.load(path, DIMENSION, "model").ids.tolist() == [5]

    def test_those_of_another_model_are_not_used(self, path: Path) -> None:
        assert len(VectorIndex.load(path, DIMENSION, "other").ids) == 0

    @pytest.mark.parametrize("header", [b"", b"null", b"[]", b"{}", b"\xff", b'{"sha256": 1}'])
    def test_a_header_that_does_not_fit(self, path: Path, header: bytes) -> None:
        path.with_suffix(".json").write_bytes(header)
        assert len(VectorIndex.load(path, DIMENSION, "model").ids) == 0

    def test_every_flipped_byte_is_noticed(self, path: Path) -> None:
        whole = path.read_bytes()
        for at in range(len(whole)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
            assert len(VectorIndex.load(path, DIMENSION, "model").ids) == 0
