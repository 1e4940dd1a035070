"""Writes a PyTorch network as an ONNX file."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel
from transformers.utils import logging as transformers_logging

from index.core.files import replacing
from index.models.attention import fuse_attention
from index.models.onnx import INPUTS, OUTPUT

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

    One bit is left unused, since processors without VNNI would overflow. Its attention is fused,
    so that it takes texts without padding alone.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, replacing(out) as written:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(file), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            prepared, written, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        fuse_attention(written, written)
