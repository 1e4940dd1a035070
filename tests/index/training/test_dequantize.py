"""A network with 8 bits a weight is read back and trained further."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from index.core.errors import ModelError
from index.models.minilm import bundled_model
from index.models.onnx_export import export, quantize
from index.reader.loading import SHIPPED
from index.training.batches import ReadingNetwork
from index.training.dequantize import read_weights
from tests.support.tiny_models import save_tiny

pytestmark = pytest.mark.slow


def test_weights_come_back_by_their_names(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = ReadingNetwork.from_encoder(save_tiny(tmp_path / "tiny")).eval()
    for parameter in network.parameters():  # equal ones would be stored once
        torch.nn.init.normal_(parameter, std=0.1)
    export(network, tmp_path / "full.onnx")
    quantize(tmp_path / "full.onnx", tmp_path / "network.onnx")
    weights = read_weights(tmp_path / "network.onnx")
    before = network.state_dict()
    assert weights.keys() == before.keys()
    for name, values in weights.items():
        assert values.shape == before[name].shape, name
        step = float(before[name].abs().max()) / 60  # of seven bits
        assert float((values - before[name]).abs().max()) <= step, name


def test_what_is_no_network_is_named(tmp_path: Path) -> None:
    (tmp_path / "network.onnx").write_bytes(b"\xff\xff none")
    with pytest.raises(ModelError, match="cannot load the network"):
        read_weights(tmp_path / "network.onnx")


def test_a_reader_of_another_size_is_refused(tmp_path: Path) -> None:
    network = ReadingNetwork.from_encoder(save_tiny(tmp_path / "tiny"))
    export(network, tmp_path / "full.onnx")
    quantize(tmp_path / "full.onnx", tmp_path / "network.onnx")
    with pytest.raises(ModelError, match=r"cannot train .* further"):
        ReadingNetwork.from_reader(tmp_path)


def test_weights_are_averaged_with_those_of_another_reader() -> None:
    network = ReadingNetwork.from_encoder(bundled_model())
    shipped = ReadingNetwork.from_reader(SHIPPED).state_dict()
    start = {name: weights.clone() for name, weights in network.state_dict().items()}
    network.move_towards(SHIPPED, 0.25)
    for name, weights in network.state_dict().items():
        expected = 0.75 * start[name] + 0.25 * shipped[name]
        torch.testing.assert_close(weights, expected, msg=name)
