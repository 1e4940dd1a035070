"""Canonical text is clean, whichever way it was cleaned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.parsers.toolkit.builder import clean


@given(st.text(max_size=30))
def test_the_short_way_is_the_long_way(text: str) -> None:
    assert clean(text) == clean(f"\n{text}")


@given(st.text(alphabet="ab \xa0\u2028\n\r\t\x00\ufeff\u200b", max_size=30))
def test_what_is_clean_stays(text: str) -> None:
    assert clean(clean(text)) == clean(text)
