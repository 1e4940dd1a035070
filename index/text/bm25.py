"""The two parts of BM25's score of a term: Robertson and Zaragoza 2009."""

from __future__ import annotations

import math

K1 = 1.2


def idf(holding: int, total: int) -> float:
    """Return the inverse document frequency, as Lucene smooths it: never negative.

    Args:
        holding: how many texts hold the term.
        total: of how many.
    """
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def saturate(count: int, relative_length: float, b: float) -> float:
    """Return the part of the term frequency: equation 3.15, 0..k1 + 1.

    Args:
        count: how often the text holds the term.
        relative_length: of the text, by the mean length.
        b: how much longer texts are disfavoured, 0..1.
    """
    return count * (K1 + 1) / (count + K1 * (1 - b + b * relative_length))
