"""What was made last is kept within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.web.kept import Kept


def test_what_was_used_last_stays() -> None:
    kept: Kept[int] = Kept(2)
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):
        assert kept.get(number, lambda number=number: make(number)) == number  # type: ignore[misc]
    assert made == [1, 2, 3, 2]


@given(st.lists(st.integers(1, 9)))
def test_the_sizes_stay_below_the_limit(sizes: list[int]) -> None:
    kept: Kept[int] = Kept(20, lambda size: size)
    for size in sizes:
        kept.get(size, lambda size=size: size)  # type: ignore[misc]
        assert kept.total == sum(kept.values.values()) <= 20
