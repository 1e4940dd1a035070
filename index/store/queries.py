"""Pieces of SQL that several modules share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from index.core.documents import Document, FileStat, Metadata, StoredFile
from index.store.schema import collections, documents, passages, sentences

T = TypeVar("T")

FLOAT32 = np.dtype("<f4")
"""How a vector is stored."""

_BATCH = 500
_OPENING_CHARS = 100


def document_query() -> Select[Any]:
    """Return the statement whose rows `read_document` takes."""
    count = (
        select(func.count())
        .where(passages.c.document_id == documents.c.id)
        .scalar_subquery()
        .label("passages")
    )
    opening = (
        select(slice_of_text(sentences.c.start, sentences.c.start + _OPENING_CHARS))
        .where(sentences.c.document_id == documents.c.id, sentences.c.ordinal == 0)
        .correlate(documents)
        .scalar_subquery()
        .label("opening")
    )
    return select(
        documents.c.id,
        collections.c.name.label("collection"),
        documents.c.path,
        documents.c.title,
        documents.c.published,
        documents.c.author,
        documents.c.publisher,
        documents.c.language,
        documents.c.url,
        documents.c.fetched,
        documents.c.sha256,
        func.length(documents.c.text).label("characters"),
        count,
        opening,
    ).join(collections)


def read_document(row: Row[Any]) -> Document:
    """Return the document in a row of `document_query`."""
    return Document(
        id=row.id,
        collection=row.collection,
        path=row.path,
        metadata=Metadata(
            row.title, row.published, row.author, row.publisher, row.language, row.url
        ),
        sha256=row.sha256,
        characters=row.characters,
        passages=row.passages,
        opening=row.opening or "",
        fetched=row.fetched and row.fetched.replace(tzinfo=UTC),
    )


def stored_file_query() -> Select[Any]:
    """Return the statement whose rows `read_stored_file` takes."""
    return select(
        documents.c.id,
        documents.c.path,
        documents.c.origin,
        documents.c.size_bytes,
        documents.c.mtime_ns,
        documents.c.sha256,
        documents.c.parsers_version,
    )


def read_stored_file(row: Row[Any]) -> StoredFile:
    """Return the document in a row of `stored_file_query`, as its folder sees it."""
    stat = FileStat(row.size_bytes, row.mtime_ns)
    return StoredFile(row.id, row.path, row.origin, stat, row.sha256, row.parsers_version)


def slice_of_text(start: Any, end: Any) -> ColumnElement[str]:
    """Return the characters [start, end) of a document's text; SQL counts from 1."""
    return func.substr(documents.c.text, start + 1, end - start)


def cut_slices(
    connection: Connection, places: Mapping[int, tuple[int, int, int]]
) -> dict[int, str]:
    """Return the characters of documents under spans, by the keys of their places.

    Each text is read once; `slice_of_text` reads all of it for each slice.

    Args:
        connection: to the store.
        places: document id, start and end by any key.
    """
    of_document: dict[int, list[int]] = {}
    for key, (document_id, _, _) in places.items():
        of_document.setdefault(document_id, []).append(key)
    slices: dict[int, str] = {}
    query = select(documents.c.id, documents.c.text)
    for batch in batches(of_document):
        # Row by row: together the texts may be large.
        for row in connection.execute(query.where(documents.c.id.in_(batch))):
            for key in of_document[row.id]:
                _, start, end = places[key]
                slices[key] = row.text[start:end]
    return slices


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items in groups small enough for the parameters of one statement."""
    listed = list(items)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]
