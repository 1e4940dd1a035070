"""Weights stay in full precision while the network computes in half."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from index.training.precision import FullWeights

pytestmark = pytest.mark.slow


def network() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1))


def step(trained: nn.Sequential, full: FullWeights, by: float) -> None:
    """One step of plain descent, with gradients of 1."""
    for parameter in trained.parameters():
        parameter.grad = torch.ones_like(parameter)
    full.take_gradients()
    torch.optim.SGD(full.of(trained), lr=by).step()
    full.update_network()


def test_steps_too_small_for_half_precision_add_up() -> None:
    trained = network()
    before = trained[0].weight.detach().clone()
    full = FullWeights(trained, trained[0])
    assert trained[0].weight.dtype == torch.bfloat16
    assert trained[1].weight.dtype == torch.float32
    for _ in range(100):
        step(trained, full, 1e-5)
    full.restore()
    assert trained[0].weight.dtype == torch.float32
    assert torch.allclose(before - trained[0].weight, torch.full((4, 4), 1e-3), atol=1e-5)


def test_weights_that_are_not_learned_come_back_unrounded() -> None:
    trained = network()
    trained[0].weight.requires_grad = False
    before = trained[0].weight.detach().clone()
    full = FullWeights(trained, trained[0])
    assert not torch.equal(trained[0].weight.float(), before)
    full.restore()
    assert torch.equal(trained[0].weight, before)


def test_the_network_computes_with_the_weights_as_they_are_by_now() -> None:
    trained = network()
    full = FullWeights(trained, None)
    step(trained, full, 0.5)
    for name, tensor in full.state().items():
        assert torch.equal(tensor, trained.state_dict()[name])
