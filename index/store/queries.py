"""Pieces of SQL that several modules share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Column, ColumnElement, Connection, Row, Select, func, or_, select

from index.core.documents import Document, FileStat, Metadata, StoredFile
from index.core.scope import Scope
from index.store.schema import collections, documents, entries, passages, sentences

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


def within(query: Select[Any], scope: Scope) -> Select[Any]:
    """Return a query of passages, documents and collections with only what `scope` holds."""
    query = query.where(collections.c.name.in_(scope.collections))
    if scope.since is not None:
        query = query.where(passages.c.published >= scope.since)
    if scope.until is not None:
        query = query.where(passages.c.published <= scope.until)
    if scope.documents is not None:
        query = query.where(documents.c.id.in_(scope.documents))
    if scope.source is not None:
        query = query.where(_is_from(scope.source))
    return query


def in_entry() -> tuple[ColumnElement[bool], ...]:
    """What holds for the entry in which a passage begins."""
    earlier = entries.alias()
    start = (
        select(func.max(earlier.c.start))
        .where(earlier.c.document_id == passages.c.document_id, earlier.c.start <= passages.c.start)
        .correlate(passages)
        .scalar_subquery()
    )
    return entries.c.document_id == passages.c.document_id, entries.c.start == start


def _is_from(source: str) -> ColumnElement[bool]:
    """Whether a passage's document, or its entry in it, is named or published like this."""
    named = (documents.c.title, documents.c.path, documents.c.publisher, documents.c.url)
    of_entry = _contains((entries.c.title, entries.c.url), source)
    entry = select(entries.c.start).where(*in_entry(), of_entry).correlate(passages)
    return or_(_contains(named, source), entry.exists())


def _contains(columns: Sequence[Column[Any]], part: str) -> ColumnElement[bool]:
    return or_(*(column.icontains(part, autoescape=True) for column in columns))
