"""The dense half of the search index: a FAISS file of unit vectors under passage ids."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.core.documents import Vector
from index.core.files import replacing, sha256_of_file

logger = logging.getLogger(__name__)


class VectorIndex:
    """Exact nearest neighbours by inner product, which of unit vectors is the cosine."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._selected: tuple[NDArray[np.int64], faiss.SearchParameters] | None = None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids of all vectors: shape (n,), in no particular order."""
        return np.asarray(faiss.vector_to_array(self._index.id_map), np.int64)

    def add(self, ids: Sequence[int], vectors: Vector) -> None:
        """Add unit vectors of shape (len(ids), dimension) under ids that are not held yet."""
        if len(ids):
            self._selected = None
            self._index.add_with_ids(
                np.ascontiguousarray(vectors, np.float32), np.asarray(ids, np.int64)
            )

    def remove(self, ids: Collection[int]) -> None:
        """Remove the vectors of these ids; those that are not held are passed over."""
        if ids:
            self._index.remove_ids(np.fromiter(ids, np.int64, len(ids)))  # type: ignore[arg-type]

    def search(
        self, vector: Vector, k: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """Return up to `k` (id, cosine), best first; only ids in `among`, if given."""
        k = min(k, self._index.ntotal if among is None else len(among))
        if k == 0:
            return []
        parameters = None if among is None else self._select(among)
        scores, ids = self._index.search(vector[np.newaxis, :], k, params=parameters)
        found = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
        return [(passage_id, score) for passage_id, score in found if passage_id >= 0]

    def _select(self, among: NDArray[np.int64]) -> faiss.SearchParameters:
        """The parameters that limit a search; those of the last one are kept, as they take long."""
        if self._selected is None or self._selected[0] is not among:
            held = among if len(among) <= self._index.ntotal else self.ids[np.isin(self.ids, among)]
            selector = faiss.IDSelectorBatch(held)
            self._selected = among, faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        return self._selected[1]

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these vectors; any not held is left out."""
        among = np.asarray(ids, np.int64)
        held = among[np.isin(among, self.ids)]
        if not len(held):
            return {}
        cosines = self.rows(held.tolist()) @ vector
        return dict(zip(held.tolist(), cosines.tolist(), strict=True))

    def rows(self, ids: Sequence[int]) -> Vector:
        """Return the vectors of these ids, all of them held: shape (len(ids), dimension)."""
        return np.asarray(self._index.reconstruct_batch(np.asarray(ids, np.int64)), np.float32)

    def save(self, path: Path, fingerprint: str) -> None:
        """Replace the file at once, with a header beside it: its checksum and `fingerprint`.

        The fingerprint names the source of the vectors; `load` insists on the same.
        """
        with replacing(path) as temporary:
            try:
                faiss.write_index(self._index, str(temporary))
            except RuntimeError as error:
                raise OSError(f"{path.name}: {error}".splitlines()[0]) from error
            checksum = sha256_of_file(temporary)
        with replacing(_header_path(path)) as temporary:
            header = {"fingerprint": fingerprint, "sha256": checksum}
            temporary.write_text(json.dumps(header), encoding="utf-8")

    @classmethod
    def load(cls, path: Path, dimension: int, fingerprint: str) -> VectorIndex:
        """Return the index in the file, or an empty one if the file is missing or of no use."""
        try:
            return cls.read(path, dimension, fingerprint)
        except FileNotFoundError:
            return cls(dimension)
        except (ValueError, RuntimeError, OSError) as error:
            logger.warning("%s: %s; rebuilding from the store", path, error)
            return cls(dimension)

    @classmethod
    def read(cls, path: Path, dimension: int, fingerprint: str) -> VectorIndex:
        """Return the index in the file.

        Raises:
            FileNotFoundError: there is none.
            ValueError, RuntimeError: it is damaged, or made from something else.
        """
        header = json.loads(_header_path(path).read_text(encoding="utf-8"))
        if header != {"fingerprint": fingerprint, "sha256": sha256_of_file(path)}:
            raise ValueError("damaged, or of another model")
        index = cls(dimension)
        index._index = faiss.read_index(str(path))  # type: ignore[assignment]
        return index


def without(ids: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of some ids, all different, that are not among others, all different, too."""
    # Sorting them first, as it would, takes longer than all else: it imports numpy.ma.
    return np.setdiff1d(ids, others, assume_unique=True)


def _header_path(path: Path) -> Path:
    return path.with_suffix(".json")
