"""Cuts a document into windows of sentences that the attribution network reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.core.documents import Sentence

MAX_PIECES = 256
"""The longest window, special pieces included; the length that MiniLM was trained with."""

CORE_PIECES = 150
CONTEXT_PIECES = 36
_AT_ONCE = 256
_CLS, _SEP = "[CLS]", "[SEP]"


@dataclass(frozen=True, slots=True)
class Window:
    """The n word pieces of successive sentences, a separator between paragraphs.

    Cues are sought among the pieces of the core; the sentences around it are read along, as a
    source or a content may lie in them. Offsets are those of the document, (0, 0) for special
    pieces.
    """

    ids: NDArray[np.int64]  # shape (n,)
    offsets: NDArray[np.int64]  # shape (n, 2)
    core: NDArray[np.bool_]  # shape (n,)

    @property
    def of_text(self) -> NDArray[np.bool_]:
        """Whether each piece belongs to the text: shape (n,)."""
        of_text: NDArray[np.bool_] = self.offsets[:, 1] > 0
        return of_text


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The word pieces of a sentence."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    paragraph: int


class _Pieces:
    """The sentences of a text, encoded when they are needed: all of a book's would not fit."""

    def __init__(self, tokenizer: Tokenizer, text: str, sentences: Sequence[Sentence]) -> None:
        self._tokenizer = tokenizer
        self._text = text
        self._sentences = sentences
        self._block = lru_cache(maxsize=3)(self._encode)

    def __len__(self) -> int:
        return len(self._sentences)

    def __getitem__(self, at: int) -> _Encoded:
        return self._block(at // _AT_ONCE)[at % _AT_ONCE]

    def size(self, places: range) -> int:
        """Return the word pieces of the sentences at `places`, with one between two of them."""
        return sum(len(self[at].ids) + 1 for at in places)

    def _encode(self, block: int) -> list[_Encoded]:
        few = self._sentences[block * _AT_ONCE : (block + 1) * _AT_ONCE]
        cuts = [sentence.span.cut(self._text) for sentence in few]
        limit = MAX_PIECES - 2
        return [
            _Encoded(
                found.ids[:limit],
                [
                    (start + s.span.start, end + s.span.start)
                    for start, end in found.offsets[:limit]
                ],
                s.paragraph,
            )
            for found, s in zip(
                self._tokenizer.encode_batch(cuts, add_special_tokens=False), few, strict=True
            )
        ]


class WindowEncoder:
    """Encodes the sentences of documents."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cls = tokenizer.token_to_id(_CLS)
        self._sep = tokenizer.token_to_id(_SEP)

    def windows(
        self,
        text: str,
        sentences: Sequence[Sentence],
        core_pieces: int = CORE_PIECES,
        context_pieces: int = CONTEXT_PIECES,
    ) -> Iterator[Window]:
        """Yield windows whose cores together hold each sentence once, in order."""
        encoded = _Pieces(self._tokenizer, text, sentences)
        for first, last in _packed(encoded, core_pieces):
            yield self._window(encoded, first, last, context_pieces)

    def _window(self, encoded: _Pieces, first: int, last: int, context_pieces: int) -> Window:
        """The window of the core `first`..`last`, `last` not included."""
        room = MAX_PIECES - 2 - encoded.size(range(first, last))
        before = _reach(encoded, range(first - 1, -1, -1), min(room, context_pieces))
        room -= encoded.size(range(first - before, first))
        after = _reach(encoded, range(last, len(encoded)), min(room, context_pieces))
        ids, offsets, core = [self._cls], [(0, 0)], [False]
        for at in range(first - before, last + after):
            sentence = encoded[at]
            if len(ids) > 1 and sentence.paragraph != encoded[at - 1].paragraph:
                ids.append(self._sep)
                offsets.append((0, 0))
                core.append(False)
            ids += sentence.ids
            offsets += sentence.offsets
            core += [first <= at < last] * len(sentence.ids)
        ids.append(self._sep)
        return Window(
            np.array(ids, np.int64),
            np.array([*offsets, (0, 0)], np.int64),
            np.array([*core, False], np.bool_),
        )


def _packed(encoded: _Pieces, core_pieces: int) -> Iterator[tuple[int, int]]:
    first, size = 0, 0
    for at in range(len(encoded)):
        sentence = encoded[at]
        if at > first and size + len(sentence.ids) > core_pieces:
            yield first, at
            first, size = at, 0
        size += len(sentence.ids) + 1
    if len(encoded):
        yield first, len(encoded)


def _reach(encoded: _Pieces, places: range, room: int) -> int:
    """How many of the sentences at `places` are read along."""
    count = 0
    for at in places:
        room -= len(encoded[at].ids) + 1
        if room < 0:
            break
        count += 1
    return count
