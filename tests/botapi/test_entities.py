"""Texts and their entities are stored as Telegram stores them."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi import Entity, utf16_len
from tests.botapi.entities import normalize
from tests.botapi.messages import read_formatted

ROCKET = "\N{ROCKET}"
Shape = list[tuple[str, int, int]]


@pytest.mark.parametrize(
    ("source", "given_entities", "text", "entities"),
    [
        ("plain", [], "plain", []),
        (f"{ROCKET}{ROCKET}", [("bold", 2, 2)], ROCKET * 2, [("bold", 2, 2)]),
        ("   a \n", [("bold", 2, 3)], "a", [("bold", 0, 1)]),
        (" a", [("bold", 0, 1)], "a", []),
        ("a", [("bold", 0, 0)], "a", []),
        ("a\tb\r\nc", [], "a b\nc", []),
        ("a\u2028b\u202ecd", [("bold", 5, 1)], "abcd", [("bold", 3, 1)]),
        ("x y", [("bold", 0, 3), ("code", 2, 1)], "x y", [("bold", 0, 2), ("code", 2, 1)]),
        (
            "one two\nthree",
            [("blockquote", 0, 7), ("bold", 4, 3)],
            "one two\nthree",
            [("blockquote", 0, 7), ("bold", 4, 3)],
        ),
        (
            "x y",
            [("bold", 0, 3), ("blockquote", 2, 1)],
            "x y",
            [("bold", 0, 2), ("blockquote", 2, 1), ("bold", 2, 1)],
        ),
        (
            "/start@bot_name @ann",
            [],
            "/start@bot_name @ann",
            [("bot_command", 0, 15), ("mention", 16, 4)],
        ),
    ],
)
def test_texts_are_cleaned_and_entities_untangled(
    source: str, given_entities: Shape, text: str, entities: Shape
) -> None:
    sent = [
        {"type": kind, "offset": offset, "length": length}
        for kind, offset, length in given_entities
    ]
    read, found = read_formatted(source, "", sent)
    assert read == text
    assert [(entity.type, entity.offset, entity.length) for entity in found] == entities


@given(st.text("ab \n\t\r<>&;/\u2028" + ROCKET + "é", max_size=30))
def test_a_quoted_text_comes_back(text: str) -> None:
    sent = [{"type": "blockquote", "offset": 0, "length": utf16_len(text)}]
    read, entities = read_formatted(text, "", sent)
    assert read == normalize(text, [])[0]
    assert "".join(entity.cut(read) for entity in entities if entity.type == "blockquote") == read


@given(
    st.text("ab \n" + ROCKET, min_size=12, max_size=12),
    st.lists(
        st.tuples(
            st.sampled_from(["bold", "italic", "blockquote", "code", "text_link"]),
            st.integers(0, 11),
            st.integers(1, 12),
        )
    ),
)
def test_stored_entities_never_cross(text: str, ranges: list[tuple[str, int, int]]) -> None:
    given_entities = [
        Entity(kind, utf16_len(text[:start]), utf16_len(text[start : start + count]))
        for kind, start, count in ranges
    ]
    stored, entities = normalize(text, given_entities)
    for entity in entities:
        assert 0 <= entity.offset < entity.end <= utf16_len(stored)
        assert utf16_len(entity.cut(stored)) == entity.length
    for first, second in combinations(entities, 2):
        assert not first.crosses(second) or first.covers(second) or second.covers(first)
        assert first.type != second.type or not first.crosses(second)
