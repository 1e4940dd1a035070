"""The reading network: a BERT encoder with three numbers for each word piece.

Two of them say how well an answer starts and ends there (Devlin et al. 2019, "BERT", section 4.3);
at the first piece, [CLS], they say that there is none. The third, averaged over a sentence, is the
log-odds that this sentence answers.
"""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from index.models.onnx_export import TokenStates

_HEAD_STD = 0.02


class ReadingNetwork(nn.Module):
    """Encoder and head."""

    def __init__(self, states: TokenStates, width: int) -> None:
        super().__init__()
        self.states = states
        self.head = nn.Linear(width, 3)
        nn.init.normal_(self.head.weight, std=_HEAD_STD)
        nn.init.zeros_(self.head.bias)

    @classmethod
    def from_encoder(cls, folder: Path) -> ReadingNetwork:
        """Return a network with the encoder in a folder of the `transformers` kind, untrained."""
        states = TokenStates.from_folder(folder)
        return cls(states, states.width)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Return logits of shape (batch, length, 3) for inputs of shape (batch, length)."""
        states = self.states(ids, mask, types)
        logits: Tensor = self.head(states.to(self.head.weight.dtype))
        return logits
