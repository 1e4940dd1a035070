"""An embedder without a model: hashed bags of words, and a count of its work."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Event

import numpy as np
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from index.core.documents import Vector
from index.models import TokenVectors
from tests.support import PATIENCE_S

_WORD = re.compile(r"\w+|[^\w\s]")


@cache
def word_tokenizer() -> str:
    """Return a tokenizer of which a token is what `_WORD` matches."""
    tokenizer = Tokenizer(WordLevel({"?": 0}, unk_token="?"))
    tokenizer.pre_tokenizer = Split(Regex(_WORD.pattern), "removed", invert=True)
    return tokenizer.to_str()


@dataclass
class Gate:
    """Holds passages back until it is opened; what `HashEmbedder.before` may be.

    Attributes:
        least: so many texts at once are held back; a reader has one embedded at a time.
    """

    least: int = 1
    opened: Event = field(default_factory=Event)

    def __call__(self, texts: Sequence[str]) -> None:
        if len(texts) >= self.least and not self.opened.wait(PATIENCE_S):
            raise TimeoutError("the test never opened the gate")

    def open(self) -> None:
        self.opened.set()


@dataclass
class HashEmbedder:
    """Unit vectors of hashed words; a word or a mark is one token.

    Attributes:
        texts: passages embedded, in order.
        tokens: how many tokens they had.
        questions: how many questions were embedded.
        before: called with the texts before each batch of passages is embedded.
    """

    name: str = "hash"
    dimension: int = 64
    max_tokens: int = 64
    is_multilingual: bool = False
    before: Callable[[Sequence[str]], None] = lambda texts: None
    texts: list[str] = field(default_factory=list)
    tokens: int = 0
    questions: int = 0

    @property
    def tokenizer(self) -> str:
        return word_tokenizer()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        self.before(texts)
        self.texts += texts
        self.tokens += sum(self.count_tokens(texts))
        vectors = [self._embed(text) for text in texts]
        return np.asarray(vectors, np.float32).reshape(len(texts), self.dimension)

    def embed_question(self, text: str) -> Vector:
        self.questions += 1
        return self._embed(text)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [self._embed_tokens(text) for text in texts]

    def _embed_tokens(self, text: str) -> TokenVectors:
        found = list(_WORD.finditer(text))[: self.max_tokens]
        spans = np.asarray([word.span() for word in found], np.int64).reshape(-1, 2)
        vectors = [self._embed(word[0]) for word in found]
        return TokenVectors(np.asarray(vectors, np.float32).reshape(-1, self.dimension), spans)

    def _embed(self, text: str) -> Vector:
        vector = np.zeros(self.dimension, np.float32)
        vector[0] = 1e-3  # no text is without a direction
        for word in _WORD.findall(text.casefold()):
            vector[zlib.crc32(word.encode(errors="replace")) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)
