"""Many vectors that never change, in a folder: exact ones, and short codes to choose among them."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.core.documents import Vector
from index.core.files import make_private, replacing, sha256_of_file, sync_folder

Found = list[tuple[int, float]]
Rows = NDArray[np.int64]

EXACT_ROWS = 20_000
"""Of so many vectors within a filter each is compared, whatever its code."""
_RERANKED = 20  # times k
_VISITED, _VISITED_SHARE = 100_000, 0.06  # codes a search, of all
_LEAST_PROBES = 32
_SAMPLE = 40  # vectors for each list, to place the lists by
_ROUNDS = 6
_MAX_LISTS = 8192
_CHUNK = 50_000
_CODES = "RaBitQ"
_VECTORS, _IDS, _LISTS, _SEAL = "vectors.f32", "ids.i64", "lists.faiss", "segment.json"


class Source(Protocol):
    """Where the vectors of a new segment come from."""

    @property
    def ids(self) -> NDArray[np.int64]: ...
    def rows(self, ids: Sequence[int]) -> Vector: ...


class Segment:
    """Unit vectors under ascending ids, memory-mapped.

    With lists, a search compares the codes of the vectors in the nearest lists, and then the best
    of them exactly: Gao and Long 2024, "RaBitQ". Without, it compares all vectors.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open the folder.

        Raises:
            OSError, ValueError, RuntimeError: it is missing, damaged or of other vectors.
        """
        seal = json.loads((folder / _SEAL).read_text(encoding="ascii"))
        self.name = folder.name
        self.ids: NDArray[np.int64] = np.fromfile(folder / _IDS, np.int64)
        size = (folder / _VECTORS).stat().st_size
        if size != len(self.ids) * dimension * 4 or seal != _checksums(folder):
            raise ValueError("damaged, or of another model")
        shape = (len(self.ids), dimension)
        self._vectors = np.memmap(folder / _VECTORS, np.float32, "r", shape=shape)
        self._lists = _open_lists(folder / _LISTS)
        self._centers = faiss.extract_index_ivf(self._lists) if self._lists else None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def has_lists(self) -> bool:
        return self._lists is not None

    def held(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the rows have one of these ids: shape (len(self),)."""
        held = np.zeros(len(self), np.bool_)
        held[self.places(ids)[1]] = True
        return held

    def rows(self, ids: Sequence[int]) -> Vector:
        """Return the vectors of these ids, all of them held: shape (len(ids), dimension)."""
        return np.asarray(self._vectors[np.searchsorted(self.ids, ids)])

    def take(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], Vector]:
        """Return those of the ids that are held, and their vectors."""
        known, rows = self.places(ids)
        return ids[known], np.asarray(self._vectors[rows])

    def search(self, vector: Vector, k: int, allowed: NDArray[np.bool_] | None = None) -> Found:
        """Return up to `k` (id, cosine), best first; only of the rows allowed, if given."""
        count = len(self) if allowed is None else int(allowed.sum())
        if not count:
            return []
        if self._centers is None or count <= EXACT_ROWS:
            return self._best(vector, k, None if allowed is None else np.flatnonzero(allowed))
        # A narrow filter leaves few in each list: as many codes are compared as without it.
        share = max(_VISITED, _VISITED_SHARE * len(self)) / count
        probes = max(_LEAST_PROBES, math.ceil(share * self._centers.nlist))
        chosen: dict[str, Any] = {"nprobe": min(probes, self._centers.nlist)}
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            chosen["sel"] = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParametersIVF(**chosen)
        wanted = min(_RERANKED * k, count)
        _, rows = self._lists.search(vector[np.newaxis, :], wanted, params=parameters)  # type: ignore[union-attr]
        return self._best(vector, k, np.sort(rows[0][rows[0] >= 0]))

    def places(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.bool_], Rows]:
        """Return which of the ids are held, shape (n,), and the rows of those."""
        at = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        known = self.ids[at] == ids
        return known, at[known]

    def _best(self, vector: Vector, k: int, rows: Rows | None) -> Found:
        """The best of some rows, compared exactly; None: of all."""
        if rows is None:
            parts = range(0, len(self), _CHUNK)
            cosines = np.concatenate([self._vectors[at : at + _CHUNK] @ vector for at in parts])
        else:
            cosines = self._vectors[rows] @ vector
        best = np.argpartition(-cosines, k - 1)[:k] if k < len(cosines) else np.arange(len(cosines))
        best = best[np.argsort(-cosines[best], kind="stable")]
        ids = self.ids[best if rows is None else rows[best]]
        return list(zip(ids.tolist(), cosines[best].tolist(), strict=True))


def write_segment(
    folder: Path,
    dimension: int,
    sources: Sequence[tuple[Source, NDArray[np.int64]]],
    *,
    lists: bool,
) -> Segment:
    """Return a new segment inside `folder`, of these ids of each source; no id may be in two.

    It takes little memory whatever the number, beside the codes.
    """
    make_private(folder)
    temporary = Path(tempfile.mkdtemp(dir=folder, prefix=".new-"))
    try:
        ids = np.sort(np.concatenate([of for _, of in sources]))
        with (temporary / _VECTORS).open("wb") as file:
            for at in range(0, len(ids), _CHUNK):
                file.write(_gather(ids[at : at + _CHUNK], dimension, sources).tobytes())
        ids.tofile(temporary / _IDS)
        if lists:
            vectors = np.memmap(temporary / _VECTORS, np.float32, "r", shape=(len(ids), dimension))
            faiss.write_index(_made_lists(vectors), str(temporary / _LISTS))
        for path in temporary.iterdir():
            path.chmod(0o600)
            with path.open("rb+") as written:
                os.fsync(written.fileno())
        with replacing(temporary / _SEAL) as seal:
            seal.write_text(json.dumps(_checksums(temporary)), encoding="ascii")
        named = folder / temporary.name.removeprefix(".new-")
        temporary.rename(named)
        sync_folder(folder)
    except RuntimeError as error:
        raise OSError(f"{folder.name}: {error}".splitlines()[0]) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Segment(named, dimension)


def _gather(
    ids: NDArray[np.int64], dimension: int, sources: Sequence[tuple[Source, NDArray[np.int64]]]
) -> Vector:
    """The vectors of some ids, which lie anywhere in the sources."""
    gathered = np.empty((len(ids), dimension), np.float32)
    for source, of in sources:
        here = np.isin(ids, of)
        gathered[here] = source.rows(ids[here].tolist())
    return gathered


def _made_lists(vectors: Vector) -> faiss.Index:
    """An index of the codes of vectors in lists around centers, under their row numbers."""
    count, dimension = vectors.shape
    # More centers would take longer to place, and to compare with all vectors, than they save.
    lists = min(count, _MAX_LISTS, 2 ** round(math.log2(4 * math.sqrt(count))))
    sampled = np.random.default_rng(0).choice(count, min(count, _SAMPLE * lists), replace=False)
    sample = np.asarray(vectors[np.sort(sampled)])
    index = faiss.index_factory(dimension, f"IVF{lists},{_CODES}", faiss.METRIC_INNER_PRODUCT)
    clusters = faiss.extract_index_ivf(index).cp
    clusters.niter, clusters.min_points_per_centroid = _ROUNDS, 1
    index.train(sample)
    for at in range(0, count, _CHUNK):
        index.add(np.asarray(vectors[at : at + _CHUNK]))
    return index


def _open_lists(path: Path) -> faiss.Index | None:
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP) if path.exists() else None


def _checksums(folder: Path) -> dict[str, str]:
    """Of all but the vectors, which are many: `find_file_faults` compares each with the store."""
    parts = (folder / _IDS, folder / _LISTS)
    return {path.name: sha256_of_file(path) for path in parts if path.exists()}
