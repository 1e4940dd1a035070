"""A document's paragraphs to sentences, and sentences to the passages that are embedded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

import sentencex

from index.core.documents import Chunk, Paragraph, Parsed, Sentence, Span

CountTokens = Callable[[Sequence[str]], list[int]]
"""Word pieces of each text, without the model's special tokens."""

MAX_SENTENCE_CHARS = 1500
"""A longer "sentence" is a table or a text without full stops, and is cut at a softer border."""

_SUSPECT_CHARS = 300
_MAX_OPENING_CHARS = 100
_QUOTE_MARKS = str.maketrans(dict.fromkeys("\"“”„«»‘’'—–-()[]", "_"))
_SOFT_BORDER = re.compile(r".*[;:,.\n](?=\s)|.*(?=\s)", re.DOTALL)
_CLOSING = re.compile(r"[\W_]+")
# Possessive: many marks in a row must not be tried in all their divisions.
_OPENING = re.compile(r"[\W_]*+(?:\d{1,3}|\w)?[\W_]*+")


def split_sentences(text: str, paragraphs: Sequence[Paragraph]) -> list[Sentence]:
    """Return the sentences of `paragraphs`, in order, none of them blank.

    Together they hold every character of a paragraph but the white space between them.
    """
    return [
        Sentence(span, number)
        for number, paragraph in enumerate(paragraphs, start=1)
        for span in _sentence_spans(text, paragraph.span)
    ]


def split_passages(
    parsed: Parsed,
    sentences: Sequence[Sentence],
    count_tokens: CountTokens,
    budget: Callable[[Paragraph], int],
    short_tokens: int = 128,
) -> list[Chunk]:
    """Return the passages of a document: runs of whole sentences, in order.

    A paragraph within the budget is never cut; neighbours under the same heading and of the same
    source share a passage while it is short. A longer paragraph becomes several passages, each
    beginning with the last sentence of the one before where both fit. Nothing unquotable lies
    inside a passage but what says whose each entry is.

    Args:
        parsed: the document.
        sentences: its sentences.
        count_tokens: word pieces of texts, as the model counts them.
        budget: word pieces that a passage which begins with this paragraph may have.
        short_tokens: a passage this long takes no further paragraph.
    """
    tokens = count_tokens([sentence.span.cut(parsed.text) for sentence in sentences])
    chunks: list[Chunk] = []
    for paragraph, run in _runs(parsed, sentences):
        packer = _Packer(parsed.text, sentences, tokens, budget(paragraph), short_tokens)
        spans = packer.pack(run, count_tokens)
        chunks.extend(Chunk(span, first, last, paragraph.heading) for span, first, last in spans)
    return chunks


def _sentence_spans(text: str, paragraph: Span) -> Iterator[Span]:
    pending: Span | None = None
    opens = False
    for span in _raw_spans(paragraph.cut(text), paragraph.start):
        if pending is not None and (opens or _CLOSING.fullmatch(span.cut(text))):
            pending = Span(pending.start, span.end)
            opens = opens and _opens(text, pending)
            continue
        if pending is not None:
            yield from _cap(text, pending)
        pending = span
        opens = _opens(text, pending)
    if pending is not None:
        yield from _cap(text, pending)


def _opens(text: str, span: Span) -> bool:
    """Whether it is no sentence but the number or the marks before one."""
    return len(span) <= _MAX_OPENING_CHARS and bool(_OPENING.fullmatch(span.cut(text)))


def _raw_spans(cut: str, offset: int) -> Iterator[Span]:
    for start, end in _boundaries(cut):
        piece = cut[start:end]
        if len(piece) <= _SUSPECT_CHARS:
            yield from _strip(piece, offset + start)
            continue
        # A stray quotation mark or dash makes the library take all up to the next one for a single
        # sentence. Masked, the marks no longer count; the text keeps its length.
        for inner_start, inner_end in _boundaries(piece.translate(_QUOTE_MARKS)):
            yield from _strip(piece[inner_start:inner_end], offset + start + inner_start)


def _boundaries(text: str) -> list[tuple[int, int]]:
    return [
        (found["start_index"], found["end_index"])
        for found in sentencex.get_sentence_boundaries("en", text)
    ]


def _strip(piece: str, start: int) -> Iterator[Span]:
    if body := piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield Span(start, start + len(body))


def _cap(text: str, span: Span) -> Iterator[Span]:
    """`span`, in pieces of at most MAX_SENTENCE_CHARS that end at the softest border there is."""
    start = span.start
    while span.end - start > MAX_SENTENCE_CHARS:
        window = text[start : start + MAX_SENTENCE_CHARS]
        border = _SOFT_BORDER.match(window)
        end = start + (border.end() if border and border.end() else len(window))
        yield from _strip(text[start:end], start)
        start = end
    yield from _strip(text[start : span.end], start)


def _runs(parsed: Parsed, sentences: Sequence[Sentence]) -> Iterator[tuple[Paragraph, list[int]]]:
    """Sentence numbers of neighbouring paragraphs that may share a passage, with the first one."""
    sections = [0]
    for before, after in pairwise(parsed.paragraphs):
        sections.append(sections[-1] + (not _belong_together(parsed, before, after)))
    for _, group in groupby(
        range(len(sentences)), lambda at: sections[sentences[at].paragraph - 1]
    ):
        run = list(group)
        yield parsed.paragraphs[sentences[run[0]].paragraph - 1], run


def _belong_together(parsed: Parsed, before: Paragraph, after: Paragraph) -> bool:
    """Whether the two have one heading and one source, and only white space lies between them.

    Between two entries may lie what says whose the second is.
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
        """Parts of a sentence that is longer than a passage may be, at white space."""
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
