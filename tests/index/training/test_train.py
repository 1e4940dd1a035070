"""A reader is trained, written, loaded and used, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from typer.testing import CliRunner

from bot.cli.app import app
from index.core.documents import Span
from index.core.errors import ModelError
from index.reader import loading
from index.reader.spans import PairEncoder
from index.training.batches import (
    ReadingNetwork,
    batched,
    collate,
    encode,
    loss_of,
    sentence_logits,
)
from index.training.build import Source, build, hold_out
from index.training.examples import Example, collect
from index.training.steps import FullWeights
from index.training.train import Recipe, train
from tests.support.corpus import fill, write_questions
from tests.support.folders import Shelf
from tests.support.tiny_models import save_tiny

pytestmark = pytest.mark.slow
LIBRARY = ["library"]
EXAMPLE = Example(
    question="What did the fox do?",
    header="Animals",
    text="The dog barked. The fox slept all day.",
    sentences=(Span(0, 15), Span(16, 38)),
    answers=(Span(24, 29), Span(24, 37)),
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("tiny"))


def no_step(title: str) -> object:
    return lambda done, total: None


def test_pieces_carry_what_annotators_marked(tiny: Path) -> None:
    encoded = encode(EXAMPLE, PairEncoder(tiny / "tokenizer.json"))
    words = [EXAMPLE.text[start:end] for start, end in encoded.pair.offsets.tolist()]
    assert [words[at] for at in np.flatnonzero(encoded.starts)] == ["slept"]
    assert [words[at] for at in np.flatnonzero(encoded.ends)] == ["slept", "day"]
    assert encoded.answering.tolist() == [False, True]
    assert [words[at] for at in np.flatnonzero(encoded.sentence == 0)] == [
        "The",
        "dog",
        "barked",
        ".",
    ]
    none = encode(
        Example("Why?", "", EXAMPLE.text, EXAMPLE.sentences, ()),
        PairEncoder(tiny / "tokenizer.json"),
    )
    assert np.flatnonzero(none.starts).tolist() == np.flatnonzero(none.ends).tolist() == [0]


def test_padding_changes_no_loss(tiny: Path) -> None:
    network = ReadingNetwork.from_encoder(tiny).eval()
    encoder = PairEncoder(tiny / "tokenizer.json")
    long = Example("What?", "", EXAMPLE.text * 3, (Span(0, 15), Span(16, 114)), ())
    one, other = encode(EXAMPLE, encoder), encode(long, encoder)
    together = collate([one, other])
    logits = network(together.ids, together.mask, together.types)
    apart = []
    for example in (one, other):
        batch = collate([example])
        alone = network(batch.ids, batch.mask, batch.types)
        apart.append(float(loss_of(alone, batch).detach()))
        at = len(apart) - 1
        assert sentence_logits(alone, batch)[0].tolist() == pytest.approx(
            sentence_logits(logits, together)[at, : len(example.answering)].tolist(), abs=1e-4
        )
    assert float(loss_of(logits, together).detach()) == pytest.approx(np.mean(apart), abs=1e-4)


def test_batches_hold_every_example_once(tiny: Path) -> None:
    encoder = PairEncoder(tiny / "tokenizer.json")
    examples = [encode(EXAMPLE, encoder)] * 23
    batches = list(batched(examples, 5, np.random.default_rng(0)))
    assert sorted(len(batch.ids) for batch in batches) == [3, 5, 5, 5, 5]


def test_a_network_learns_and_training_is_repeatable(
    shelf: Shelf, tiny: Path, tmp_path: Path
) -> None:
    questions = fill(shelf)
    shelf.sync()
    collected = collect(shelf.open(), questions, LIBRARY)
    recipe = Recipe(epochs=20, batch=8, learning_rate=3e-3, judgements=2, crops=(0.0, 0.0))
    curves = []
    for _ in range(2):
        torch.manual_seed(0)
        network = ReadingNetwork.from_encoder(tiny)
        encoder = PairEncoder(tiny / "tokenizer.json")
        curves.append(
            train(network, encoder, (collected, collected), recipe, tmp_path / "checkpoint.pt")
        )
    assert curves[0] == curves[1]
    first, last = curves[0][0], curves[0][-1]
    assert last.loss < first.loss
    assert last.sentence > 0.8
    assert (tmp_path / "checkpoint.pt").is_file()


def linear_network() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1))


def descend(trained: nn.Sequential, full: FullWeights, by: float) -> None:
    """One step of plain descent, with gradients of 1."""
    for parameter in trained.parameters():
        parameter.grad = torch.ones_like(parameter)
    full.take_gradients()
    torch.optim.SGD(full.of(trained), lr=by).step()
    full.update_network()


def test_steps_too_small_for_half_precision_add_up() -> None:
    trained = linear_network()
    before = trained[0].weight.detach().clone()
    full = FullWeights(trained, trained[0])
    assert trained[0].weight.dtype == torch.bfloat16
    assert trained[1].weight.dtype == torch.float32
    for _ in range(100):
        descend(trained, full, 1e-5)
    full.restore()
    assert trained[0].weight.dtype == torch.float32
    assert torch.allclose(before - trained[0].weight, torch.full((4, 4), 1e-3), atol=1e-5)


def test_weights_that_are_not_learned_come_back_unrounded() -> None:
    trained = linear_network()
    trained[0].weight.requires_grad = False
    before = trained[0].weight.detach().clone()
    full = FullWeights(trained, trained[0])
    assert not torch.equal(trained[0].weight.float(), before)
    full.restore()
    assert torch.equal(trained[0].weight, before)


def test_the_network_computes_with_the_weights_as_they_are_by_now() -> None:
    trained = linear_network()
    full = FullWeights(trained, None)
    descend(trained, full, 0.5)
    for name, tensor in full.state().items():
        assert torch.equal(tensor, trained.state_dict()[name])


def test_whole_documents_are_held_out(shelf: Shelf) -> None:
    questions = fill(shelf)
    shelf.sync()
    rest, held = hold_out(Source(shelf.open(), questions), 0.25, seed=3)
    documents = [{q.answers[0].document for q in part.questions} for part in (rest, held)]
    assert not documents[0] & documents[1]
    assert len(documents[1]) == 3
    assert len(rest.questions) + len(held.questions) == len(questions)


def test_a_reader_is_built_checked_and_used(shelf: Shelf, tiny: Path, tmp_path: Path) -> None:
    questions = fill(shelf) * 4
    shelf.sync()
    source = Source(shelf.open(), questions)
    out = tmp_path / "reader"
    recipe = Recipe(epochs=1, batch=8, judgements=1)
    scores = build(source, source, recipe, out, no_step, tiny)  # type: ignore[arg-type]
    assert set(scores) == {"without training", "this reader", "in full precision"}
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "| quote@1 |" in card
    assert "seed: 17" in card

    library = shelf.open(reader=str(out))
    answer = library.ask(questions[0].text)
    assert answer.answered
    for quote in answer.quotes:
        assert all(quote.span.covers(span) for span in quote.answer)
    assert any(quote.answer for quote in answer.quotes)

    network = out / loading.NETWORK
    network.write_bytes(network.read_bytes()[:-1] + b"\0")
    with pytest.raises(ModelError, match=r"network.onnx has sha256 .* train\s+the reader again"):
        shelf.open(reader=str(out)).ask(questions[0].text)
    (out / loading.MANIFEST).write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="there is no reader in"):
        shelf.open(reader=str(out)).ask(questions[0].text)


@pytest.mark.soak
def test_the_commands_train_fit_and_measure(
    shelf: Shelf, tiny: Path, tmp_path: Path, home: Path
) -> None:
    file = write_questions(tmp_path / "questions.jsonl", fill(shelf) * 4)
    out = tmp_path / "reader"
    data = ["--data", str(tmp_path / "data")]
    corpus = [str(file), str(shelf.folder)]
    held = ["--held-out", *corpus, "--epochs", "0.5", "--start", str(tiny)]
    runner = CliRunner()
    done = runner.invoke(app, ["reader", "train", *corpus, "--out", str(out), *held, *data])
    assert done.exit_code == 0, done.output
    assert "quote@1" in done.output

    corpus.reverse()
    measured = runner.invoke(
        app, ["eval", *corpus, "--fit", "--json", *data], env={"ONRECORD_READER": str(out)}
    )
    assert measured.exit_code == 0, measured.output
    assert (home / "fitted.json").is_file()
    summary = json.loads(measured.stdout.splitlines()[-1])
    assert [at["coverage"] for at in summary["risk_coverage"]][-1] == 1
    assert summary["exact_quotes"] == 1
