"""Turns examples into tensors; the network that reads them, and its loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.core.errors import ModelError
from index.models.minilm import bundled_model
from index.models.onnx_export import TokenStates
from index.reader.loading import END, EVIDENCE, NETWORK, START
from index.reader.spans import EncodedPair, PairEncoder
from index.training.dequantize import read_weights
from index.training.examples import Example

_POOL = 64
_HEAD_STD = 0.02
# PyTorch compiles and keeps code for each new shape; without rounding, gigabytes of it.
_LENGTH_STEP = 16


class Encoded(NamedTuple):
    """An example in n word pieces. Without an answer, one starts and ends at the first, [CLS]."""

    pair: EncodedPair
    starts: NDArray[np.bool_]  # whether an answer starts at a piece: shape (n,)
    ends: NDArray[np.bool_]
    sentence: NDArray[np.int64]  # the position of a piece's sentence, -1 for none: shape (n,)
    answering: NDArray[np.bool_]  # whether each sentence answers: shape (sentences,)
    taught: NDArray[np.float32]  # the teacher's probability of that, NaN for none


class Batch(NamedTuple):
    """Encoded examples, padded: shape (batch, length) each, but the last two (batch, sentences)."""

    ids: Tensor
    mask: Tensor
    types: Tensor
    allowed: Tensor
    starts: Tensor
    ends: Tensor
    sentence: Tensor
    answering: Tensor
    taught: Tensor


def encode(example: Example, encoder: PairEncoder) -> Encoded:
    pair = encoder.encode(example.question, example.header, example.text)
    starts, ends = np.zeros((2, len(pair)), np.bool_)
    for answer in example.answers:
        inside = pair.pieces_of(answer)
        if len(inside):
            starts[inside[0]] = ends[inside[-1]] = True
    starts[0] = ends[0] = not starts.any()
    sentence = np.full(len(pair), -1)
    for at, span in enumerate(example.sentences):
        sentence[pair.pieces_of(span)] = at
    answering = np.array(
        [any(span.overlaps(answer) for answer in example.answers) for span in example.sentences]
    )
    taught = np.array(example.taught or [np.nan] * len(answering), np.float32)
    return Encoded(pair, starts, ends, sentence, answering, taught)


def batched(examples: Iterable[Encoded], size: int, rng: np.random.Generator) -> Iterator[Batch]:
    """Yield batches of `size` examples of about the same length, in random order."""
    stream = iter(examples)
    while pool := sorted(islice(stream, size * _POOL), key=lambda example: len(example.pair)):
        starts = range(0, len(pool), size)
        for at in rng.permutation(len(starts)):
            yield collate(pool[starts[at] : starts[at] + size])


def collate(examples: Sequence[Encoded]) -> Batch:
    longest = max(len(example.pair) for example in examples)
    length = -(-longest // _LENGTH_STEP) * _LENGTH_STEP
    sentences = max(len(example.answering) for example in examples)

    def pad(arrays: Sequence[NDArray[np.generic]], size: int, fill: float = 0) -> Tensor:
        rows = [np.pad(a, (0, size - len(a)), constant_values=fill) for a in arrays]
        return torch.from_numpy(np.stack(rows))

    pairs = [example.pair for example in examples]
    allowed = [pair.of_text | (np.arange(len(pair)) == 0) for pair in pairs]
    return Batch(
        ids=pad([pair.ids for pair in pairs], length),
        mask=pad([np.ones(len(pair), np.int64) for pair in pairs], length),
        types=pad([pair.types for pair in pairs], length),
        allowed=pad(allowed, length),
        starts=pad([example.starts for example in examples], length),
        ends=pad([example.ends for example in examples], length),
        sentence=pad([example.sentence for example in examples], length, -1),
        answering=pad([example.answering.astype(np.int64) for example in examples], sentences, -1),
        taught=pad([example.taught for example in examples], sentences, np.nan),
    )


def sentence_logits(logits: Tensor, batch: Batch) -> Tensor:
    """Return the evidence of each sentence, the mean over its pieces: shape (batch, sentences)."""
    at = torch.arange(batch.answering.shape[1])
    member = (batch.sentence[:, :, None] == at).float()
    total = torch.einsum("bn,bns->bs", logits[..., EVIDENCE], member)
    return total / member.sum(1).clamp(min=1)


def loss_of(logits: Tensor, batch: Batch, teacher_share: float = 0.0) -> Tensor:
    """Return the sum of the loss of the span and that of every sentence.

    Annotators may mark several spans: the loss is of the probability of any of them (marginal
    likelihood; Clark and Gardner 2018, equation 2). A sentence answers or not; where a teacher
    judged it, its probability counts for `teacher_share` of the target, 0..1.
    """
    span = sum(
        _any_of(logits[..., head], gold, batch.allowed)
        for head, gold in ((START, batch.starts), (END, batch.ends))
    )
    labels = batch.answering.clamp(min=0).float()
    taught = torch.where(batch.taught.isnan(), labels, batch.taught)
    evidence = functional.binary_cross_entropy_with_logits(
        sentence_logits(logits, batch), torch.lerp(labels, taught, teacher_share), reduction="none"
    )
    known = (batch.answering >= 0).float()
    return span / 2 + (evidence * known).sum(1).mean()


def _any_of(logits: Tensor, gold: Tensor, allowed: Tensor) -> Tensor:
    """The mean negative logarithm of the probability of the gold positions."""
    lowest = torch.finfo(logits.dtype).min
    everything = logits.masked_fill(~allowed, lowest).logsumexp(1)
    return (everything - logits.masked_fill(~gold, lowest).logsumexp(1)).mean()


class ReadingNetwork(nn.Module):
    """Encoder and head; the outputs per word piece are START, END and EVIDENCE."""

    def __init__(self, states: TokenStates, width: int) -> None:
        super().__init__()
        self.states = states
        self.head = nn.Linear(width, 3)
        nn.init.normal_(self.head.weight, std=_HEAD_STD)
        nn.init.zeros_(self.head.bias)

    @classmethod
    def from_encoder(cls, folder: Path) -> ReadingNetwork:
        """Return an untrained network with the encoder of a `transformers` folder."""
        states = TokenStates.from_folder(folder)
        return cls(states, states.width)

    @classmethod
    def from_reader(cls, folder: Path) -> ReadingNetwork:
        """Return the network of a reader's folder, with the precision of its 8 bits.

        Raises:
            ModelError: there is no reader, or its encoder is not as wide and deep as MiniLM.
        """
        network = cls.from_encoder(bundled_model())
        try:
            network.load_state_dict(read_weights(folder / NETWORK))
        except RuntimeError as error:
            raise ModelError(f"cannot train {folder} further: {error}") from error
        return network

    @torch.no_grad()
    def move_towards(self, folder: Path, share: float) -> None:
        """Average the weights with those of another reader, which count for `share`, 0..1.

        Training that goes on from the average loses less of what either knows: Wortsman et al.
        2022, "Robust fine-tuning of zero-shot models".

        Raises:
            ModelError: there is no reader, or it has another shape.
        """
        others = ReadingNetwork.from_reader(folder).state_dict()
        for name, weights in self.state_dict().items():
            weights.lerp_(others[name], share)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Return logits of shape (batch, length, 3) for inputs of shape (batch, length)."""
        states = self.states(ids, mask, types)
        logits: Tensor = self.head(states.to(self.head.weight.dtype))
        return logits
