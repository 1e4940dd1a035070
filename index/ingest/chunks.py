"""Passages to embed: runs of whole sentences that fit the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from index.core.documents import Chunk, Paragraph, Parsed, Sentence, Span

CountTokens = Callable[[Sequence[str]], list[int]]
"""Returns the word pieces of each text, without the model's special tokens."""


def split_passages(
    parsed: Parsed,
    sentences: Sequence[Sentence],
    count_tokens: CountTokens,
    budget: Callable[[Paragraph], int],
    short_tokens: int = 128,
) -> list[Chunk]:
    """Return the passages of a document: runs of whole sentences, in order.

    A paragraph within the budget is never cut; neighbours of one heading and one source share a
    passage while it is short. A longer paragraph becomes several passages, each beginning with the
    last sentence of the one before if both fit. Nothing unquotable lies inside a passage but the
    names of the entries' speakers.

    Args:
        parsed: the document.
        sentences: all of its sentences, in order.
        count_tokens: counts as the model does.
        budget: word pieces allowed in a passage that begins with this paragraph.
        short_tokens: a passage this long takes no further paragraph.
    """
    tokens = count_tokens([sentence.span.cut(parsed.text) for sentence in sentences])
    chunks: list[Chunk] = []
    for paragraph, run in _runs(parsed, sentences):
        packer = _Packer(parsed.text, sentences, tokens, budget(paragraph), short_tokens)
        spans = packer.pack(run, count_tokens)
        chunks.extend(Chunk(span, first, last, paragraph.heading) for span, first, last in spans)
    return chunks


def _runs(parsed: Parsed, sentences: Sequence[Sentence]) -> Iterator[tuple[Paragraph, list[int]]]:
    """For paragraphs that may share a passage: the first, and the numbers of all sentences."""
    sections = [0]
    for before, after in pairwise(parsed.paragraphs):
        sections.append(sections[-1] + (not _belong_together(parsed, before, after)))
    for _, group in groupby(
        range(len(sentences)), lambda at: sections[sentences[at].paragraph - 1]
    ):
        run = list(group)
        yield parsed.paragraphs[sentences[run[0]].paragraph - 1], run


def _belong_together(parsed: Parsed, before: Paragraph, after: Paragraph) -> bool:
    """Whether two paragraphs have one heading and one source, and only white space between them.

    Between two entries the name of the second one's speaker may lie.
    """
    if before.heading != after.heading:
        return False
    one, other = parsed.entry_at(before.span.start), parsed.entry_at(after.span.start)
    if one is not other:
        return one is not None and other is not None and one.source == other.source
    return not parsed.text[before.span.end : after.span.start].strip()


class _Packer:
    """Fills passages with the sentences of one run."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sentence],
        tokens: Sequence[int],
        budget: int,
        short_tokens: int,
    ) -> None:
        self._text = text
        self._sentences = sentences
        self._tokens = tokens
        self._budget = budget
        self._short = min(short_tokens, budget)
        self._open: list[int] = []
        self._spans: list[tuple[Span, int, int]] = []

    def pack(self, run: list[int], count_tokens: CountTokens) -> list[tuple[Span, int, int]]:
        for _, group in groupby(run, lambda at: self._sentences[at].paragraph):
            paragraph = list(group)
            fits = self._size(self._open) + self._size(paragraph) <= self._budget
            if self._open and not (fits and self._size(self._open) < self._short):
                self._close()
            for sentence in paragraph:
                self._add(sentence, count_tokens)
        self._close()
        return self._spans

    def _add(self, sentence: int, count_tokens: CountTokens) -> None:
        size = self._tokens[sentence]
        if size > self._budget:
            self._close()
            self._spans.extend(self._cut(sentence, count_tokens))
            return
        if self._size(self._open) + size > self._budget:
            last = self._open[-1]
            self._close()
            if self._tokens[last] + size <= self._budget:
                self._open = [last]
        self._open.append(sentence)

    def _cut(self, sentence: int, count_tokens: CountTokens) -> Iterator[tuple[Span, int, int]]:
        """Parts, at white space, of a sentence longer than a passage may be."""
        span = self._sentences[sentence].span
        words = [
            Span(span.start + found.start(), span.start + found.end())
            for found in re.finditer(r"\S{1,100}", span.cut(self._text))
        ]
        counts = count_tokens([word.cut(self._text) for word in words])
        first, size = 0, 0
        for at, count in enumerate(counts):
            if size + count > self._budget and at > first:
                yield Span(words[first].start, words[at - 1].end), sentence, sentence
                first, size = at, 0
            size += count
        yield Span(words[first].start, words[-1].end), sentence, sentence

    def _close(self) -> None:
        if self._open:
            first, last = self._open[0], self._open[-1]
            span = Span(self._sentences[first].span.start, self._sentences[last].span.end)
            self._spans.append((span, first, last))
            self._open = []

    def _size(self, sentences: Sequence[int]) -> int:
        return sum(self._tokens[at] for at in sentences)
