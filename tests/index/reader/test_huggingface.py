"""Models that others trained read through the same seam."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.core.errors import ModelError
from index.reader.huggingface import open_model
from tests.support.corpus import fill
from tests.support.folders import Shelf
from tests.support.passages import make_passage
from tests.support.tiny_models import save_tiny

pytestmark = pytest.mark.slow
PASSAGES = [
    make_passage("The fox slept.", "It rained all day.", title="Weather", at=7),
    make_passage("The dog barked at the fox, which did not wake up at all.", document=2),
]
KINDS = ["BertForQuestionAnswering", "BertForSequenceClassification"]


@pytest.fixture(params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return save_tiny(
        tmp_path / "model", request.param, num_labels=2 if "Question" in request.param else 1
    )


def test_every_sentence_gets_its_evidence(folder: Path) -> None:
    model = open_model(str(folder))
    first, second = model.read("Did the fox sleep?", PASSAGES)
    assert {(unit.first, unit.last) for unit in first} >= {(0, 0), (1, 1)}
    assert (second[0].first, second[0].last) == (0, 0)
    assert len({unit.evidence for unit in first + second}) > 1
    assert all(np.isfinite(unit.evidence) for unit in first + second)


def test_a_passage_reads_the_same_alone(folder: Path) -> None:
    model = open_model(str(folder))
    together = model.read("Did the fox sleep?", PASSAGES)
    alone = [model.read("Did the fox sleep?", [passage])[0] for passage in PASSAGES]
    for one, other in zip(together, alone, strict=True):
        assert [u.evidence for u in one] == pytest.approx([u.evidence for u in other], abs=1e-4)
        assert [u.answer for u in one] == [u.answer for u in other]


def test_answers_lie_in_their_sentences(tmp_path: Path) -> None:
    model = open_model(str(save_tiny(tmp_path / "qa", "BertForQuestionAnswering")))
    for passage, units in zip(PASSAGES, model.read("fox?", PASSAGES), strict=True):
        for unit in units:
            assert unit.answer
            sentences = passage.sentences[unit.first : unit.last + 1]
            assert sentences[0].span.start <= unit.answer.start < unit.answer.end
            assert unit.answer.end <= sentences[-1].span.end


def test_it_answers_in_a_library(shelf: Shelf, folder: Path) -> None:
    questions = fill(shelf, 4)
    shelf.sync()
    answer = shelf.open(reader=str(folder)).ask(questions[0].text)
    assert answer.answered
    assert all(quote.text.endswith(".") for quote in answer.quotes)


def test_what_cannot_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot load the reader .*ONRECORD_READER"):
        open_model(str(tmp_path / "nothing"))
    plain = save_tiny(tmp_path / "plain", "BertModel")
    with pytest.raises(ModelError, match="BertModel; what can read are"):
        open_model(str(plain))
