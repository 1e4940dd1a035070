"""Vectors in segments are those that were added, whatever happens in between."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Vector
from index.search import segment
from index.search.dense import DenseIndex
from tests.index.search.test_vectors import DIMENSION, unit_vectors

LARGE, FRESH = 40, 15
VECTORS = unit_vectors(5, 300)


def opened(folder: Path) -> DenseIndex:
    return DenseIndex(folder / "vectors.faiss", DIMENSION, "model", LARGE, FRESH)


def add(index: DenseIndex, ids: list[int]) -> None:
    index.add(ids, VECTORS[ids])


def saved(folder: Path, count: int) -> DenseIndex:
    """Return an index of the first `count` vectors, in segments if there are enough."""
    index = opened(folder)
    add(index, list(range(count)))
    index.merge()
    index.save(sweep=True)
    return index


def folders(folder: Path) -> set[str]:
    return {path.name for path in (folder / "vectors").glob("*")}


def brute_force(vector: Vector, ids: set[int], k: int) -> list[int]:
    return sorted(ids, key=lambda at: -float(VECTORS[at] @ vector))[:k]


STEPS = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 60)),
    st.tuples(st.just("remove"), st.integers(1, 60)),
    st.tuples(st.just("save"), st.booleans()),
    st.tuples(st.just("open"), st.booleans()),
    st.tuples(st.just("other"), st.integers(0, 30)),
)


@pytest.mark.slow
@given(steps=st.lists(STEPS, max_size=10), seed=st.integers(0, 2**32 - 1))
def test_any_changes_by_two_processes(steps: list[tuple[str, int]], seed: int) -> None:
    generator = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index, held = opened(folder), set[int]()

        def catch_up(of: DenseIndex) -> None:
            """Do what the search index does: add what the store holds, remove the rest."""
            of.remove(sorted({*of.ids.tolist()} - held))
            add(of, sorted(held - {*of.ids.tolist()}))

        for step, number in steps:
            if step == "add":
                held |= set(sorted({*range(len(VECTORS))} - held)[:number])
                catch_up(index)
            elif step == "remove":
                held -= set(generator.permutation(sorted(held))[:number].tolist())
                catch_up(index)
            elif step == "save":
                if number:
                    index.merge()
                index.save(sweep=bool(number))
            elif step == "open":
                index.save()
                index = opened(folder)
                catch_up(index)
            else:
                other = opened(folder)
                held |= set(sorted({*range(len(VECTORS))} - held)[:number])
                catch_up(other)
                other.merge()
                other.save(sweep=True)
                index.reload()
                catch_up(index)
            assert sorted(index.ids.tolist()) == sorted(held)
        question = VECTORS[seed % len(VECTORS)]
        assert [at for at, _ in index.search(question, 9)] == brute_force(question, held, 9)
        some = np.arange(0, 300, 3)
        found = [at for at, _ in index.search(question, 9, some)]
        assert found == brute_force(question, held & set(some.tolist()), 9)
        assert set(index.cosines(question, range(0, 300, 7))) == held & {*range(0, 300, 7)}
        assert (index.rows(sorted(held)) == VECTORS[sorted(held)]).all()


class TestFiles:
    def test_few_vectors_lie_in_one_file(self, tmp_path: Path) -> None:
        saved(tmp_path, LARGE)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["vectors.faiss", "vectors.json"]

    def test_many_lie_in_one_segment(self, tmp_path: Path) -> None:
        saved(tmp_path, 200)
        assert len(folders(tmp_path)) == 1
        assert len(opened(tmp_path).ids) == 200

    def test_they_move_back_into_the_file(self, tmp_path: Path) -> None:
        index = saved(tmp_path, 200)
        index.remove(range(190))
        index.merge()
        index.save(sweep=True)
        assert not folders(tmp_path)
        assert sorted(opened(tmp_path).ids.tolist()) == list(range(190, 200))

    def test_additions_do_not_rewrite_a_larger_segment(self, tmp_path: Path) -> None:
        index = saved(tmp_path, 200)
        first = folders(tmp_path)
        for start in (200, 220, 240):
            add(index, list(range(start, start + 20)))
            index.merge()
            index.save(sweep=True)
        assert first < folders(tmp_path)
        assert len(folders(tmp_path)) <= 3

    def test_removals_are_left_out_by_a_merge(self, tmp_path: Path) -> None:
        index = saved(tmp_path, 200)
        index.remove(range(0, 200, 4))
        index.merge()
        index.save(sweep=True)
        (folder,) = (tmp_path / "vectors").iterdir()
        assert (folder / "vectors.f32").stat().st_size == 150 * DIMENSION * 4

    @pytest.mark.parametrize("damaged", ["ids.i64", "lists.faiss", "vectors.f32", "segment.json"])
    @pytest.mark.parametrize("how", ["cut", "deleted"])
    def test_a_damaged_segment_is_left_out(self, tmp_path: Path, damaged: str, how: str) -> None:
        index = saved(tmp_path, 200)
        (folder,) = (tmp_path / "vectors").iterdir()
        path = folder / damaged
        whole = path.read_bytes()
        path.unlink()
        if how == "cut":
            path.write_bytes(whole[:-5])
        again = opened(tmp_path)
        assert not again.ids.size
        with pytest.raises((OSError, ValueError, RuntimeError)):
            DenseIndex.read(tmp_path / "vectors.faiss", DIMENSION, "model")
        add(again, list(range(200)))
        again.merge()
        again.save(sweep=True)
        assert len(opened(tmp_path).ids) == 200
        assert len(index.ids) == 200  # a search that goes on in another process

    def test_a_crash_before_the_list_is_written(self, tmp_path: Path) -> None:
        index = saved(tmp_path, 60)
        before = (tmp_path / "segments.json").read_bytes()
        add(index, list(range(60, 150)))
        index.merge()
        index.save()
        (tmp_path / "segments.json").write_bytes(before)
        assert set(opened(tmp_path).ids.tolist()) >= set(range(60))

    def test_a_crash_after_it(self, tmp_path: Path) -> None:
        index = saved(tmp_path, LARGE)
        before = {path: path.read_bytes() for path in tmp_path.glob("vectors.*")}
        add(index, list(range(LARGE, 150)))
        index.merge()
        index.save()
        for path, content in before.items():
            path.write_bytes(content)
        assert sorted(opened(tmp_path).ids.tolist()) == list(range(150))

    def test_those_of_another_model_are_not_used(self, tmp_path: Path) -> None:
        saved(tmp_path, 200)
        path = tmp_path / "vectors.faiss"
        assert not DenseIndex(path, DIMENSION, "other", LARGE, FRESH).ids.size


class TestLists:
    """Codes choose among the vectors where a segment has more than are compared one by one."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(segment, "EXACT_ROWS", 20)
        return tmp_path

    @pytest.mark.slow
    def test_nearly_all_are_found(self, folder: Path) -> None:
        index = saved(folder, 300)
        found = [{at for at, _ in index.search(one, 10)} for one in VECTORS]
        wanted = [set(brute_force(one, {*range(300)}, 10)) for one in VECTORS]
        right = [len(a & b) / 10 for a, b in zip(found, wanted, strict=True)]
        assert np.mean(right) > 0.9

    def test_a_filter_is_kept(self, folder: Path) -> None:
        index = saved(folder, 300)
        index.remove(range(0, 300, 2))
        among = np.arange(0, 300, 3)
        for question in VECTORS[:20]:
            found = [at for at, _ in index.search(question, 10, among)]
            assert len(found) == 10
            assert all(at % 3 == 0 and at % 2 for at in found)

    def test_cosines_are_exact(self, folder: Path) -> None:
        for at, cosine in saved(folder, 300).search(VECTORS[7], 10):
            assert cosine == pytest.approx(float(VECTORS[at] @ VECTORS[7]), abs=1e-6)
