"""Trains a reader on questions with known answers.

The network starts from the embedding model's weights. If the processor supports half precision
(bfloat16), the encoder computes in it, in about half the time.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from index.core.documents import Progress
from index.evaluation.metrics import auroc
from index.reader.spans import PairEncoder
from index.training.batches import (
    Encoded,
    ReadingNetwork,
    batched,
    collate,
    encode,
    loss_of,
    sentence_logits,
)
from index.training.examples import QuestionExamples, sample_epoch, without_answer

logger = logging.getLogger(__name__)

_BATCH_TO_JUDGE = 32
_JUDGED_QUESTIONS = 300


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parameters of training; shares are 0..1."""

    epochs: float = 2.0  # passes over the questions; the last may be a part of one
    batch: int = 32
    learning_rate: float = 1.5e-4  # the highest, after the warm-up
    head_factor: float = 5.0  # the head's learning rate is so many times as high
    warm_up: float = 0.04  # share of the steps in which the rate rises; then it falls to 0
    weight_decay: float = 0.01
    negatives: float = 1.0  # share of questions with an additional passage that does not answer
    silences: float = 0.4  # share of questions with the passage without the sentence that answers
    near_misses: float = 0.7  # of those that have a near miss, share that is learned with it
    teacher: float = 0.5  # share of the target that is the teacher's, where there is one
    taught: tuple[str, ...] = ()  # the kinds of questions that it judges, all of them if empty
    # Share of examples cut to a few sentences, in the first and the last epoch.
    crops: tuple[float, float] = (0.8, 0.4)
    judgements: int = 10
    seed: int = 17


@dataclass(frozen=True, slots=True)
class Judgement:
    """Measures on held-out examples."""

    examples: int  # the number of training examples so far
    loss: float  # mean over the training examples since the judgement before
    sentence: float  # share of answering passages in which the right sentence comes first, 0..1
    # AUROC of the best sentence's evidence, answering against other passages, 0..1.
    absence: float | None


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


def train(  # noqa: PLR0917
    network: ReadingNetwork,
    encoder: PairEncoder,
    examples: tuple[Sequence[QuestionExamples], Sequence[QuestionExamples]],
    recipe: Recipe,
    checkpoint: Path,
    progress: Progress | None = None,
) -> list[Judgement]:
    """Train `network` in place, but for its word embeddings; return the learning curve.

    `examples` are those to learn from, and those of other documents to judge by. Every judgement
    writes the weights to the file `checkpoint`.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    collected, held_out = examples
    # With one or two passes there is little to overfit to, and dropout took a quarter of the time.
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    network.states.encoder.get_input_embeddings().weight.requires_grad = False
    judged = list(_to_judge(held_out[:_JUDGED_QUESTIONS], encoder))
    each = (
        1
        + recipe.negatives * bool(q.negatives)
        + recipe.silences * bool(without_answer(q.positive))
        + recipe.near_misses * bool(q.near)
        for q in collected
    )
    total = int(recipe.epochs * sum(each))
    # There is no public function to ask for bfloat16.
    has_bfloat16 = torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001
    full = FullWeights(network, network.states if has_bfloat16 else None)
    optimizer = optimizer_of(full.of(network.states), full.of(network.head), recipe)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate_at(step * recipe.batch / total, recipe.warm_up)
    )
    curve: list[Judgement] = []
    losses: list[float] = []
    seen = 0
    stream = islice(_stream(collected, encoder, recipe, rng), total)
    for batch in batched(stream, recipe.batch, rng):
        network.train()
        loss = loss_of(network(batch.ids, batch.mask, batch.types), batch, recipe.teacher)
        loss.backward()  # type: ignore[no-untyped-call]
        full.take_gradients()
        nn.utils.clip_grad_norm_(full.of(network), 1.0)
        optimizer.step()
        scheduler.step()
        full.update_network()
        losses.append(loss.item())
        seen += len(batch.ids)
        if progress is not None:
            progress(min(seen, total), total)
        if seen * recipe.judgements >= total * (len(curve) + 1):
            curve.append(_judge(network, judged, seen, losses))
            losses = []
            torch.save(full.state(), checkpoint)
            logger.info("%s", asdict(curve[-1]))
    if losses:
        curve.append(_judge(network, judged, seen, losses))
    full.restore()
    return curve


def _stream(
    collected: Sequence[QuestionExamples],
    encoder: PairEncoder,
    recipe: Recipe,
    rng: np.random.Generator,
) -> Iterator[Encoded]:
    for crops in np.linspace(*recipe.crops, math.ceil(recipe.epochs)):
        epoch = sample_epoch(
            collected,
            rng,
            negatives=recipe.negatives,
            near_misses=recipe.near_misses,
            silences=recipe.silences,
            crops=float(crops),
        )
        yield from (encode(example, encoder) for example in epoch)


def _to_judge(
    collected: Sequence[QuestionExamples], encoder: PairEncoder
) -> Iterator[tuple[Encoded, bool]]:
    for of_question in collected:
        yield encode(of_question.positive, encoder), True
        if of_question.negatives:
            yield encode(of_question.negatives[0], encoder), False
        if of_question.near:
            yield encode(of_question.near[1], encoder), False


@torch.inference_mode()
def _judge(
    network: ReadingNetwork,
    held_out: Sequence[tuple[Encoded, bool]],
    seen: int,
    losses: Sequence[float],
) -> Judgement:
    network.eval()
    best: list[float] = []
    right: list[bool] = []
    for start in range(0, len(held_out), _BATCH_TO_JUDGE):
        chosen = held_out[start : start + _BATCH_TO_JUDGE]
        batch = collate([example for example, _ in chosen])
        found = sentence_logits(network(batch.ids, batch.mask, batch.types), batch)
        for row, (example, answers) in zip(found, chosen, strict=True):
            evidence = row[: len(example.answering)]
            best.append(float(evidence.max()))
            if answers:
                right.append(bool(example.answering[int(evidence.argmax())]))
    return Judgement(
        examples=seen,
        loss=round(float(np.mean(losses)), 3),
        sentence=round(float(np.mean(right)), 3) if right else 0.0,
        absence=auroc(best, [answers for _, answers in held_out]),
    )


class Rates(Protocol):
    """The parameters of an optimizer."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def head_factor(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...


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
