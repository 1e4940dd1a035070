"""The networks that ship, but for the time that they take on documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from tokenizers import Tokenizer

from index.attribution.tagger import Tagger
from index.attribution.windows import WindowEncoder
from index.core.attributions import Attribution
from index.core.documents import Sentence, Vector
from index.models.minilm import MiniLM, tokenizer_file


class Unembedded(MiniLM):
    """Embeds questions; the vectors of passages are drawn by chance."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        chance = np.random.default_rng(len(texts[0]) if texts else 0)
        vectors = chance.normal(size=(len(texts), self.dimension))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


class Unread(Tagger):
    """Cuts a document into windows, and finds nobody in them."""

    def find(
        self, text: str, sentences: Sequence[Sentence], go_on: Callable[[], None] = lambda: None
    ) -> list[Attribution]:
        encoder = WindowEncoder(Tokenizer.from_file(str(tokenizer_file())))
        for _ in encoder.windows(text, sentences):
            go_on()
        return []
