"""Months of several languages, and the calendar of Iran."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates.months import AMBIGUOUS_MONTHS, MONTH_WORDS, of_solar_hijri, solar_hijri


@pytest.mark.parametrize(
    ("day", "solar"),
    [
        (date(2023, 10, 9), (1402, 7, 17)),
        (date(2024, 3, 19), (1402, 12, 29)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2033, 3, 20), (1412, 1, 1)),
    ],
)
def test_days_of_the_calendar_of_iran(day: date, solar: tuple[int, int, int]) -> None:
    assert solar_hijri(day) == solar
    assert of_solar_hijri(*solar) == day


@given(st.dates(date(1866, 1, 1), date(2150, 1, 1)))
def test_each_day_has_one_place_in_it(day: date) -> None:
    assert of_solar_hijri(*solar_hijri(day)) == day


def test_twelve_months_in_each_language() -> None:
    months = set(MONTH_WORDS.values())
    assert {MONTH_WORDS[word] for word in ("мая", "mai", "mayo", "травня", "maggio")} == {"may"}
    assert {"january", "december", "farvardin", "esfand"} <= months
    assert AMBIGUOUS_MONTHS - {"march", "may"} <= MONTH_WORDS.keys()
