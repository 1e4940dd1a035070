"""Finds the same statement in several documents, to quote it once and cite them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from index.core.answers import Quote
from index.core.documents import Document, Passage, Span
from index.core.scope import Scope
from index.reader import Reading, Retrieved
from index.store.passages import PassageReader
from index.text.paraphrase import normalize, say_the_same, words_of

MAX_SIBLINGS = 32
"""How many near-duplicate passages are searched for further places of a quote."""


def adds_something(passage: Passage, better: Sequence[Retrieved]) -> bool:
    """Whether a passage has a sentence that no better passage of another document repeats."""
    said = [
        item.passage.cut(sentence.span)
        for item in better
        if item.passage.document.id != passage.document.id
        for sentence in item.passage.sentences
    ]
    sentences = (passage.cut(sentence.span) for sentence in passage.sentences)
    return not all(
        not words_of(text) or any(say_the_same(text, other) for other in said) for text in sentences
    )


def repeats(one: Reading, other: Reading) -> bool:
    """Whether two readings are the same text, or those of two documents say the same."""
    texts = one.text, other.text
    of_one_document = one.passage.document.id == other.passage.document.id
    return texts[0] == texts[1] or (not of_one_document and say_the_same(*texts))


def find_also(reading: Reading, passages: Iterable[Passage]) -> list[Reading]:
    """Return the readings of other documents that say the same as `reading`, one per document.

    Identical wordings come first, then the earliest published. If a document splits the reading
    over several paragraphs, only the sentences with the short answer are returned.
    """
    found: dict[int, Reading] = {}
    wanted = normalize(reading.text)

    # A cheap filter: sentences that say the same share nearly all words, most passages few.
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


def _find_place(reading: Reading, passage: Passage) -> Reading | None:
    for span, count in _parts(reading):
        text = reading.passage.cut(span)
        for size in dict.fromkeys((count, count + 1, max(1, count - 1))):
            for first in range(len(passage.sentences) - size + 1):
                window = passage.sentences[first : first + size]
                place = Span(window[0].span.start, window[-1].span.end)
                is_one_paragraph = window[0].paragraph == window[-1].paragraph
                if is_one_paragraph and say_the_same(text, passage.cut(place)):
                    start = passage.first + first
                    return Reading(passage, start, start + size - 1, place, reading.score)
    return None


def _parts(reading: Reading) -> list[tuple[Span, int]]:
    """The spans of the reading and of its sentences with the short answer, each with its count."""
    first = reading.passage.first
    sentences = reading.passage.sentences[reading.first - first : reading.last - first + 1]
    core = [s.span for s in sentences if any(s.span.overlaps(span) for span in reading.answer)]
    parts = [(reading.span, len(sentences))]
    if core:
        parts.append((Span(core[0].start, core[-1].end), len(core)))
    return parts


def _age(reading: Reading) -> tuple[date, str]:
    entry = reading.passage.entry_at(reading.span.start)
    document = reading.passage.document
    published = (entry and entry.published) or document.metadata.published
    return published or date.max, document.path


def also_in(
    reading: Reading, found: Sequence[Passage], passages: PassageReader, scope: Scope
) -> tuple[Quote, ...]:
    """Return quotes of other documents that say the same, among those found and near-duplicates.

    Copies of one document under several names are one source.
    """
    known = {passage.id for passage in found}
    ids = passages.duplicates(reading.passage.document.id, reading.span, scope)
    siblings = [passage_id for passage_id in ids if passage_id not in known][:MAX_SIBLINGS]
    others = find_also(reading, [*found, *(passages.read(siblings) if siblings else ())])
    sources = {_source_of(reading.passage.document, passages)}
    also = []
    for other in (place.to_quote() for place in others):
        if (source := _source_of(other.document, passages)) not in sources:
            sources.add(source)
            also.append(other)
    return tuple(also)


def _source_of(document: Document, passages: PassageReader) -> tuple[str | None, ...]:
    """What two files have in common that are copies of one document."""
    metadata = document.metadata
    return passages.fingerprint(document.id), metadata.title, metadata.publisher
