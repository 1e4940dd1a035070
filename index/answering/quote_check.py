"""Checks whether a text is in the documents: word for word, altered, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from index.core.answers import Quote
from index.core.documents import Paragraph, Passage, Span
from index.core.errors import QuestionError
from index.core.lazy_text import Phrase
from index.text.diff import Diff, compare
from index.text.normalization import Folded, fold_space, fold_typography
from index.text.paraphrase import normalize
from index.text.sentences import split_sentences

MAX_CHARS = 2000
MAX_SENTENCES = 12
MIN_SIMILARITY = 0.6
"""Share of words in order; below it, a sentence is a different one, not an altered one."""

_MIN_PART_WORDS = 6
_PART_DISCOUNT = 0.9
_QUOTE_MARKS = "\"'“”‘’„‚«»‹› \t\n"
_BLOCK = re.compile(r"\S(?:(?!\n\s*\n).)*", re.DOTALL)

Find = Callable[[str], Sequence[Passage]]
"""Returns the passages that may hold a text, best first."""


class Verdict(StrEnum):
    """The result of comparing a text with the documents."""

    EXACT = "exact"  # except for white space
    # Exact except for the shape of quotation marks, dashes and the like, and for a capital at the
    # beginning and a full stop at the end: a quote may begin or end inside its sentence.
    TYPOGRAPHY = "typography"
    ALTERED = "altered"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a text, or on one of its sentences."""

    text: str
    verdict: Verdict
    quote: Quote | None = None  # whole sentences; `answer` marks the part that was given
    diff: Diff = ()  # from `text`, or a part of it, to the document

    @property
    def is_part(self) -> bool:
        """Whether the document's sentence is longer than the given text."""
        return bool(self.quote and self.quote.answer)


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring sentences of one paragraph of a passage."""

    passage: Passage
    first: int
    count: int

    @property
    def span(self) -> Span:
        sentences = self.passage.sentences[self.first : self.first + self.count]
        return Span(sentences[0].span.start, sentences[-1].span.end)

    @property
    def text(self) -> str:
        return self.passage.cut(self.span)

    def quote(self, score: float, part: Span | None = None) -> Quote:
        """Return the window as a quote that marks `part`, given in the window's offsets."""
        start = self.span.start
        marked = () if part is None else (Span(start + part.start, start + part.end),)
        return Quote.from_passage(self.passage, self.span, score, marked)


def check_quote(text: str, find: Find) -> tuple[Finding, ...]:
    """Return one finding for a text that is quoted as a whole, else one per sentence.

    Raises:
        QuestionError: empty, or too long.
    """
    sentences = split_quote(text)
    found = locate(text.strip(), find(text), len(sentences))
    if len(sentences) == 1 or found.verdict in {Verdict.EXACT, Verdict.TYPOGRAPHY}:
        return (found,)
    return tuple(locate(sentence, find(sentence)) for sentence in sentences)


def split_quote(text: str) -> list[str]:
    """Return the sentences of a text that is given as a quote.

    Raises:
        QuestionError: empty, or too long.
    """
    if len(text) > MAX_CHARS:
        raise QuestionError(
            Phrase(
                "the text has {characters} characters, the limit is {limit}; check it in parts",
                characters=len(text),
                limit=MAX_CHARS,
            )
        )
    paragraphs = [Paragraph(Span(*block.span())) for block in _BLOCK.finditer(text)]
    sentences = [sentence.span.cut(text) for sentence in split_sentences(text, paragraphs)]
    if not any(map(normalize, sentences)):
        raise QuestionError(
            Phrase("there is nothing to check; write the sentence after the command")
        )
    if len(sentences) > MAX_SENTENCES:
        raise QuestionError(
            Phrase(
                "the text has {sentences} sentences, the limit is {limit}; check it in parts",
                sentences=len(sentences),
                limit=MAX_SENTENCES,
            )
        )
    return sentences


def locate(text: str, passages: Sequence[Passage], sentences: int = 1) -> Finding:
    """Return the best place of a text in the passages, or the sentences that come closest to it.

    `sentences` is how many the text has; it may also be a part of one. Ties go to earlier passages.
    """
    windows = [w for passage in passages for w in _windows(passage, sentences + 1)]
    for verdict, fold in ((Verdict.EXACT, fold_space), (Verdict.TYPOGRAPHY, fold_typography)):
        folded = [fold(window.text) for window in windows]
        for given, wanted in dict.fromkeys(_wordings(text, verdict)):
            if found := _find_verbatim(given, fold(wanted), windows, folded, verdict):
                return found
    return _find_altered(text, windows)


def _wordings(text: str, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Pairs of the given text and a wording that earns it `verdict`, nearest first."""
    bare = text.strip(_QUOTE_MARKS)
    yield from ((text, text), (bare, bare))
    if verdict is Verdict.TYPOGRAPHY:
        for ended in (bare, bare.removesuffix(".")):
            yield from ((bare, ended), (bare, ended[:1].swapcase() + ended[1:]))


def _windows(passage: Passage, max_count: int) -> Iterator[_Window]:
    """The windows of up to `max_count` sentences, shortest first."""
    sentences = passage.sentences
    for count in range(1, max_count + 1):
        for first in range(len(sentences) - count + 1):
            if sentences[first].paragraph == sentences[first + count - 1].paragraph:
                yield _Window(passage, first, count)


def _find_verbatim(
    text: str,
    wanted: Folded,
    windows: Sequence[_Window],
    folded: Sequence[Folded],
    verdict: Verdict,
) -> Finding | None:
    """The first window that equals the text, or else the first that contains it."""
    best: Finding | None = None
    for window, of_window in zip(windows, folded, strict=True):
        if (place := of_window.find_words(wanted.text)) is None:
            continue
        part = of_window.origin(*place)
        is_whole = place == (0, len(of_window.text))
        if is_whole or best is None:
            diff = () if verdict is Verdict.EXACT else compare(text, part.cut(window.text))
            best = Finding(text, verdict, window.quote(1.0, None if is_whole else part), diff)
        if is_whole:
            break
    return best


def _find_altered(text: str, windows: Sequence[_Window]) -> Finding:
    words = normalize(text).split()
    best, similarity = None, 0.0
    for window in windows:
        alike = _similarity(words, normalize(window.text).split())
        if alike > similarity:
            best, similarity = window, alike
    if best is None or similarity < MIN_SIMILARITY:
        return Finding(text, Verdict.NOT_FOUND)
    return Finding(text, Verdict.ALTERED, best.quote(similarity), compare(text, best.text))


def _similarity(given: Sequence[str], found: Sequence[str]) -> float:
    """The similarity of two texts, 0..1; the first may be a run of words of the second."""
    whole = Indel.normalized_similarity(given, found)
    if not _MIN_PART_WORDS <= len(given) < len(found):
        return whole
    return max(whole, _PART_DISCOUNT * fuzz.partial_ratio(given, found) / 100)
