"""The multilingual reader: pieces know their place, answers are whole words, files are checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Span
from index.core.errors import ModelError
from index.reader import multilingual
from index.reader.calibration import Calibration, Logistic
from index.reader.multilingual import (
    NETWORK,
    Fit,
    JoinedEncoder,
    MultilingualModel,
    read_manifest,
    write_manifest,
)
from index.reader.spans import Unit
from tests.support.passages import make_passage
from tests.support.tiny_models import save_tiny_multilingual, tiny_tokenizer

encoder = JoinedEncoder(tiny_tokenizer())
TEXTS = st.text(st.sampled_from("abc 1903.,?лиса\n"), max_size=60)
FIT = Fit(
    ranking=Logistic(features=("a",), weights=(1.0,), bias=0.0),
    calibration=Calibration(features=("b",), weights=(1.0,), bias=0.0, min_confidence=0.5),
)


@given(question=TEXTS, header=TEXTS, text=TEXTS)
def test_offsets_lie_in_the_text(question: str, header: str, text: str) -> None:
    pair = encoder.encode(question, header, text)
    inside = pair.offsets[pair.of_text]
    assert (inside[:, 0] < inside[:, 1]).all()
    assert (inside >= 0).all()
    assert (inside <= len(text)).all()
    assert (pair.offsets[~pair.of_text] == 0).all()
    assert (pair.types == 0).all()


def test_it_is_joined_as_in_training() -> None:
    tokenizer = tiny_tokenizer()
    pair = encoder.encode("the fox?", "", "the fox")
    ids = [tokenizer.token_to_id(piece) for piece in ("▁the", "▁fox", "?", "▁the", "▁fox")]
    assert pair.ids.tolist() == [0, *ids[:3], 2, 2, *ids[3:], 2]


@pytest.mark.parametrize(
    ("asked", "text", "read"),
    [
        ("der preis", "Der Preis", "der Preis"),
        ("der preis", "Ein preis, der Preis", "der preis"),
        ("der PREIS", "Der Preis", "der PREIS"),
        ("der preis", "Die Kosten", "der preis"),
    ],
)
def test_the_question_has_the_capitals_of_the_text(asked: str, text: str, read: str) -> None:
    one, other = (encoder.encode(question, "", text).ids for question in (asked, read))
    assert one.tolist() == other.tolist()
    assert other.tolist() != encoder.encode(read.swapcase(), "", text).ids.tolist()


def test_a_piece_counts_as_its_letters_and_digits() -> None:
    text = "built in 1903. the fox"
    pair = encoder.encode("when?", "the mill", text)
    pieces = [text[start:end] for start, end in pair.offsets[pair.of_text].tolist()]
    assert pieces[-3:] == ["1903", "the", "fox"]


def test_a_long_passage_is_cut_and_a_long_question_leaves_room() -> None:
    short = JoinedEncoder(tiny_tokenizer(), 40)
    pair = short.encode("a" * 100, "", "the fox " * 50)
    assert len(pair) == 40
    assert pair.ids[-1] == 2
    assert pair.of_text.sum() == 40 - 20 - 4


def test_every_sentence_is_read_and_answers_are_whole_words(tmp_path: Path) -> None:
    save_tiny_multilingual(tmp_path, tmp_path / NETWORK)
    model = MultilingualModel(tmp_path / NETWORK, tmp_path)
    passage = make_passage("the mill was built in 1903.", "лиса спит, the fox does not.", at=30)
    ((*units,),) = model.read("where is лиса?", [passage])
    assert {unit.first for unit in units} == {0, 1}
    for unit in units:
        assert unit.answer is not None
        start, end = unit.answer.start - 30, unit.answer.end - 30
        around = f" {passage.text} "[start : end + 2]
        assert not around[0].isalnum() or not around[1].isalnum()
        assert not around[-1].isalnum() or not around[-2].isalnum()


def test_an_answer_grows_to_whole_words() -> None:
    passage = make_passage("می\u200cخوابد در 1903.", at=7)
    found = multilingual._with_whole_words(Unit(0, 0, 0.0, answer=Span(8, 9)), passage)
    assert found.answer is not None
    assert passage.cut(found.answer) == "می\u200cخوابد"


@pytest.mark.parametrize("words", ["«Нет", "„Nein“", "№ 5", "¿Sí"])
def test_an_answer_does_not_begin_before_its_sentence(words: str) -> None:
    passage = make_passage("Oh.", f"{words}.", at=7)
    second = passage.sentences[1].span
    marked = Span(second.start - 1, second.start + len(words))
    found = multilingual._with_whole_words(Unit(1, 1, 0.0, answer=marked), passage)
    assert found.answer is not None
    assert passage.cut(found.answer) == words
    blank = Unit(1, 1, 0.0, answer=Span(second.start - 1, second.start))
    assert multilingual._with_whole_words(blank, passage).answer is None


def test_without_its_files_it_names_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall"):
        read_manifest(tmp_path)


def test_another_network_than_the_fitted_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / NETWORK).write_bytes(b"one")
    write_manifest(tmp_path, FIT, FIT)
    assert read_manifest(tmp_path).within == FIT
    (tmp_path / NETWORK).write_bytes(b"other")
    with pytest.raises(ModelError, match="sha256"):
        read_manifest(tmp_path)


def test_pieces_outside_the_text_are_no_answer() -> None:
    pair = encoder.encode("the fox?", "the mill", "лиса")
    assert not pair.of_text[: np.flatnonzero(pair.of_text)[0]].any()
    assert pair.of_text.sum() == len("лиса") + 1 - 1
