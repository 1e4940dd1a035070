"""Trains a reader on questions with known answers.

The network starts from the embedding model's weights.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import nn

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
from index.training.steps import Steps, rate_at

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
    steps = Steps(network, network.states, network.head, recipe)
    curve: list[Judgement] = []
    losses: list[float] = []
    seen = 0
    stream = islice(_stream(collected, encoder, recipe, rng), total)
    for done, batch in enumerate(batched(stream, recipe.batch, rng)):
        network.train()
        loss = loss_of(network(batch.ids, batch.mask, batch.types), batch, recipe.teacher)
        losses.append(steps.take(loss, rate_at(done * recipe.batch / total, recipe.warm_up)))
        seen += len(batch.ids)
        if progress is not None:
            progress(min(seen, total), total)
        if seen * recipe.judgements >= total * (len(curve) + 1):
            curve.append(_judge(network, judged, seen, losses))
            losses = []
            torch.save(steps.state(), checkpoint)
            logger.info("%s", asdict(curve[-1]))
    if losses:
        curve.append(_judge(network, judged, seen, losses))
    steps.restore()
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
