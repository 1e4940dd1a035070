"""Takes what OCR is not sure of out of what may be quoted."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import groupby

from index.core.documents import Paragraph, Parsed, Span
from index.text.sentences import split_sentences


def without_doubtful(parsed: Parsed) -> Parsed:
    """Return a document in whose paragraphs no sentence has a doubtful word."""
    if not parsed.doubtful:
        return parsed
    paragraphs: list[Paragraph] = []
    dropped = 0
    for paragraph in parsed.paragraphs:
        if not _is_doubtful(parsed.doubtful, paragraph.span):
            paragraphs.append(paragraph)
            continue
        sentences = [one.span for one in split_sentences(parsed.text, (paragraph,))]
        for is_doubtful, run in groupby(sentences, lambda at: _is_doubtful(parsed.doubtful, at)):
            spans = list(run)
            if is_doubtful:
                dropped += len(spans)
            else:
                whole = Span(spans[0].start, spans[-1].end)
                paragraphs.append(replace(paragraph, span=whole))
    what, them = ("sentence is", "it") if dropped == 1 else ("sentences are", "them")
    told = f"{dropped:,} {what} not quoted, since OCR is not sure of a word in {them}"
    return replace(parsed, paragraphs=tuple(paragraphs), warnings=(*parsed.warnings, told))


def _is_doubtful(words: tuple[Span, ...], span: Span) -> bool:
    """Whether one of the words, ascending, lies in a span."""
    at = bisect_right(words, span.start, key=lambda word: word.end)
    return at < len(words) and words[at].start < span.end
