"""Days are read as those who write them mean them."""

from __future__ import annotations

from datetime import date

import pytest

from index.parsers.toolkit.metadata import read_date


@pytest.mark.parametrize("text", ["05.11.2021", "5.11.2021", "5. 11. 2021", "05.11.2021 10:15"])
def test_between_dots_the_day_comes_first(text: str) -> None:
    assert read_date(text) == date(2021, 11, 5)


@pytest.mark.parametrize("text", ["2021.11.05", "11/05/2021", "5. November 2021", "Nov 5, 2021"])
def test_other_orders(text: str) -> None:
    assert read_date(text) == date(2021, 11, 5)
