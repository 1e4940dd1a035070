"""The multilingual reader learns in its upper layers alone, and is written as it computes."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
import torch

from index.core.errors import ModelError
from index.models.onnx import OnnxSession
from index.models.words import WordVectors, write_words
from index.reader.multilingual import JoinedEncoder
from index.training.batches import collate, encode, loss_of
from index.training.multilingual import (
    MultilingualRecipe,
    go_on_from,
    network_of,
    train_multilingual,
    write_network,
)
from tests.index.training.test_train import EXAMPLE
from tests.support.tiny_models import PIECES, tiny_tokenizer, tiny_weights

pytestmark = pytest.mark.slow
RECIPE = MultilingualRecipe(layers=2, frozen=1, minutes=0.05, batch=4, learning_rate=1e-3)


def test_it_learns_above_the_frozen_layers(tmp_path: Path) -> None:
    weights = tiny_weights(layers=3)
    lowest = tiny_weights(layers=2)
    network = network_of(lowest, list(range(len(PIECES))), RECIPE.frozen)
    before = {name: of.clone() for name, of in network.state_dict().items()}
    example = encode(EXAMPLE, JoinedEncoder(tiny_tokenizer()))
    batch = collate([example])

    def loss() -> float:
        with torch.inference_mode():
            return float(loss_of(network(batch.ids, batch.mask, batch.types), batch))

    first = loss()
    seen = train_multilingual(network, repeat(example), RECIPE, tmp_path / "checkpoint.pt")
    assert seen > 0
    assert loss() < first
    for name, of in network.state_dict().items():
        is_frozen = "embeddings" in name or "layer.0" in name
        assert bool((of == before[name]).all()) is is_frozen, name
    write_network(network, weights, tmp_path / "network.onnx")
    write_words(weights.words, np.arange(len(PIECES)), tmp_path / "words.npy")
    session = OnnxSession(tmp_path / "network.onnx", WordVectors(tmp_path / "words.npy"))
    (found,) = session.run([example.pair.ids], [example.pair.types])
    with torch.inference_mode():
        ids = torch.from_numpy(example.pair.ids)[None]
        expected = network(ids, torch.ones_like(ids), torch.zeros_like(ids))[0].numpy()
    assert found == pytest.approx(expected, abs=0.1 * float(np.abs(expected).max()))


def test_it_goes_on_from_the_network_in_a_file(tmp_path: Path) -> None:
    weights, pieces = tiny_weights(layers=2), list(range(len(PIECES)))
    before = network_of(weights, pieces, RECIPE.frozen)
    with torch.no_grad():
        for parameter in before.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    write_network(before, weights, tmp_path / "network.onnx")
    after = network_of(weights, pieces, RECIPE.frozen)
    frozen = {name: of.clone() for name, of in after.named_parameters() if not of.requires_grad}
    go_on_from(tmp_path / "network.onnx", after)
    expected = before.state_dict()
    for name, parameter in after.named_parameters():
        if name in frozen:
            assert torch.equal(parameter, frozen[name])
        else:
            bound = 0.02 * float(expected[name].abs().max())
            assert torch.allclose(parameter, expected[name], atol=bound), name
    deeper = network_of(tiny_weights(layers=3), pieces, RECIPE.frozen)
    with pytest.raises(ModelError, match=r"layer\.2"):
        go_on_from(tmp_path / "network.onnx", deeper)
