"""Dates that nobody can read cost a table no time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import dateparser
import pytest

from index.parsers import parse
from index.parsers.toolkit.metadata import read_date

ROWS = 3000
# One takes 20 to 80 ms, and a file may take 60 s.
MAX_LOOKS_IN_ALL_LANGUAGES = 150


@pytest.mark.parametrize(
    "odd",
    [
        lambda n: f"spring of {1990 + n % 30}, no {n}",
        lambda n: f"q{n} zz{n:b} yy 2021",
        lambda n: f"{n % 28 + 1} تیر {1300 + n % 99}",
        lambda n: f"{n} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 2021",
        lambda n: f"{n} days before 2021",
    ],
)
def test_work_for_dates_is_bounded(
    odd: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def look(text: str, languages: list[str] | None = None, **_given: Any) -> None:
        looks.append(languages)

    monkeypatch.setattr(dateparser, "parse", look)
    rows = "".join(f'"{odd(n)}",The fox was seen near the mill.\n' for n in range(ROWS))
    parsed = parse("a.csv", f"date,text\n{rows}".encode())
    assert len(parsed.paragraphs) == ROWS
    assert looks.count(None) <= MAX_LOOKS_IN_ALL_LANGUAGES
    assert len(looks) < 2 * ROWS


@pytest.mark.slow
def test_days_are_read_in_a_long_table_and_beside_odd_ones() -> None:
    odd = "".join(f"in issue {n} of 2021,The fox was seen.\n" for n in range(150))
    days = "".join(
        f'"{n % 28 + 1} July {2000 + n % 20}, {n % 24}:{n % 60:02}",The fox was seen.\n'
        for n in range(ROWS)
    )
    parsed = parse("a.csv", f"date,text\n{odd}{days}".encode())
    read = [entry.published for entry in parsed.entries]
    assert read == [None] * 150 + [date(2000 + n % 20, 7, n % 28 + 1) for n in range(ROWS)]


def test_a_time_that_is_relative_is_no_day() -> None:
    assert read_date("7 days before 2021") is None
