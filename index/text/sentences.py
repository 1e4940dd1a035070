"""Sentences of a document's paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import regex
import sentencex

from index.core.documents import Paragraph, Sentence, Span
from index.text.languages.stop_words import STOP_WORDS

MAX_SENTENCE_CHARS = 1500
"""Anything longer is a table or a text without full stops, and is cut at a softer border."""

_SUSPECT_CHARS = 300
_WINDOW_CHARS = 4000
_MAX_OPENING_CHARS = 100
_QUOTE_MARKS = str.maketrans(dict.fromkeys("\"“”„«»‘’'—–-()[]", "_"))
_SOFT_BORDER = re.compile(r".*[;:,.\n](?=\s)|.*(?=\s)", re.DOTALL)
_CLOSING = re.compile(r"[\W_]+")
# Possessive: many marks in a row must not be tried in all their divisions.
_OPENING = re.compile(r"[\W_]*+(?:\d{1,3}|\w)?[\W_]*+")
# In these languages a full stop makes a number an ordinal: "im 19. Jahrhundert".
_WITH_ORDINALS = frozenset(
    ("cs", "da", "de", "et", "fi", "hr", "hu", "lv", "no", "pl", "sk", "sl", "sr", "tr")
)
_ORDINAL = re.compile(r"(?<![\d.,:])\d\d?\.$")
_INITIAL = regex.compile(r"(?<![\p{L}\p{M}\p{N}])\p{L}\.$")
_SHORT = regex.compile(r"(?<![\p{L}\p{M}\p{N}])\p{L}{1,4}\.$")
# One letter of a title, a name or a calendar: "د. أحمد", "ه.ش."
_ARABIC_LETTER = regex.compile(r"(?<![\p{L}\p{M}\p{N}]|\p{N} )\p{Arabic}\.$")
_ABBREVIATIONS = {
    "de": "Fa Hr Hrn Abb Tab Kap",
    "es": "mill núm fig cap vol",
    "fr": "av apr chap fig env vol",
    "ru": "корп рис табл кв пер просп тел",
    "uk": "корп рис табл кв просп тел бул див",
}
"""Those that the library does not know, and that no sentence ends in."""
_ABBREVIATED = {
    language: regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?:{'|'.join(words.split())})\.$")
    for language, words in _ABBREVIATIONS.items()
}
_LONGEST_TAIL = 8
_FIRST_WORD = regex.compile(r"[\p{L}\p{M}]+")


def split_sentences(
    text: str, paragraphs: Sequence[Paragraph], language: str = "en"
) -> list[Sentence]:
    """Return the sentences of `paragraphs`, in order, none of them blank.

    Together they hold every character of the paragraphs but the white space between them.
    Abbreviations and marks are those of the language, a code of two letters.
    """
    return list(iterate_sentences(text, paragraphs, language))


def iterate_sentences(
    text: str, paragraphs: Sequence[Paragraph], language: str = "en"
) -> Iterator[Sentence]:
    """Yield what `split_sentences` returns, in time linear in the length of `text`."""
    for number, paragraph in enumerate(paragraphs, start=1):
        for span in _sentence_spans(text, paragraph.span, language):
            yield Sentence(span, number)


def _sentence_spans(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    pending: Span | None = None
    opens = False
    for span in _raw_spans(paragraph.cut(text), paragraph.start, language):
        if pending is not None and (
            opens or _CLOSING.fullmatch(span.cut(text)) or _goes_on(text, pending, span, language)
        ):
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
    """Whether a span is only the number or the marks before a sentence."""
    return len(span) <= _MAX_OPENING_CHARS and bool(_OPENING.fullmatch(span.cut(text)))


def _goes_on(text: str, before: Span, after: Span, language: str) -> bool:
    """Whether what the library took for two sentences is one.

    It knows English well, but for "non-U.S." among marks that were masked.
    """
    tail = text[max(before.start, before.end - _LONGEST_TAIL) : before.end]
    is_abbreviation = before.end == after.start and _INITIAL.search(tail) is not None
    if language == "en":
        return is_abbreviation and text[after.start].isalpha()
    known = _ABBREVIATED.get(language)
    if is_abbreviation or _ARABIC_LETTER.search(tail) or (known and known.search(tail)):
        return True
    word = _FIRST_WORD.match(text, after.start, after.end)
    if word is None:
        return False
    if word[0].islower() and _SHORT.search(tail):
        return True
    is_ordinal = language in _WITH_ORDINALS and _ORDINAL.search(tail) is not None
    return is_ordinal and word[0].casefold() not in STOP_WORDS.get(language, ())


def _raw_spans(cut: str, offset: int, language: str) -> Iterator[Span]:
    for start, end in _windowed_boundaries(cut, language):
        piece = cut[start:end]
        if len(piece) <= _SUSPECT_CHARS:
            yield from _strip(piece, offset + start)
            continue
        # After a stray quotation mark or dash the library takes all up to the next one for a single
        # sentence. Masked, the marks no longer count; the text keeps its length.
        for inner_start, inner_end in _boundaries(piece.translate(_QUOTE_MARKS), language):
            yield from _strip(piece[inner_start:inner_end], offset + start + inner_start)


def _windowed_boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The boundaries of a text of any length; beyond a window the library takes quadratic time."""
    at = 0
    while len(text) - at > _WINDOW_CHARS:
        window = text[at : at + _WINDOW_CHARS]
        # What stands near the end of a window may go on after it.
        kept = [found for found in _boundaries(window, language) if found[1] <= _WINDOW_CHARS // 2]
        end = kept[-1][1] if kept else _soft_end(window[: _WINDOW_CHARS // 2])
        yield from ((at + start, at + end) for start, end in kept or [(0, end)])
        at += end
    yield from ((at + start, at + end) for start, end in _boundaries(text[at:], language))


def _boundaries(text: str, language: str) -> list[tuple[int, int]]:
    return [
        (found["start_index"], found["end_index"])
        for found in sentencex.get_sentence_boundaries(language, text)
    ]


def _strip(piece: str, start: int) -> Iterator[Span]:
    if body := piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield Span(start, start + len(body))


def _cap(text: str, span: Span) -> Iterator[Span]:
    """`span` in pieces of at most MAX_SENTENCE_CHARS, cut at punctuation or else white space."""
    start = span.start
    while span.end - start > MAX_SENTENCE_CHARS:
        end = start + _soft_end(text[start : start + MAX_SENTENCE_CHARS])
        yield from _strip(text[start:end], start)
        start = end
    yield from _strip(text[start : span.end], start)


def _soft_end(window: str) -> int:
    """Where to cut a window: behind its last punctuation, or else its last word; at its end."""
    border = _SOFT_BORDER.match(window)
    return border.end() if border and border.end() else len(window)
