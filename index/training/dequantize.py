"""Reads the weights of a network back from a file with 8 bits a weight, to train it further."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from index.core.errors import ModelError

_QUANTIZED, _SCALE, _ZERO = "_quantized", "_scale", "_zero_point"


def read_weights(file: Path) -> dict[str, Tensor]:
    """Return the weights of a network that ONNX Runtime quantized, by the names they had before.

    The exporter renames the matrix of a linear layer but not its bias, which names the layer. The
    last bit of each weight is lost: outputs differ by about as much as those of 8 bits do.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        graph = onnx.load(str(file)).graph
    except Exception as error:  # protobuf's own errors share no base class
        raise ModelError(f"cannot load the network {file}: {error}") from error
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    consumers = {name: node for node in graph.node for name in node.input}
    weights = {
        name: values
        for name, values in stored.items()
        if name.endswith((".weight", ".bias")) and values.dtype == np.float32
    }
    for name in [name.removesuffix(_QUANTIZED) for name in stored if name.endswith(_QUANTIZED)]:
        node, values = consumers[name + _QUANTIZED], _dequantized(stored, name)
        if node.op_type != "MatMulInteger":  # embeddings
            weights[name] = values
            continue
        while node.op_type != "Add":
            node = consumers[node.output[0]]
        bias = next(given for given in node.input if given in stored)
        weights[bias.removesuffix("bias") + "weight"] = values.T
    return {name: torch.from_numpy(np.array(values)) for name, values in weights.items()}


def _dequantized(stored: dict[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    centred = stored[name + _QUANTIZED].astype(np.float32) - stored[name + _ZERO].astype(np.float32)
    values: NDArray[np.float32] = centred * stored[name + _SCALE].astype(np.float32)
    return values
