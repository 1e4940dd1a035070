"""The same story in several documents: read once, quoted once, and cited wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from index.core.documents import Passage, Sentence, Span
from index.reader import Reading, Retrieved
from index.text.paraphrase import normalize, say_the_same, words_of

MAX_SIBLINGS = 32
"""Passages that are looked through for where else a quote stands."""


def adds_something(passage: Passage, better: Sequence[Retrieved]) -> bool:
    """Whether it has a sentence that no better passage, of another document, says as well."""
    said = [
        item.passage.cut(sentence.span)
        for item in better
        if item.passage.document.id != passage.document.id
        for sentence in item.passage.sentences
    ]
    return not all(_is_said(passage.cut(sentence.span), said) for sentence in passage.sentences)


def repeats(one: Reading, other: Reading) -> bool:
    """Whether two readings are the same text, or those of two documents say the same."""
    texts = one.text, other.text
    of_one_document = one.passage.document.id == other.passage.document.id
    return texts[0] == texts[1] or (not of_one_document and say_the_same(*texts))


def find_also(reading: Reading, passages: Iterable[Passage]) -> list[Reading]:
    """Return where other documents say what `reading` says, one place in each.

    Those with the very same words come first, then the earliest published. Where a document says it
    in several paragraphs, it is cited for the sentences with the short answer, if there is one.
    """
    found: dict[int, Reading] = {}
    wanted = normalize(reading.text)

    # Of a sentence that says the same nearly all words are the same; most passages have few.
    words = {word.key for word in words_of(reading.passage.cut(_parts(reading)[-1][0]))}

    def may_say(passage: Passage) -> bool:
        shared = words & {word.key for word in words_of(passage.text)}
        return 2 * len(shared) >= len(words)

    def is_reworded(place: Reading) -> bool:
        return normalize(place.text) != wanted

    for passage in passages:
        document = passage.document.id
        if document == reading.passage.document.id or not may_say(passage):
            continue
        place = _find_place(reading, passage)
        if place and (document not in found or is_reworded(found[document]) > is_reworded(place)):
            found[document] = place
    return sorted(found.values(), key=lambda place: (is_reworded(place), *_age(place)))


def _is_said(sentence: str, said: Sequence[str]) -> bool:
    return not words_of(sentence) or any(say_the_same(sentence, other) for other in said)


def _find_place(reading: Reading, passage: Passage) -> Reading | None:
    for span, count in _parts(reading):
        text = reading.passage.cut(span)
        for size in dict.fromkeys((count, count + 1, max(1, count - 1))):
            for first in range(len(passage.sentences) - size + 1):
                window = passage.sentences[first : first + size]
                place = Span(window[0].span.start, window[-1].span.end)
                if _is_one_paragraph(window) and say_the_same(text, passage.cut(place)):
                    start = passage.first + first
                    return Reading(passage, start, start + size - 1, place, reading.score)
    return None


def _parts(reading: Reading) -> list[tuple[Span, int]]:
    """The reading, and those of its sentences that hold the short answer; with their numbers."""
    first = reading.passage.first
    sentences = reading.passage.sentences[reading.first - first : reading.last - first + 1]
    core = [s.span for s in sentences if any(s.span.overlaps(span) for span in reading.answer)]
    parts = [(reading.span, len(sentences))]
    if core:
        parts.append((Span(core[0].start, core[-1].end), len(core)))
    return parts


def _is_one_paragraph(window: Sequence[Sentence]) -> bool:
    return window[0].paragraph == window[-1].paragraph


def _age(reading: Reading) -> tuple[date, str]:
    entry = reading.passage.entry_at(reading.span.start)
    document = reading.passage.document
    published = (entry and entry.published) or document.metadata.published
    return published or date.max, document.path
