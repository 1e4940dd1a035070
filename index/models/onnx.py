"""A transformer network from an ONNX file, run by ONNX Runtime.

It starts in a tenth of the time that PyTorch takes to import, and answers faster.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel
from transformers.utils import logging as transformers_logging

from index.core.errors import ModelError
from index.core.files import replacing

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "output"
_BATCH_TOKENS = 512


class OnnxSession:
    """Runs texts of word pieces; those of about the same length go through together."""

    def __init__(self, file: Path) -> None:
        """Load a network.

        Raises:
            ModelError: the file is missing or no network that ONNX Runtime can run.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Threads that spin between two questions take the processor from everything else.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's own errors share no base class
            raise ModelError(f"cannot load the network {file}: {error}") from error
        self._inputs = {given.name for given in self._session.get_inputs()}

    def run(
        self, ids: Sequence[NDArray[np.int64]], types: Sequence[NDArray[np.int64]]
    ) -> list[NDArray[np.float32]]:
        """Return the network's output for each text: shape (pieces, width).

        Args:
            ids: the word pieces of each text: shape (pieces,).
            types: the segment of each piece, of the same shapes.
        """
        outputs: dict[int, NDArray[np.float32]] = {}
        for batch in _batches([len(row) for row in ids]):
            length = max(len(ids[at]) for at in batch)
            values = np.zeros((len(INPUTS), len(batch), length), np.int64)
            for row, at in enumerate(batch):
                filled = slice(0, len(ids[at]))
                values[0, row, filled] = ids[at]
                values[1, row, filled] = 1
                values[2, row, filled] = types[at]
            feed = {
                name: value
                for name, value in zip(INPUTS, values, strict=True)
                if name in self._inputs
            }
            (found,) = self._session.run([OUTPUT], feed)
            for row, at in enumerate(batch):
                outputs[at] = found[row, : len(ids[at])]
        return [outputs[at] for at in range(len(ids))]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Positions by length, as many together as make `_BATCH_TOKENS` pieces with the padding."""
    batches: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batches and (len(batches[-1]) + 1) * lengths[at] <= _BATCH_TOKENS:
            batches[-1].append(at)
        else:
            batches.append([at])
    return batches


_OPSET = 17


class TokenStates(nn.Module):
    """A transformer encoder whose output is the state of each word piece."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder

    @property
    def width(self) -> int:
        """Numbers of a piece's state."""
        return int(self.encoder.config.hidden_size)

    @classmethod
    def from_folder(cls, folder: Path) -> TokenStates:
        """Return the encoder in a folder of the `transformers` kind, in full precision."""
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        # Attention in the open can be exported, and is the fastest in half precision on a CPU.
        encoder = AutoModel.from_pretrained(
            folder, attn_implementation="eager", dtype=torch.float32, local_files_only=True
        )
        encoder.pooler = None
        return cls(encoder)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Return states of shape (batch, pieces, width) for inputs of shape (batch, pieces)."""
        found = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types)
        states: Tensor = found.last_hidden_state
        return states


def export(network: nn.Module, file: Path) -> None:
    """Write a network that takes ids, mask and types of shape (batch, pieces) and returns a tensor.

    The file appears whole or not at all.
    """
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {name: {0: "batch", 1: "pieces"} for name in (*INPUTS, OUTPUT)}
    with replacing(file) as written, warnings.catch_warnings():
        # The exporter by tracing is called old, but needs neither seconds nor another package.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            (example, example, torch.zeros_like(example)),
            written,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )


def quantize(file: Path, out: Path) -> None:
    """Write a network with weights of 8 bits, a scale for each output of a layer.

    One bit is left unused, since processors without VNNI would overflow.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, replacing(out) as written:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(file), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            prepared, written, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
