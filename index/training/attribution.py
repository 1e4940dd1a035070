"""Trains the network that finds attributions, on articles in which people marked them."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.attribution.tagger import BIAS, CUE, LINK_WIDTH, ROLES
from index.attribution.windows import MAX_PIECES, Window, WindowEncoder
from index.core.documents import Progress
from index.models.onnx_export import TokenStates
from index.training.batches import ReadingNetwork
from index.training.polnear import Article
from index.training.steps import Steps, rate_at

logger = logging.getLogger(__name__)

_HEAD_STD = 0.02
_LENGTH_STEP = 16
_POOL = 32
_WEIGHTS = (0.2, 0.2, 0.06)  # of the roles; a content has many times the pieces of a source
_MIN_PIECES = 120


@dataclass(frozen=True, slots=True)
class AttributionRecipe:
    """The parameters of training."""

    layers: int = 4  # of the encoder, from the lowest
    epochs: int = 3
    minutes: float = math.inf  # if they are over before, it ends then
    batch: int = 16
    learning_rate: float = 2.5e-4
    head_factor: float = 5.0
    warm_up: float = 0.05
    weight_decay: float = 0.01
    seed: int = 17


class Example(NamedTuple):
    """A window of n pieces with the attributions in it; one that it cuts off has no links."""

    window: Window
    begins: NDArray[np.int64]  # the pieces with which cues begin, ascending
    anchors: NDArray[np.int64]  # those of whole attributions: shape (cues,)
    links: NDArray[np.bool_]  # the pieces of each attribution: shape (cues, roles, n)


class AttributionNetwork(nn.Module):
    """Encoder and head.

    The outputs for each word piece are the log-odds that a cue begins there, then for each role
    the query of a cue that begins there and the piece's key. The product of both, with
    `bias`, is the log-odds that the piece has this role for this cue.
    """

    def __init__(self, states: TokenStates) -> None:
        super().__init__()
        self.states = states
        width = states.width
        outputs = nn.Linear(width, 1 + 2 * ROLES * LINK_WIDTH)
        nn.init.normal_(outputs.weight, std=_HEAD_STD)
        nn.init.zeros_(outputs.bias)
        self.head = nn.Sequential(nn.Linear(width, width), nn.GELU(), outputs)

    @classmethod
    def from_reader(cls, folder: Path, layers: int) -> AttributionNetwork:
        """Return an untrained network with the lowest layers of the encoder of a reader's folder.

        Raises:
            ModelError: there is no reader, or its encoder is not as wide and deep as MiniLM.
        """
        states = ReadingNetwork.from_reader(folder).states
        encoder: Any = states.encoder.encoder
        encoder.layer = encoder.layer[:layers]
        return cls(states)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Return outputs of shape (batch, n, 1 + 2 * ROLES * LINK_WIDTH)."""
        outputs: Tensor = self.head(self.states(ids, mask, types).float())
        return outputs


def train_attribution(  # noqa: PLR0917
    network: AttributionNetwork,
    encoder: WindowEncoder,
    articles: Sequence[Article],
    recipe: AttributionRecipe,
    checkpoint: Path,
    progress: Progress | None = None,
) -> None:
    """Train `network` in place, but for its word embeddings.

    After every pass over the articles the weights are written to the file `checkpoint`.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    network.states.encoder.get_input_embeddings().weight.requires_grad = False
    steps = Steps(network, network.states, network.head, recipe)
    started = monotonic()
    done = 0.0
    for epoch in range(recipe.epochs):
        if done >= 1:
            break
        examples = list(_examples(articles, encoder, rng))
        starts = range(0, len(examples), recipe.batch)
        losses = []
        for step, batch in enumerate(_batched(examples, recipe.batch, rng)):
            spent = (monotonic() - started) / 60 / recipe.minutes
            done = max((epoch + step / len(starts)) / recipe.epochs, spent)
            if done >= 1:
                break
            network.train()
            losses.append(steps.take(_loss(network, batch), rate_at(done, recipe.warm_up)))
            if progress is not None:
                progress(epoch * len(starts) + step + 1, recipe.epochs * len(starts))
        torch.save(steps.state(), checkpoint)
        logger.info("pass %s of %s: loss %.4f", epoch + 1, recipe.epochs, np.mean(losses))
    steps.restore()


def _examples(
    articles: Sequence[Article], encoder: WindowEncoder, rng: np.random.Generator
) -> Iterator[Example]:
    """The windows of all articles; their length differs from pass to pass."""
    for article in articles:
        pieces = int(rng.integers(_MIN_PIECES, MAX_PIECES))
        for window in encoder.windows(article.text, article.sentences, pieces, context_pieces=0):
            yield _example(window, article)


def _example(window: Window, article: Article) -> Example:
    starts, ends = window.offsets.T
    first, last = int(starts[1]), int(ends.max())
    begins: set[int] = set()
    found: dict[int, NDArray[np.bool_]] = {}
    for attribution in article.attributions:
        roles = (attribution.source, attribution.cue, attribution.content)
        links = np.zeros((ROLES, len(window.ids)), np.bool_)
        for role, spans in enumerate(roles):
            for span in spans:
                links[role] |= (starts < span.end) & (ends > span.start) & window.of_text
        if not links[CUE].any() or attribution.cue[0].start < first:
            continue
        anchor = int(links[CUE].argmax())
        begins.add(anchor)
        whole = [span for role in roles for span in role]
        if first <= min(whole).start and max(span.end for span in whole) <= last:
            found[anchor] = found.get(anchor, links) | links
    anchors = sorted(found)
    empty = np.zeros((0, ROLES, len(window.ids)), np.bool_)
    return Example(
        window,
        np.array(sorted(begins), np.int64),
        np.array(anchors, np.int64),
        np.stack([found[at] for at in anchors]) if found else empty,
    )


def _batched(
    examples: Sequence[Example], size: int, rng: np.random.Generator
) -> Iterator[list[Example]]:
    """Batches of windows of about the same length, in random order."""
    order = rng.permutation(len(examples)).tolist()
    pools = [order[at : at + size * _POOL] for at in range(0, len(order), size * _POOL)]
    batches = []
    for pool in pools:
        pool.sort(key=lambda at: len(examples[at].window.ids))
        batches += [pool[at : at + size] for at in range(0, len(pool), size)]
    for at in rng.permutation(len(batches)).tolist():
        yield [examples[chosen] for chosen in batches[at]]


def _loss(network: AttributionNetwork, examples: Sequence[Example]) -> Tensor:
    """The mean loss of a cue's beginning over the pieces, and of a link over roles and pieces."""
    longest = max(len(example.window.ids) for example in examples)
    length = -(-longest // _LENGTH_STEP) * _LENGTH_STEP
    ids, mask, words, begins = torch.zeros((4, len(examples), length), dtype=torch.int64)
    for row, (window, begun, _, _) in enumerate(examples):
        ids[row, : len(window.ids)] = torch.from_numpy(window.ids)
        mask[row, : len(window.ids)] = 1
        words[row, : len(window.ids)] = torch.from_numpy(window.of_text)
        begins[row, torch.from_numpy(begun)] = 1
    outputs = network(ids, mask, torch.zeros_like(ids))
    cue = functional.binary_cross_entropy_with_logits(
        outputs[..., 0], begins.float(), reduction="none"
    )
    total: Tensor = (cue * words).sum() / begins.sum().clamp(min=1)
    links = [
        _link_loss(outputs[row, : len(window.ids)], anchors, gold)
        for row, (window, _, anchors, gold) in enumerate(examples)
        if len(anchors)
    ]
    return total + torch.cat(links).mean() if links else total


def _link_loss(outputs: Tensor, anchors: NDArray[np.int64], gold: NDArray[np.bool_]) -> Tensor:
    """The loss of each attribution of a window, a sum over roles and pieces over their number."""
    n = len(outputs)
    queries, keys = outputs[:, 1:].reshape(n, 2, ROLES, LINK_WIDTH).unbind(1)
    logits = torch.einsum("arw,nrw->arn", queries[torch.from_numpy(anchors)], keys)
    logits = logits / LINK_WIDTH**0.5 + BIAS
    losses = functional.binary_cross_entropy_with_logits(
        logits, torch.from_numpy(gold).float(), reduction="none"
    )
    weighted: Tensor = losses.sum(2).mv(torch.tensor(_WEIGHTS))
    return weighted
