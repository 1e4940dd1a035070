"""A prepared document as bytes, between the process that prepares it and the one that stores it.

As objects in JSON, a sentence would take ten times the memory while it is read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from pydantic import TypeAdapter

from index.core.documents import Chunk, Paragraph, Parsed, Sentence, Span
from index.ingest.prepare import Prepared

_NUMBERS = "q"


@dataclass(frozen=True, slots=True)
class _Head:
    """All but the spans. Headings and prefixes are held once, and referred to by number."""

    parsed: Parsed
    names: list[str]
    paragraphs: int
    sentences: int


_HEAD = TypeAdapter(_Head)


def dump(prepared: Prepared) -> tuple[bytes, bytes]:
    """Return the head and the numbers of a document, for `load`."""
    names: dict[str, int] = {}

    def number(name: str) -> int:
        return names.setdefault(name, len(names))

    parsed = prepared.parsed
    numbers = array(
        _NUMBERS,
        chain(
            _flat((*_ends(one.span), number(one.heading)) for one in parsed.paragraphs),
            _flat((*_ends(one.span), one.paragraph) for one in prepared.sentences),
            _flat(
                (*_ends(one.span), one.first, one.last, number(one.heading), number(prefix))
                for one, prefix in zip(prepared.chunks, prepared.prefixes, strict=True)
            ),
        ),
    )
    bare = replace(parsed, paragraphs=())
    head = _Head(bare, list(names), len(parsed.paragraphs), len(prepared.sentences))
    return _HEAD.dump_json(head), numbers.tobytes()


def load(head: bytes, numbers: bytes) -> Prepared:
    """Return the document that `dump` was given.

    Raises:
        ValueError, IndexError, SpanError: bytes of anything else.
    """
    found = _HEAD.validate_json(head, strict=True)
    rows = array(_NUMBERS)
    rows.frombytes(numbers)
    first, second = 3 * found.paragraphs, 3 * (found.paragraphs + found.sentences)
    names = found.names
    packed = list(_rows(rows[second:], 6))
    return Prepared(
        replace(
            found.parsed,
            paragraphs=tuple(
                Paragraph(Span(start, end), names[at]) for start, end, at in _rows(rows[:first], 3)
            ),
        ),
        tuple(Sentence(Span(start, end), at) for start, end, at in _rows(rows[first:second], 3)),
        tuple(
            Chunk(Span(start, end), one, last, names[at]) for start, end, one, last, at, _ in packed
        ),
        tuple(names[row[-1]] for row in packed),
    )


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _flat(rows: Iterable[tuple[int, ...]]) -> Iterator[int]:
    return chain.from_iterable(rows)


def _rows(numbers: array[int], width: int) -> Iterator[tuple[int, ...]]:
    parts = [iter(numbers)] * width
    return zip(*parts, strict=True)
