"""The trained network as a reading model, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.core.documents import Passage
from index.models.onnx import OnnxSession
from index.reader.encoding import PairEncoder, header_of
from index.reader.spans import units_of
from index.reader.units import Unit

START, END, EVIDENCE = range(3)
"""The network's output for each word piece: see `ReadingNetwork`."""


class NetworkModel:
    """Reads all passages of a question in a few batches of about the same length."""

    def __init__(self, network: Path, tokenizer: Path) -> None:
        """Load a network and its `tokenizer.json`.

        Raises:
            ModelError: one of them cannot be read.
        """
        self._session = OnnxSession(network)
        self._encoder = PairEncoder(tokenizer)

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        """Return the sentences of each passage, with evidence and short answer."""
        pairs = [self._encoder.encode(question, header_of(p), p.text) for p in passages]
        outputs = self._session.run([pair.ids for pair in pairs], [pair.types for pair in pairs])
        return [
            units_of(passage, pair, logits[:, START], logits[:, END], logits[:, EVIDENCE])
            for passage, pair, logits in zip(passages, pairs, outputs, strict=True)
        ]
