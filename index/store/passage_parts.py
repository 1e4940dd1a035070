"""What belongs to a stored passage: its sentences, its pages and its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from index.core.documents import Entry, Sentence, Span, Speaker
from index.store.queries import slice_of_text
from index.store.schema import documents, entries, pages, sentences


def read_sentences(connection: Connection, passage: Any) -> tuple[Sentence, ...]:
    """Return the sentences of a passage, in order."""
    query = (
        select(sentences.c.start, sentences.c.end, sentences.c.paragraph)
        .where(
            sentences.c.document_id == passage.document_id,
            sentences.c.ordinal.between(passage.first_sentence, passage.last_sentence),
        )
        .order_by(sentences.c.ordinal)
    )
    return tuple(
        Sentence(Span(row.start, row.end), row.paragraph) for row in connection.execute(query)
    )


def read_pages(connection: Connection, passage: Any) -> tuple[tuple[int, int], ...]:
    """Return number and start of the pages that a passage lies on."""
    rows = _marks(connection, pages, passage)
    return tuple((row.number, row.start) for row in rows)


def read_entries(connection: Connection, passage: Any) -> tuple[Entry, ...]:
    """Return the entries that a passage lies in."""
    speaker = slice_of_text(entries.c.speaker_start, entries.c.speaker_end).label("speaker")
    rows = _marks(connection, entries, passage, speaker)
    return tuple(
        Entry(
            start=row.start,
            title=row.title,
            published=row.published,
            time=row.time,
            speaker=_speaker(row),
            url=row.url,
        )
        for row in rows
    )


def _speaker(row: Row[Any]) -> Speaker | None:
    if row.speaker_start is None:
        return None
    return Speaker(row.speaker, Span(row.speaker_start, row.speaker_end))


def _marks(
    connection: Connection, table: Table, passage: Any, *more: ColumnElement[Any]
) -> Sequence[Row[Any]]:
    """The rows that begin inside a passage, and the last one before it, ascending by start."""
    of_document = table.c.document_id == passage.document_id
    before = select(func.max(table.c.start)).where(of_document, table.c.start <= passage.start)
    first = func.coalesce(before.scalar_subquery(), passage.start)
    query = (
        select(table, *more)
        .join(documents)
        .where(of_document, table.c.start >= first, table.c.start < passage.end)
        .order_by(table.c.start)
    )
    return connection.execute(query).all()
