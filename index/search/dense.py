"""The dense half of the search index: exact and in memory while small, in segments when large."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Vector
from index.core.files import replacing
from index.search.segment import Found, Segment, Source, write_segment
from index.search.vectors import VectorIndex, without

logger = logging.getLogger(__name__)

LARGE = 200_000
"""With more vectors they lie in segments. Comparing each takes some 0.15 ms a thousand."""
_FRESH = 50_000
_MAX_GONE = 0.2


class DenseIndex:
    """Vectors in memory, compared one by one; beyond `large` of them, and segments on the disk.

    New vectors lie in memory until they are a segment's worth. A segment never changes: removed
    vectors are passed over, and a merge, which also takes each segment no larger than what it
    merges, leaves them out. So a vector is written as often as the number doubles.
    """

    def __init__(
        self, path: Path, dimension: int, fingerprint: str, large: int = LARGE, fresh: int = _FRESH
    ) -> None:
        """Open the file at `path` and the segments beside it; damaged ones are left out."""
        self._path, self._folder = path, path.with_suffix("")
        self._list = path.with_name("segments.json")
        self._dimension, self._fingerprint = dimension, fingerprint
        self._large, self._most_fresh = large, fresh
        self._fresh = VectorIndex.load(path, dimension, fingerprint)
        self._segments: dict[str, Segment] = {}
        self._alive: dict[str, NDArray[np.bool_]] = {}  # the rows that are not removed
        self._allowed: tuple[NDArray[np.int64], dict[str, NDArray[np.bool_]]] | None = None
        self._made: set[str] = set()  # segments that no list names yet
        self._replaced: set[str] = set()
        self._adopt(self._listed())

    @classmethod
    def read(cls, path: Path, dimension: int, fingerprint: str) -> DenseIndex:
        """Return the vectors in the files.

        Raises:
            OSError, ValueError, RuntimeError: some are missing, damaged, or of something else.
        """
        VectorIndex.read(path, dimension, fingerprint)
        index = cls(path, dimension, fingerprint)
        for name in index._listed():
            Segment(index._folder / name, dimension)
        return index

    def __len__(self) -> int:
        return len(self._fresh) + sum(int(alive.sum()) for alive in self._alive.values())

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids of all vectors: shape (n,), in no particular order."""
        return np.concatenate([self._fresh.ids, self._in_segments()])

    def held(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some ids that are held: shape (n,), in their order."""
        held = np.isin(ids, self._fresh.ids, assume_unique=True)
        for name, segment in self._segments.items():
            known, rows = segment.places(ids)
            held[known] |= self._alive[name][rows]
        return ids[held]

    def add(self, ids: Sequence[int], vectors: Vector) -> None:
        """Add unit vectors of shape (len(ids), dimension) under ids that are not held yet."""
        self._fresh.add(ids, vectors)
        if len(self._fresh) > (self._most_fresh if self._segments else self._large):
            self._spill()

    def remove(self, ids: Collection[int]) -> None:
        """Remove the vectors of these ids; those that are not held are passed over."""
        self._fresh.remove(ids)
        gone = np.fromiter(ids, np.int64, len(ids))
        for name, segment in self._segments.items():
            self._alive[name][segment.places(gone)[1]] = False
        self._allowed = None

    def search(self, vector: Vector, k: int, among: NDArray[np.int64] | None = None) -> Found:
        """Return up to `k` (id, cosine), best first; only ids in `among`, if given."""
        found = self._fresh.search(vector, k, among)
        if self._segments:
            for name, allowed in self._within(among).items():
                found += self._segments[name].search(vector, k, allowed)
            found.sort(key=lambda hit: (-hit[1], hit[0]))
        return found[:k]

    def cosines(self, vector: Vector, ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of `vector` with each of these vectors; any not held is left out."""
        cosines = self._fresh.cosines(vector, ids)
        for name, segment in self._segments.items():
            held, vectors = segment.take(np.asarray(ids, np.int64))
            alive = self._alive[name][np.searchsorted(segment.ids, held)]
            found = zip(held[alive].tolist(), (vectors[alive] @ vector).tolist(), strict=True)
            cosines.update(found)
        return cosines

    def rows(self, ids: Sequence[int]) -> Vector:
        """Return the vectors of these ids, all of them held: shape (len(ids), dimension)."""
        asked = np.asarray(ids, np.int64)
        rows = np.empty((len(asked), self._dimension), np.float32)
        fresh = np.isin(asked, self._fresh.ids)
        rows[fresh] = self._fresh.rows(asked[fresh].tolist())
        for name, segment in self._segments.items():
            known, places = segment.places(asked)
            known[known] = self._alive[name][places]
            rows[known] = segment.rows(asked[known].tolist())
        return rows

    def merge(self) -> None:
        """Write one segment in place of those that are due; the next `save` makes it count.

        It takes its time, and searches may go on meanwhile; no other merge may.
        """
        due = self._due()
        sources: list[tuple[Source, NDArray[np.int64]]] = [
            (self._segments[name], self._segments[name].ids[self._alive[name]]) for name in due
        ]
        if not self._is_small() and any(len(ids) for _, ids in sources):
            merged = write_segment(self._folder, self._dimension, sources, lists=True)
            self._made.add(merged.name)
        self._replaced.update(due)

    def save(self, *, sweep: bool = False) -> None:
        """Write what is in memory, and the names of the segments that count.

        With `sweep`, which no merge may see, folders of others are deleted.
        """
        known, listed = self.ids, self._listed()
        self._adopt((listed | self._made) - self._replaced)
        self.remove(without(self.ids, known).tolist())
        if listed or self._segments:
            with replacing(self._list) as temporary:
                content = {"fingerprint": self._fingerprint, "segments": sorted(self._segments)}
                temporary.write_text(json.dumps(content), encoding="utf-8")
        self._made, self._replaced = set(), set()
        self._fresh.save(self._path, self._fingerprint)
        if sweep and self._folder.exists():
            for folder in self._folder.iterdir():
                if folder.name not in self._segments:
                    shutil.rmtree(folder)

    def reload(self) -> None:
        """Take over the segments that other processes have made of what is held here as well."""
        if (listed := self._listed() - self._replaced) - self._segments.keys():
            self._adopt(listed | self._made)

    def _is_small(self) -> bool:
        return len(self) <= self._large // 2

    def _listed(self) -> set[str]:
        """The names of the segments that count, by the last that saved."""
        try:
            listed = json.loads(self._list.read_text(encoding="utf-8"))
            return set(listed["segments"] if listed["fingerprint"] == self._fingerprint else ())
        except (OSError, ValueError, TypeError, LookupError):
            return set()

    def _due(self) -> list[str]:
        """The segments to merge: without lists, with much that is gone, or smaller than those."""
        if self._is_small():
            return list(self._segments)
        # Copies, as another thread may add a segment meanwhile.
        counts = {name: int(alive.sum()) for name, alive in dict(self._alive).items()}
        due = {
            name
            for name, segment in dict(self._segments).items()
            if name in counts
            if not segment.has_lists or counts[name] < (1 - _MAX_GONE) * len(segment)
        }
        for name in sorted(counts, key=counts.__getitem__):
            if due and counts[name] <= sum(counts[other] for other in due):
                due.add(name)
        return sorted(due)

    def _spill(self) -> None:
        """Move what is in memory to the disk; the next merge finds a place for it."""
        held = self._fresh.ids
        segment = write_segment(self._folder, self._dimension, [(self._fresh, held)], lists=False)
        self._fresh = VectorIndex(self._dimension)
        self._put(segment)
        self._made.add(segment.name)

    def _put(self, segment: Segment) -> None:
        self._alive[segment.name] = ~segment.held(self._in_segments())
        self._segments[segment.name] = segment
        self._allowed = None

    def _adopt(self, names: set[str]) -> None:
        """Let these segments count and no others; nothing that is held is lost by it."""
        if names == self._segments.keys() and all((self._folder / it).exists() for it in names):
            return
        known, left = self.ids, self._segments
        self._segments, self._alive = {}, {}
        for name in sorted(names):
            if (segment := self._open(name, left)) is not None:
                self._put(segment)
        self._made &= self._segments.keys()
        held = self._in_segments()
        # A process that dies between writing the list and the file leaves vectors in both.
        self._fresh.remove(np.intersect1d(self._fresh.ids, held, assume_unique=True).tolist())
        for segment in left.values():
            ids, vectors = segment.take(without(known, self.ids))
            self._fresh.add(ids.tolist(), vectors)

    def _open(self, name: str, known: Mapping[str, Segment]) -> Segment | None:
        folder = self._folder / name
        if name in known:  # unless another process has swept it away
            return known[name] if folder.exists() else None
        try:
            return Segment(folder, self._dimension)
        except (ValueError, RuntimeError, OSError) as error:
            logger.warning("%s: %s; rebuilding from the store", folder, error)
            return None

    def _in_segments(self) -> NDArray[np.int64]:
        held = (segment.ids[self._alive[name]] for name, segment in self._segments.items())
        return np.concatenate([np.empty(0, np.int64), *held])

    def _within(self, among: NDArray[np.int64] | None) -> dict[str, NDArray[np.bool_] | None]:
        """The rows of each segment that a search may find; None: all of them."""
        if among is None:
            return {name: None if alive.all() else alive for name, alive in self._alive.items()}
        if self._allowed is None or self._allowed[0] is not among:
            self._allowed = (
                among,
                {
                    name: self._alive[name] & segment.held(among)
                    for name, segment in self._segments.items()
                },
            )
        return dict(self._allowed[1])
