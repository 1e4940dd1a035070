"""Opens an embedding model by its name."""

from __future__ import annotations

from pathlib import Path

from index.core.settings import DEFAULT_MODEL, MULTILINGUAL_MODEL
from index.models import Embedder
from index.models.minilm import MiniLM
from index.models.multilingual import MultilingualE5
from index.models.sentence_transformer import TransformerEmbedder
from index.text.language import keep_weights


def open_embedder(name: str, cache: Path) -> Embedder:
    """Return the model of a name; it is loaded at its first use, which may raise ModelError.

    `cache` is the folder of models converted for a quick start. The one that tells languages apart
    is kept there from now on, too.
    """
    keep_weights(cache)
    if name == DEFAULT_MODEL:
        return MiniLM(cache)
    return MultilingualE5(cache) if name == MULTILINGUAL_MODEL else TransformerEmbedder(name)
