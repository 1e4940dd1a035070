"""A draft is looked through in linear time, whatever its marks; it comes from whoever may check."""

from __future__ import annotations

import time

import pytest

from index.text.quotations import find_quotations

SECONDS = 5.0
"""Far more than any of these takes; before, the first took 51 s."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "“" * 40_000,
        "“a b " * 40_000,
        "»a b «" * 30_000,
        "> a b\n\n“c d”\n\n" * 20_000,
        "“a b\n\n" * 30_000,
        "‘a’b " * 40_000,
    ],
    ids=lambda text: text[:8],
)
def test_quotations_are_found_in_linear_time(text: str) -> None:
    begun = time.process_time()
    find_quotations(text)
    assert time.process_time() - begun < SECONDS
