"""A new document as rows of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from index.core.documents import Entry, NewDocument
from index.core.files import sha256_of
from index.parsers import PARSERS_VERSION
from index.store.schema import documents, entries, pages, passages, sentences


def put_document(connection: Connection, collection_id: int, new: NewDocument) -> dict[int, str]:
    """Store a document with all that belongs to it, in place of the one of the same path.

    Returns:
        the text of its passages by their new ids.
    """
    connection.execute(
        delete(documents).where(
            documents.c.collection_id == collection_id, documents.c.path == new.path
        )
    )
    values = _document_row(collection_id, new)
    inserted = connection.execute(insert(documents).values(values).returning(documents.c.id))
    document_id = inserted.scalar_one()
    parts = {
        sentences: _sentence_rows(new),
        pages: [
            {"number": number, "start": start}
            for number, start in enumerate(new.parsed.pages, start=1)
        ],
        entries: [_entry_row(entry) for entry in new.parsed.entries],
        passages: _passage_rows(new),
    }
    for table, rows in parts.items():
        _insert(connection, table, document_id, rows)
    of_document = select(passages.c.id).where(passages.c.document_id == document_id)
    ids = connection.execute(of_document.order_by(passages.c.id)).scalars()
    texts = (chunk.span.cut(new.parsed.text) for chunk in new.chunks)
    return dict(zip(ids, texts, strict=True))


def _insert(
    connection: Connection, table: Table, document_id: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    if rows:
        connection.execute(insert(table), [{"document_id": document_id, **row} for row in rows])


def _document_row(collection_id: int, new: NewDocument) -> dict[str, Any]:
    metadata = new.parsed.metadata
    return {
        "collection_id": collection_id,
        "path": new.path,
        "origin": new.origin,
        "size_bytes": new.stat.size_bytes,
        "mtime_ns": new.stat.mtime_ns,
        "sha256": new.sha256,
        "parsers_version": PARSERS_VERSION,
        "title": metadata.title,
        "published": metadata.published,
        "author": metadata.author,
        "publisher": metadata.publisher,
        "language": metadata.language,
        "url": metadata.url,
        "fetched": new.fetched,
        "text": new.parsed.text,
        "text_sha256": sha256_of(new.parsed.text),
    }


def _sentence_rows(new: NewDocument) -> list[dict[str, int]]:
    return [
        {
            "ordinal": ordinal,
            "start": sentence.span.start,
            "end": sentence.span.end,
            "paragraph": sentence.paragraph,
        }
        for ordinal, sentence in enumerate(new.sentences)
    ]


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "start": entry.start,
        "title": entry.title,
        "published": entry.published,
        "time": entry.time,
        "speaker_start": entry.speaker and entry.speaker.span.start,
        "speaker_end": entry.speaker and entry.speaker.span.end,
        "url": entry.url,
    }


def _passage_rows(new: NewDocument) -> list[dict[str, Any]]:
    rows = []
    for chunk, text in zip(new.chunks, new.embedded, strict=True):
        entry = new.parsed.entry_at(chunk.span.start)
        rows.append(
            {
                "start": chunk.span.start,
                "end": chunk.span.end,
                "first_sentence": chunk.first,
                "last_sentence": chunk.last,
                "heading": chunk.heading,
                "published": (entry and entry.published) or new.parsed.metadata.published,
                "embedding_sha256": sha256_of(text),
            }
        )
    return rows
