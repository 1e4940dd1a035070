"""Finds passages of different documents that are almost the same, when they are stored.

MinHash with banding: Broder 1997, "On the resemblance and containment of documents"; Leskovec,
Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3. The bands propose, the words decide.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, delete, insert, select

from index.core.scope import PRIVATE_PREFIX
from index.store.queries import batches, cut_slices, select_among, select_passages
from index.store.schema import bands, collections, duplicates, passages
from index.text.paraphrase import normalize

SHINGLE_WORDS = 4
BANDS, BAND_ROWS = 24, 2
MIN_CONTAINMENT = 0.25
MIN_WORDS = 16
"""A shorter passage gets no signature: it would resemble too many."""

# A disclaimer under thousands of articles must not make each new one slower than the last.
_MAX_IN_BUCKET = 32
_MAX_DUPLICATES = 32
_SEED = 1

Shingles = frozenset[int]


def shingles_of(text: str) -> Shingles:
    """Return the hashes of each run of SHINGLE_WORDS words; empty for a very short text."""
    words = normalize(text).split()
    if len(words) < MIN_WORDS:
        return frozenset()
    runs = (words[at : at + SHINGLE_WORDS] for at in range(len(words) - SHINGLE_WORDS + 1))
    return frozenset(zlib.crc32(" ".join(run).encode(errors="replace")) for run in runs)


def band_hashes(shingles: Shingles) -> list[int]:
    """Return a hash for each band of the MinHash signature, within 64 signed bits."""
    if not shingles:
        return []
    values = _signature(np.fromiter(shingles, np.uint32, len(shingles))).astype("<u8")
    hashes = []
    for band in range(BANDS):
        rows = values[band * BAND_ROWS : (band + 1) * BAND_ROWS].tobytes()
        digest = hashlib.blake2b(bytes([band]) + rows, digest_size=8).digest()
        hashes.append(int.from_bytes(digest, "little", signed=True))
    return hashes


def containment(one: Shingles, other: Shingles) -> float:
    """Return the share of the shorter one's shingles that the other has too, 0..1.

    Not the Jaccard index: passages of the same story begin and end at different sentences.
    """
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def link_duplicates(connection: Connection, texts: Mapping[int, str]) -> None:
    """Store the bands of new passages, and their pairs with stored ones, both ways.

    `connection` is in the transaction that stores the passages; `texts` are theirs, by id.
    """
    for batch in batches(texts):
        _link(connection, {passage_id: shingles_of(texts[passage_id]) for passage_id in batch})


def forget_duplicates(connection: Connection) -> None:
    """Remove all bands and pairs."""
    connection.execute(delete(bands))
    connection.execute(delete(duplicates))


def read_texts(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return the texts, by id, of the passages of these ids that are stored."""
    query = select(passages.c.id, passages.c.document_id, passages.c.start, passages.c.end)
    return cut_slices(connection, select_among(connection, query, passages.c.id, ids))


def _link(connection: Connection, shingles: dict[int, Shingles]) -> None:
    hashes = {passage_id: set(band_hashes(of)) for passage_id, of in shingles.items()}
    members = _members(connection, {band for of_passage in hashes.values() for band in of_passage})
    ids = {*hashes, *(at for in_bucket in members.values() for at in in_bucket)}
    query = select_passages(passages.c.id, passages.c.document_id, collections.c.name)
    owners = {row.id: row for row in select_among(connection, query, passages.c.id, ids)}
    new_bands: list[dict[str, int]] = []
    candidates: dict[int, list[int]] = {}
    for passage_id, of_passage in hashes.items():
        owner = owners[passage_id]
        # By collection, so that none decides what is found in another.
        shared: dict[str, Counter[int]] = defaultdict(Counter)
        for other in (other for band in of_passage for other in members[band]):
            if _may_meet(owner, owners[other]):
                shared[owners[other].name][other] += 1
        candidates[passage_id] = [
            other
            for of_collection in shared.values()
            for other, _ in of_collection.most_common(_MAX_DUPLICATES)
        ]
        for band in of_passage:
            held = sum(owners[other].name == owner.name for other in members[band])
            if held < _MAX_IN_BUCKET:
                members[band].append(passage_id)
                new_bands.append({"hash": band, "passage_id": passage_id})
    known = {other for others in candidates.values() for other in others} - shingles.keys()
    shingles |= {at: shingles_of(text) for at, text in read_texts(connection, known).items()}
    pairs = [
        {"passage_id": one, "other_id": other}
        for passage_id, others in candidates.items()
        for other_id in others
        if containment(shingles[passage_id], shingles[other_id]) >= MIN_CONTAINMENT
        for one, other in ((passage_id, other_id), (other_id, passage_id))
    ]
    for table, rows in ((bands, new_bands), (duplicates, pairs)):
        if rows:
            connection.execute(insert(table), rows)


def _may_meet(one: Row[Any], other: Row[Any]) -> bool:
    """Whether two passages are of two documents that one question may see."""
    is_private = one.name.startswith(PRIVATE_PREFIX) and other.name.startswith(PRIVATE_PREFIX)
    return one.document_id != other.document_id and (one.name == other.name or not is_private)


def _signature(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The least hash of each permutation: shape (BANDS * BAND_ROWS,).

    As datasketch computes it (its scheme "affine32"), which would load SciPy: 48 MB, half a second.
    """
    # The finalizer of MurmurHash3.
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ (hashes >> np.uint32(shift))) * np.uint32(factor)
    hashes ^= hashes >> np.uint32(16)
    factors, offsets = _permutations()
    signature: NDArray[np.uint32] = (hashes[:, None] * factors + offsets).min(axis=0)
    return signature


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    drawn, size = np.random.RandomState(_SEED), BANDS * BAND_ROWS
    factors = drawn.randint(0, 1 << 31, size, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, size, dtype=np.uint32)


def _members(connection: Connection, hashes: Iterable[int]) -> dict[int, list[int]]:
    """The passages in each of the buckets, ascending."""
    found: dict[int, list[int]] = {band: [] for band in hashes}
    query = select(bands.c.hash, bands.c.passage_id).order_by(bands.c.hash, bands.c.passage_id)
    for row in select_among(connection, query, bands.c.hash, found):
        found[row.hash].append(row.passage_id)
    return found
