"""Finds the attributions of a document with the network that ships.

One pass of the network over a window gives all of its attributions: for each word piece the
log-odds that a cue begins there, and vectors whose products tell which pieces belong to which cue
(a biaffine head, as of Dozat and Manning 2017, "Deep Biaffine Attention for Neural Dependency
Parsing").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice, pairwise, permutations
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.attribution.quotation import speech_of
from index.attribution.speakers import name_speakers
from index.attribution.windows import Window, WindowEncoder
from index.core.attributions import Attribution
from index.core.documents import Sentence, Span
from index.core.memory import release_memory
from index.models.minilm import tokenizer_file
from index.models.onnx import OnnxSession
from index.text.language import is_plainly_in

SHIPPED = Path(__file__).parent / "shipped"
NETWORK = "network.onnx"

ROLES = 3
SOURCE, CUE, CONTENT = range(ROLES)
LINK_WIDTH = 64
BIAS = -2.0
"""Of the log-odds that a piece belongs to a cue; most do not."""

VERSION = 1
"""Of finding attributions; documents in which another version found them are read again."""

_WINDOWS = 16
_MAX_GAP = 4  # pieces from one part of a content to the next
# Log-odds, chosen on articles that were not trained on.
_MIN_CUE, _MIN_LIKELY = -0.5, -3.0
_NEARLY = 1.0  # pieces that are as much less likely than the likeliest belong to it
_JUDGED_CHARS, _MIN_JUDGED_WORDS = 5_000, 30

_LOADING = Lock()


class Tagger:
    """Finds attributions in English texts, on any thread; the first use loads the network."""

    def __init__(self, network: Path = SHIPPED / NETWORK) -> None:
        self._network = network

    def find(
        self, text: str, sentences: Sequence[Sentence], go_on: Callable[[], None] = lambda: None
    ) -> list[Attribution]:
        """Return the attributions in the sentences of a text, in the order of their cues.

        There are none in a text that is not English. `go_on` is called every few sentences, and
        may end it by raising.

        Raises:
            ModelError: at the first use; the network cannot be loaded.
        """
        found: list[Attribution] = []
        if not _is_english(text):
            return found
        with _LOADING:
            encoder, session = _loaded(self._network)
        every = encoder.windows(text, sentences)
        while windows := list(islice(every, _WINDOWS)):
            go_on()
            ids = [window.ids for window in windows]
            outputs = session.run(ids, [np.zeros_like(row) for row in ids])
            for window, output in zip(windows, outputs, strict=True):
                found += attributions_of(text, window, output)
        found = [kept for one in found if (kept := _within_reach(text, sentences, one))]
        return name_speakers(text, sentences, found)

    @staticmethod
    def rest() -> None:
        """Give up the memory of the network, some 40 MB, until the next use."""
        _loaded.cache_clear()
        release_memory()


@cache
def _loaded(network: Path) -> tuple[WindowEncoder, OnnxSession]:
    return WindowEncoder(Tokenizer.from_file(str(tokenizer_file()))), OnnxSession(network)


def _within_reach(text: str, sentences: Sequence[Sentence], one: Attribution) -> Attribution | None:
    """An attribution without what stands outside its sentence and is not quoted."""
    at = bisect_right(sentences, one.cue[0].start, key=lambda sentence: sentence.span.start)
    here = sentences[at - 1].span
    content = []
    for span in one.content:
        if speech_of(text, [span]) == "direct":
            content.append(span)
        elif span.overlaps(here):
            content.append(Span(max(span.start, here.start), min(span.end, here.end)))
    return replace(one, content=tuple(content)) if content else None


def _is_english(text: str) -> bool:
    start = text[:_JUDGED_CHARS]
    return len(start.split()) < _MIN_JUDGED_WORDS or is_plainly_in(start, ["en"])


def split_outputs(
    outputs: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return log-odds of shape (n,), and queries and keys of shape (n, ROLES, LINK_WIDTH)."""
    vectors = outputs[:, 1:].reshape(len(outputs), 2, ROLES, LINK_WIDTH)
    return outputs[:, 0], vectors[:, 0], vectors[:, 1]


def attributions_of(
    text: str, window: Window, outputs: NDArray[np.float32]
) -> Iterator[Attribution]:
    """Yield the attributions that the network's outputs mark in a window of a text."""
    begins, queries, keys = split_outputs(outputs)
    anchors = np.flatnonzero((begins > _MIN_CUE) & window.core)
    if not len(anchors):
        return
    links = np.einsum("arw,nrw->arn", queries[anchors], keys) / LINK_WIDTH**0.5 + BIAS
    links[:, :, ~window.of_text] = -np.inf
    # A piece has one role for a cue, and is the cue or the content of one alone.
    links[links < links.max(axis=1, keepdims=True)] = -np.inf
    # Most cues have a source and a content: the likeliest pieces, unless even they are unlikely.
    best = links.max(axis=2, keepdims=True)
    links += np.where((best > _MIN_LIKELY) & (best <= 0), _NEARLY - best, 0)
    # Of the cues on one side of a piece that claim it, the nearest; of those that remain, the
    # likeliest.
    pieces, rivals = np.arange(len(outputs)), links[:, CUE:]
    claimed = rivals.max(axis=1) > 0
    for one, other in permutations(range(len(anchors)), 2):
        beyond = (anchors[one] < anchors[other]) == (anchors[other] < pieces)
        rivals[one][:, beyond & claimed[other]] = -np.inf
    rivals[rivals < rivals.max(axis=0, keepdims=True)] = -np.inf
    for anchor, (source, cue, content) in zip(anchors.tolist(), links, strict=True):
        at = int(window.offsets[anchor, 0])
        cues = _nearest(_spans(text, window, cue), at)
        # A short gap is part of the content, unless the source or the cue stands in it.
        free = window.of_text & (np.maximum(source, cue) <= 0)
        for first, last in pairwise(np.flatnonzero(content > 0).tolist()):
            if last - first <= _MAX_GAP and free[first:last].all():
                content[first:last] = _NEARLY
        contents = tuple(_spans(text, window, content))
        if cues and contents:
            yield Attribution(_nearest(_spans(text, window, source), at), cues, contents)


def _nearest(spans: Sequence[Span], offset: int) -> tuple[Span, ...]:
    """The span nearest to a place, if there is one."""

    def distance(span: Span) -> int:
        return max(span.start - offset, offset - span.end, 0)

    return (min(spans, key=distance),) if spans else ()


def _spans(text: str, window: Window, scores: NDArray[np.float32]) -> list[Span]:
    """The runs of words whose pieces score above 0, a single piece between two of them included."""
    chosen = scores > 0
    chosen[1:-1] |= chosen[:-2] & chosen[2:] & window.of_text[1:-1]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False]))))
    spans: list[Span] = []
    for first, last in edges.reshape(-1, 2).tolist():
        start, end = int(window.offsets[first, 0]), int(window.offsets[last - 1, 1])
        while start and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        if any(letter.isalnum() for letter in text[start:end]):
            spans.append(Span(start, end))
    return spans
