"""Reads the sentences around a quote, those that a document begins with, and a whole document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, func, or_, select

from index.core.answers import Quote
from index.core.documents import Span
from index.core.errors import DocumentError
from index.store.database import fetch
from index.store.passages import PassageReader
from index.store.queries import slice_of_text
from index.store.schema import collections, documents, pages, sentences

CONTEXT_SENTENCES = 2


def read_context(reader: PassageReader, quote: Quote) -> tuple[Quote, ...]:
    """Return a quote with up to CONTEXT_SENTENCES on either side, in the order of the document.

    Sentences are joined to one quote unless a heading, a caption or the beginning of another entry
    lies between them. The piece that holds `quote` has all of it as its short answer, and its
    paragraph and page; the others have no short answer.

    Raises:
        DocumentError: the document is gone, or has other characters at this place by now.
    """
    with reader.engine.connect() as connection:
        document_id = _find(connection, quote)
        found = _sentences(connection, document_id, quote.span)
    around = Span(found[0].start, found[-1].end)
    text = reader.cut(document_id, around)
    passages = reader.read(reader.overlapping(document_id, around))
    pieces: list[Quote] = []
    places: list[Quote] = []
    for sentence in found:
        passage = next((p for p in passages if p.span.covers(sentence)), None)
        if passage is None:
            raise _changed(quote)
        piece = Quote.from_passage(passage, sentence)
        if sentence.overlaps(quote.span):
            places.append(piece)
        if pieces and (joined := _join(pieces[-1], piece, text, around.start)):
            pieces[-1] = joined
        else:
            pieces.append(piece)
    return tuple(_mark(piece, quote.span, places) for piece in pieces)


def read_opening(reader: PassageReader, document_id: int) -> Quote:
    """Return the first sentence of a document with up to CONTEXT_SENTENCES after it.

    Raises:
        DocumentError: there is no such document, or no sentence in it.
    """
    query = select(sentences.c.start, sentences.c.end).where(
        sentences.c.document_id == document_id, sentences.c.ordinal == 0
    )
    for row in fetch(reader.engine, query):
        first = Span(row.start, row.end)
        for passage in reader.read(reader.overlapping(document_id, first)):
            opening, *_others = read_context(reader, Quote.from_passage(passage, first))
            return replace(opening, answer=())
    raise DocumentError(f"document {document_id}", "no sentence of it is in the index")


def _find(connection: Connection, quote: Quote) -> int:
    """The id of a document that still has the quote's characters at its place."""
    document, span = quote.document, quote.span
    same_path = documents.c.path == document.path
    query = (
        select(documents.c.id, slice_of_text(span.start, span.end).label("text"))
        .join(collections)
        .where(collections.c.name == document.collection)
        .where(or_(same_path, documents.c.sha256 == document.sha256))
        .order_by(same_path.desc(), documents.c.id)
    )
    for row in connection.execute(query):
        if row.text == quote.text:
            return int(row.id)
    raise _changed(quote)


def _changed(quote: Quote) -> DocumentError:
    return DocumentError(quote.document.path, "changed or removed since it was quoted")


def _sentences(connection: Connection, document_id: int, span: Span) -> list[Span]:
    """The sentences under a span and those around it."""
    of_document = sentences.c.document_id == document_id
    inside = select(func.min(sentences.c.ordinal), func.max(sentences.c.ordinal)).where(
        of_document, sentences.c.start < span.end, sentences.c.end > span.start
    )
    first, last = connection.execute(inside).one()
    first, last = first - CONTEXT_SENTENCES, last + CONTEXT_SENTENCES
    around = select(sentences.c.start, sentences.c.end).where(
        of_document, sentences.c.ordinal.between(first, last)
    )
    in_order = connection.execute(around.order_by(sentences.c.ordinal))
    return [Span(row.start, row.end) for row in in_order]


def _join(one: Quote, other: Quote, text: str, offset: int) -> Quote | None:
    """Two successive quotes as one, if nothing lies between; `text` begins at `offset`."""
    span = Span(one.span.start, other.span.end)
    between = text[one.span.end - offset : other.span.start - offset]
    if between.strip() or one.entry != other.entry:
        return None
    return replace(one, span=span, text=text[span.start - offset : span.end - offset])


def _mark(piece: Quote, span: Span, places: Sequence[Quote]) -> Quote:
    """A piece with the part under `span`, if any, marked; paragraph and page are that part's."""
    if not piece.span.overlaps(span):
        return piece
    marked = Span(max(piece.span.start, span.start), min(piece.span.end, span.end))
    at = next(place for place in places if piece.span.covers(place.span))
    return replace(piece, answer=(marked,), paragraph=at.paragraph, page=at.page)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A document's text and its parts. It is too large to be compared: each is another.

    Attributes:
        paragraphs: the number of each that may be quoted, from 1, and its span; ascending.
        pages: the number and the offset of each page, by offset; empty without pages. One to which
            the text comes back is there again.
    """

    text: str
    paragraphs: tuple[tuple[int, Span], ...]
    pages: tuple[tuple[int, int], ...]

    def begins(self, number: int, offset: int) -> bool:
        """Whether a page begins at an offset, and is not one to which the text comes back."""
        return next(start for page, start in self.pages if page == number) == offset


def read_outline(engine: Engine, document_id: int, text: str) -> Outline:
    of_paragraph = (
        select(
            sentences.c.paragraph,
            func.min(sentences.c.start).label("start"),
            func.max(sentences.c.end).label("end"),
        )
        .where(sentences.c.document_id == document_id)
        .group_by(sentences.c.paragraph)
        .order_by("start")
    )
    of_page = (
        select(pages.c.number, pages.c.start)
        .where(pages.c.document_id == document_id)
        .order_by(*pages.primary_key)
    )
    return Outline(
        text,
        tuple((row.paragraph, Span(row.start, row.end)) for row in fetch(engine, of_paragraph)),
        tuple((row.number, row.start) for row in fetch(engine, of_page)),
    )
