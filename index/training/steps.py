"""The steps of training: one a batch, the same for every network.

If the processor supports half precision (bfloat16), the encoder computes in it, in about half the
time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn


class Rates(Protocol):
    """The parameters of steps."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def head_factor(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...


class Steps:
    """Moves the weights of a network that are learned, in place."""

    def __init__(
        self, network: nn.Module, states: nn.Module, head: nn.Module, rates: Rates
    ) -> None:
        """Convert `states`, the encoder of `network` under its `head`, to half precision."""
        self._network = network
        # There is no public function to ask for bfloat16.
        has_bfloat16 = torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001
        self._full = FullWeights(network, states if has_bfloat16 else None)
        self._optimizer = optimizer_of(self._full.of(states), self._full.of(head), rates)
        self._highest = [group["lr"] for group in self._optimizer.param_groups]

    def take(self, loss: Tensor, share: float) -> float:
        """Learn from the loss of a batch at a share of the highest rates, 0..1; return the loss."""
        for group, highest in zip(self._optimizer.param_groups, self._highest, strict=True):
            group["lr"] = highest * share
        loss.backward()  # type: ignore[no-untyped-call]
        self._full.take_gradients()
        nn.utils.clip_grad_norm_(self._full.of(self._network), 1.0)
        self._optimizer.step()
        self._full.update_network()
        return float(loss.item())

    def state(self) -> dict[str, Tensor]:
        """Return the weights in full precision by name, for `Module.load_state_dict`."""
        return self._full.state()

    def restore(self) -> None:
        """Convert the network to full precision, with these weights."""
        self._full.restore()


class FullWeights:
    """The weights of a network in full precision, while it computes in half.

    Half precision often rounds an update away: Micikevicius et al. 2018, "Mixed Precision
    Training", section 3.1.
    """

    def __init__(self, network: nn.Module, half: nn.Module | None) -> None:
        """Keep the weights of `network` and convert `half`, a part of it, to bfloat16."""
        self._network = network
        self._full = {
            name: (tensor.float() if tensor.is_floating_point() else tensor).detach().clone()
            for name, tensor in network.state_dict().items()
        }
        if half is not None:
            half.bfloat16()
        self._learned = [
            (parameter, self._full[name].requires_grad_())
            for name, parameter in network.named_parameters()
            if parameter.requires_grad
        ]

    def of(self, module: nn.Module) -> list[Tensor]:
        """Return the learned weights of a part of the network, for the optimizer."""
        wanted = set(module.parameters())
        return [full for parameter, full in self._learned if parameter in wanted]

    def take_gradients(self) -> None:
        """Move the gradients from the network to the full weights."""
        for parameter, full in self._learned:
            full.grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None

    @torch.no_grad()
    def update_network(self) -> None:
        """Copy the full weights to the network, rounded."""
        for parameter, full in self._learned:
            parameter.copy_(full)

    def state(self) -> dict[str, Tensor]:
        """Return the full weights by name, for `Module.load_state_dict`."""
        return {name: tensor.detach() for name, tensor in self._full.items()}

    def restore(self) -> None:
        """Convert the network to full precision, with the full weights."""
        self._network.float()
        self._network.load_state_dict(self.state())


def optimizer_of(
    encoder: Sequence[Tensor], head: Sequence[Tensor], rates: Rates
) -> torch.optim.Optimizer:
    """Return an optimizer of the weights of an encoder and of the head on top of it."""
    matrices = [weights for weights in encoder if weights.ndim > 1]
    vectors = [weights for weights in encoder if weights.ndim == 1]
    rate = rates.learning_rate
    groups: list[dict[str, Any]] = [
        {"params": matrices, "lr": rate, "weight_decay": rates.weight_decay},
        {"params": vectors, "lr": rate, "weight_decay": 0.0},
        {"params": list(head), "lr": rate * rates.head_factor},
    ]
    return torch.optim.AdamW(groups, fused=True)


def rate_at(done: float, warm_up: float) -> float:
    """Return the share of the highest learning rate after a share `done` of the training."""
    return min(done / warm_up if warm_up else 1.0, max(0.0, (1 - done) / (1 - warm_up)))
