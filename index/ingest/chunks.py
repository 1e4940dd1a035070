"""Splits documents into passages to embed: runs of whole sentences that fit the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from index.core.documents import Chunk, Paragraph, Parsed, Sentence, Span

_COUNTED_AT_ONCE = 4096
_MAX_CHARS_PER_TOKEN = 32
_MAX_GAP_CHARS = 1000

CountTokens = Callable[[Sequence[str]], list[int]]
"""Returns the word pieces of each text, without the model's special tokens."""


def split_passages(
    parsed: Parsed,
    sentences: Sequence[Sentence],
    count_tokens: CountTokens,
    budget: Callable[[Paragraph], int],
    short_tokens: int = 128,
) -> list[Chunk]:
    """Return the passages of a document, given all of its sentences in order.

    A paragraph within the budget is never cut; neighbours of one heading and one source share a
    passage until it has `short_tokens`. A longer paragraph becomes several passages, each beginning
    with the last sentence of the one before if both fit. Nothing unquotable lies inside a passage
    but the names of the entries' speakers. `budget` gives the word pieces allowed in a passage that
    begins with a paragraph; a sentence counts as at least one piece for every 32 characters.
    """
    tokens = _count(count_tokens, [sentence.span for sentence in sentences], parsed.text)
    chunks: list[Chunk] = []
    for first, run in _runs(parsed, sentences):
        limit = budget(first)
        short = min(short_tokens, limit)
        packer = _Packer(parsed.text, sentences, tokens, count_tokens, first.heading, limit, short)
        chunks += packer.pack(run)
    return chunks


def _count(count_tokens: CountTokens, spans: Sequence[Span], text: str) -> list[int]:
    """The word pieces of each span; text that makes none counts a little all the same."""
    counts: list[int] = []
    for at in range(0, len(spans), _COUNTED_AT_ONCE):
        batch = spans[at : at + _COUNTED_AT_ONCE]
        found = count_tokens([span.cut(text) for span in batch])
        counts += [
            max(tokens, 1 + len(span) // _MAX_CHARS_PER_TOKEN)
            for tokens, span in zip(found, batch, strict=True)
        ]
    return counts


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
    between = parsed.text[before.span.end : after.span.start]
    return len(between) <= _MAX_GAP_CHARS and not between.strip()


@dataclass(slots=True)
class _Packer:
    """Fills passages with the sentences of one run."""

    text: str
    sentences: Sequence[Sentence]
    tokens: Sequence[int]
    count_tokens: CountTokens
    heading: str
    budget: int
    short: int
    open: list[int] = field(default_factory=list)
    size: int = 0  # of what is open
    chunks: list[Chunk] = field(default_factory=list)

    def pack(self, run: list[int]) -> list[Chunk]:
        for _, group in groupby(run, lambda at: self.sentences[at].paragraph):
            paragraph = list(group)
            fits = self.size + sum(self.tokens[at] for at in paragraph) <= self.budget
            if self.open and not (fits and self.size < self.short):
                self._close()
            for sentence in paragraph:
                self._add(sentence)
        self._close()
        return self.chunks

    def _add(self, sentence: int) -> None:
        size = self.tokens[sentence]
        if size > self.budget:
            self._close()
            self._cut(sentence)
            return
        if self.size + size > self.budget:
            last = self.open[-1]
            self._close()
            if self.tokens[last] + size <= self.budget:
                self.open, self.size = [last], self.tokens[last]
        self.open.append(sentence)
        self.size += size

    def _cut(self, sentence: int) -> None:
        """Make passages of a sentence longer than one may be, cut at white space."""
        start = self.sentences[sentence].span.start
        words = [
            Span(start + found.start(), start + found.end())
            for found in re.finditer(r"\S{1,100}", self.sentences[sentence].span.cut(self.text))
        ]
        counts = _count(self.count_tokens, words, self.text)
        first, size = 0, 0
        for at, count in enumerate(counts):
            if size + count > self.budget and at > first:
                self._take(words[first], words[at - 1], sentence, sentence)
                first, size = at, 0
            size += count
        self._take(words[first], words[-1], sentence, sentence)

    def _close(self) -> None:
        if self.open:
            first, last = self.open[0], self.open[-1]
            self._take(self.sentences[first].span, self.sentences[last].span, first, last)
            self.open, self.size = [], 0

    def _take(self, begin: Span, end: Span, first: int, last: int) -> None:
        self.chunks.append(Chunk(Span(begin.start, end.end), first, last, self.heading))
