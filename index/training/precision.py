"""Training in half precision: the network computes in it, its weights are kept in full."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn


class FullWeights:
    """The weights of a network in full precision, while it computes in half.

    An update is often too small for half precision to hold it: Micikevicius et al. 2018, "Mixed
    Precision Training", section 3.1.
    """

    def __init__(self, network: nn.Module, half: nn.Module | None) -> None:
        """Keep the weights.

        Args:
            network: what is trained.
            half: the part of it that is turned to bfloat16; None for none.
        """
        self._network = network
        self._full = {name: tensor.detach().clone() for name, tensor in _tensors(network)}
        if half is not None:
            half.bfloat16()
        self._learned = [
            (parameter, self._full[name].requires_grad_())
            for name, parameter in network.named_parameters()
            if parameter.requires_grad
        ]

    def of(self, module: nn.Module) -> list[Tensor]:
        """Return those weights of a part of the network that are learned, to be optimized."""
        wanted = set(module.parameters())
        return [full for parameter, full in self._learned if parameter in wanted]

    def take_gradients(self) -> None:
        """Move the gradients from the network to the weights that are optimized."""
        for parameter, full in self._learned:
            full.grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None

    @torch.no_grad()
    def update_network(self) -> None:
        """Give the network the weights as they are by now, rounded."""
        for parameter, full in self._learned:
            parameter.copy_(full)

    def state(self) -> dict[str, Tensor]:
        """Return the weights by name, as `Module.load_state_dict` takes them."""
        return {name: tensor.detach() for name, tensor in self._full.items()}

    def restore(self) -> None:
        """Turn the network to full precision, with the weights as they are by now."""
        self._network.float()
        self._network.load_state_dict(self.state())


def _tensors(network: nn.Module) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in network.state_dict().items():
        yield name, tensor.float() if tensor.is_floating_point() else tensor
