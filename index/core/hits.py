"""What is searched, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from index.core.documents import Vector


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a derived index holds of a passage: the words to search and the unit vector."""

    id: int
    collection: str
    words: str
    vector: Vector


class Hit(NamedTuple):
    """A passage that a search found. Higher scores are better.

    Attributes:
        score: what the hits are ordered by; for a fused hit 0..1.
        cosine: similarity of the two vectors, -1..1.
        lexical: BM25 divided by the best hit's BM25, 0..1.
    """

    passage_id: int
    score: float
    cosine: float = 0.0
    lexical: float = 0.0
