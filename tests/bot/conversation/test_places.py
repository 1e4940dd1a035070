"""Addresses of quotes, signed or not, and those of their sources on the web."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.places import (
    Pass,
    Signer,
    key_of,
    quote_path,
    read_spans,
    wording_of,
    write_span,
)
from index.core.documents import Span
from tests.support.library import quote

KEY = "abcdefghijkl"
NOW = 1_000_000.0


def signer(secret: bytes = b"secret", now: float = NOW) -> Signer:
    return Signer(secret, 60.0, clock=lambda: now)


def test_a_path_leads_to_the_quote_and_its_answer() -> None:
    found = quote("They fled to Iran.", "Iran", start=17)
    parts = urlsplit(quote_path(found, "Who fled & why?"))
    assert parts.path == f"/d/{key_of(found.document)}"
    assert parts.query.startswith("q=17-35&")
    assert parse_qs(parts.query) == {
        "q": ["17-35"],
        "a": ["30-34"],
        "v": [wording_of(found.text)],
        "for": ["Who fled & why?"],
    }
    assert parts.fragment == "quote"


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(1, 99)), max_size=4))
def test_spans_are_read_as_they_were_written(pairs: list[tuple[int, int]]) -> None:
    spans = tuple(Span(start, start + length) for start, length in pairs)
    assert read_spans(",".join(map(write_span, spans))) == spans


@pytest.mark.parametrize("text", ["-", "5-5", "9-2", "1-2-3", "a-b", "1-2,", "٣-٤", "1-9999999999"])
def test_anything_else_is_no_span(text: str) -> None:
    assert read_spans(text) is None


class TestSignatures:
    def test_it_opens_its_document_for_a_time(self) -> None:
        given = signer().sign(-100, KEY)
        assert signer(now=NOW + 59).check(given, KEY) is Pass.VALID
        assert signer(now=NOW + 61).check(given, KEY) is Pass.EXPIRED

    @pytest.mark.parametrize("name", ["chat", "until", "in", "sig"])
    def test_a_changed_part_is_forged(self, name: str) -> None:
        given = signer().sign(-100, KEY, "answer")
        for value in ("", "7", given[name] + "1", "-1 or 1", "é", "\ud800"):
            assert signer().check(given | {name: value}, KEY) is Pass.FORGED
        del given[name]
        assert signer().check(given, KEY) is Pass.FORGED

    def test_it_opens_no_other_document_and_is_of_its_bot(self) -> None:
        given = signer().sign(-100, KEY)
        assert signer().check(given, KEY[::-1]) is Pass.FORGED
        assert signer(b"another").check(given, KEY) is Pass.FORGED
        assert Signer.of_token("1:a", 9).secret != Signer.of_token("1:b", 9).secret
