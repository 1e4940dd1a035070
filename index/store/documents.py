"""Writes new documents to the tables, and reads stored ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import UTC
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, select

from index.core.documents import Document, Entry, Metadata, NewDocument
from index.core.files import FileStat, StoredFile, sha256_of
from index.store.attributions import put_attributions
from index.store.certificates import follow_name
from index.store.database import from_row
from index.store.queries import slice_of_text
from index.store.revisions import note_removal
from index.store.schema import collections, documents, entries, pages, passages, sentences

_OPENING_CHARS = 100
_ROWS = 1000
_PART_CHARS = 100_000


def put_document(connection: Connection, collection_id: int, new: NewDocument) -> dict[int, str]:
    """Store a document with all that belongs to it, in place of the one of the same path.

    Returns:
        the text of its passages by their new ids.
    """
    follow_name(connection, collection_id, new.path)
    before = and_(documents.c.collection_id == collection_id, documents.c.path == new.path)
    note_removal(connection, before)
    connection.execute(delete(documents).where(before))
    values = _document_row(new) | {"collection_id": collection_id}
    inserted = connection.execute(insert(documents).values(values).returning(documents.c.id))
    document_id = inserted.scalar_one()
    parts: dict[Any, Iterator[Mapping[str, Any]]] = {
        sentences: (
            {
                "ordinal": at,
                "start": sentence.span.start,
                "end": sentence.span.end,
                "paragraph": sentence.paragraph,
            }
            for at, sentence in enumerate(new.sentences)
        ),
        pages: (
            {"number": number, "start": start}
            for number, start in chain(enumerate(new.parsed.pages, 1), new.parsed.resumed)
        ),
        entries: map(_entry_row, new.parsed.entries),
        passages: _passage_rows(new),
    }
    for table, rows in parts.items():
        # The rows of a large document, all at once, would take more memory than the document.
        while batch := list(islice(rows, _ROWS)):
            owned = [{"document_id": document_id, **row} for row in batch]
            connection.execute(insert(table), owned)
    put_attributions(connection, document_id, new.attributions)
    of_document = select(passages.c.id).where(passages.c.document_id == document_id)
    ids = connection.execute(of_document.order_by(passages.c.id)).scalars()
    texts = (chunk.span.cut(new.parsed.text) for chunk in new.chunks)
    return dict(zip(ids, texts, strict=True))


def document_query() -> Select[Any]:
    """Return the statement whose rows `read_document` takes."""
    count = select(func.count()).where(passages.c.document_id == documents.c.id).scalar_subquery()
    opening = (
        select(slice_of_text(sentences.c.start, sentences.c.start + _OPENING_CHARS))
        .where(sentences.c.document_id == documents.c.id, sentences.c.ordinal == 0)
        .correlate(documents)
        .scalar_subquery()
    )
    return select(
        *_columns(Document, Metadata),
        collections.c.name.label("collection"),
        func.length(documents.c.text).label("characters"),
        count.label("passages"),
        func.coalesce(opening, "").label("opening"),
    ).join(collections)


def read_document(row: Row[Any]) -> Document:
    """Return the document in a row of `document_query`."""
    fetched = row.fetched and row.fetched.replace(tzinfo=UTC)
    facts = {"metadata": from_row(Metadata, row), "warnings": tuple(row.warnings)}
    facts["recognized"] = tuple(row.recognized)
    return from_row(Document, row, **facts, fetched=fetched)


def stored_file_query() -> Select[Any]:
    """Return the statement whose rows `read_stored_file` takes."""
    return select(documents.c.id.label("document_id"), *_columns(StoredFile, FileStat))


def read_stored_file(row: Row[Any]) -> StoredFile:
    """Return the document in a row of `stored_file_query`, as its folder sees it."""
    return from_row(StoredFile, row, stat=from_row(FileStat, row))


def _columns(*kinds: type[Any]) -> list[Any]:
    """The columns of a document that are named like fields of these dataclasses."""
    names = [field.name for kind in kinds for field in fields(kind)]
    return [documents.c[name] for name in names if name in documents.c]


def _document_row(new: NewDocument) -> dict[str, Any]:
    return {
        "path": new.path,
        "origin": new.origin,
        **asdict(new.stat),
        "sha256": new.sha256,
        "parsers_version": new.parsers_version,
        "attribution_version": new.attribution_version,
        **asdict(new.parsed.metadata),
        "fetched": new.fetched,
        "text": new.parsed.text,
        "text_sha256": sha256_of(new.parsed.text),
        "quotable": _quotable(new),
        "recognized": new.parsed.recognized,
        "warnings": [*new.parsed.left_out, *new.parsed.warnings],
    }


def _quotable(new: NewDocument) -> float:
    """The share of the characters, blanks apart, that lie in sentences."""
    text = new.parsed.text
    quoted = _inked(sentence.span.cut(text) for sentence in new.sentences)
    whole = _inked(text[at : at + _PART_CHARS] for at in range(0, len(text), _PART_CHARS))
    return quoted / max(1, whole)


def _inked(parts: Iterable[str]) -> int:
    """The number of characters but blanks; all words of a book at once would take 100 MB."""
    return sum(len("".join(part.split())) for part in parts)


def _entry_row(entry: Entry) -> dict[str, Any]:
    row = {field.name: getattr(entry, field.name) for field in fields(entry)}
    speaker = row.pop("speaker")
    row["speaker_start"] = speaker and speaker.span.start
    row["speaker_end"] = speaker and speaker.span.end
    return row


def _passage_rows(new: NewDocument) -> Iterator[dict[str, Any]]:
    for chunk, text in zip(new.chunks, new.embedded, strict=True):
        entry = new.parsed.entry_at(chunk.span.start)
        yield {
            "start": chunk.span.start,
            "end": chunk.span.end,
            "first_sentence": chunk.first,
            "last_sentence": chunk.last,
            "heading": chunk.heading,
            "published": (entry and entry.published) or new.parsed.metadata.published,
            "embedding_sha256": sha256_of(text),
        }
