"""Fuses the attention of an exported network into one node a layer.

ONNX Runtime runs such a node as flash attention (Dao et al. 2022, "FlashAttention") if it has no
mask. Its own optimizer finds no attention between weights of 8 bits.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, helper, numpy_helper

_DOMAIN = "com.microsoft"


class _Graph:
    """The nodes of a graph by what they take and give."""

    def __init__(self, graph: GraphProto) -> None:
        self.made = {name: node for node in graph.node for name in node.output}
        self.used = {name: node for node in graph.node for name in node.input}
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.constants |= {
            node.output[0]: node.attribute[0].t for node in graph.node if node.op_type == "Constant"
        }

    def source(self, node: NodeProto, *kinds: str) -> NodeProto:
        """The node of one of these kinds that gives an input of `node`."""
        given = (self.made[name] for name in node.input if name in self.made)
        found: NodeProto = next(one for one in given if one.op_type in kinds)
        return found

    def constant(self, node: NodeProto) -> onnx.TensorProto:
        names = (name for name in node.input if name in self.constants)
        found: onnx.TensorProto = self.constants[next(names)]
        return found

    def unshaped(self, name: str) -> str:
        """The values under `name` before they were cut into heads."""
        while self.made[name].op_type in {"Transpose", "Reshape"}:
            name = self.made[name].input[0]
        return name


def fuse_attention(file: Path, out: Path) -> None:
    """Write a network whose layers attend in one node each; it has no input for a mask.

    Every piece of a text then counts: texts go through without padding.
    """
    model = onnx.load(str(file))
    graph = model.graph
    parts = _Graph(graph)
    for softmax in [node for node in graph.node if node.op_type == "Softmax"]:
        masked = parts.made[softmax.input[0]]
        scaled = parts.source(masked, "Mul", "Div")
        factor = float(numpy_helper.to_array(parts.constant(scaled)).item())
        scale = factor if scaled.op_type == "Mul" else 1 / factor
        query, key = map(parts.unshaped, parts.source(scaled, "MatMul").input)
        weighted = parts.used[softmax.output[0]]
        value = parts.unshaped(weighted.input[1])
        joined = parts.used[parts.used[weighted.output[0]].output[0]]
        width = parts.constant(parts.made[query]).dims[0]  # of the bias
        fused = helper.make_node(
            "MultiHeadAttention",
            [query, key, value],
            list(joined.output),
            domain=_DOMAIN,
            num_heads=round(width * scale**2),
            scale=scale,
        )
        joined.CopyFrom(fused)
    _drop_unused(graph)
    if all(used.domain != _DOMAIN for used in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    onnx.save(model, str(out))


def _drop_unused(graph: GraphProto) -> None:
    """Leave out the nodes, weights and inputs that no output depends on."""
    made = {name: node for node in graph.node for name in node.output}
    wanted, live = [output.name for output in graph.output], set[str]()
    while wanted:
        if (name := wanted.pop()) not in live:
            live.add(name)
            wanted += made[name].input if name in made else ()
    nodes = [node for node in graph.node if not live.isdisjoint(node.output)]
    weights = [tensor for tensor in graph.initializer if tensor.name in live]
    inputs = [given for given in graph.input if given.name in live]
    kept = GraphProto(
        name=graph.name, node=nodes, initializer=weights, input=inputs, output=graph.output
    )
    graph.CopyFrom(kept)
