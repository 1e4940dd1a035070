"""Pieces of SQL that the modules of the store share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, ColumnElement, Connection, Row, Select, func, insert, or_, select

from index.core.scope import Scope
from index.store.schema import attributions, collections, documents, entries, passages

T = TypeVar("T")

FLOAT32 = np.dtype("<f4")
"""How a vector is stored."""

_BATCH = 500


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items in groups small enough for the parameters of one statement."""
    listed = list(items)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]


def select_among(
    connection: Connection, query: Select[Any], column: Column[Any], values: Iterable[Any]
) -> Iterator[Row[Any]]:
    """Yield the rows of a query in which a column has one of any number of values."""
    for batch in batches(values):
        yield from connection.execute(query.where(column.in_(batch)))


def collection_id_of(connection: Connection, name: str) -> int:
    """Return the id of a collection, which is created if it does not exist."""
    query = select(collections.c.id).where(collections.c.name == name)
    found = connection.execute(query).scalar()
    if found is None:
        made = insert(collections).values(name=name).returning(collections.c.id)
        found = connection.execute(made).scalar_one()
    return int(found)


def slice_of_text(start: Any, end: Any) -> ColumnElement[str]:
    """Return the characters [start, end) of a document's text; SQL counts from 1."""
    return func.substr(documents.c.text, start + 1, end - start)


def cut_slices(connection: Connection, places: Iterable[Row[Any]]) -> dict[int, str]:
    """Return the characters at places (id, document_id, start, end), by the id of the place.

    Each text is read once; `slice_of_text` reads all of it for each slice.
    """
    of_document: dict[int, list[Row[Any]]] = defaultdict(list)
    for place in places:
        of_document[place.document_id].append(place)
    query = select(documents.c.id, documents.c.text)
    # Row by row: together the texts may be large.
    return {
        place.id: document.text[place.start : place.end]
        for document in select_among(connection, query, documents.c.id, of_document)
        for place in of_document[document.id]
    }


def select_passages(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a query of passages, each joined with its document and collection."""
    return select(*columns).select_from(passages).join(documents).join(collections)


def read_ids(connection: Connection, after: int = 0) -> dict[str, NDArray[np.int64]]:
    """Return the ids beyond `after` of all passages by collection: shape (n,) each, ascending."""
    query = select(documents.c.collection_id, passages.c.id).join_from(passages, documents)
    query = query.where(passages.c.id > after)
    names = {row.id: row.name for row in connection.execute(select(collections))}
    rows = connection.execution_options(yield_per=10_000).execute(query)
    flat = np.fromiter((number for row in rows for number in row), np.int64).reshape(-1, 2)
    held = {number: np.sort(flat[flat[:, 0] == number, 1]) for number in names}
    return {names[number]: ids for number, ids in held.items() if len(ids)}


def within(query: Select[Any], scope: Scope) -> Select[Any]:
    """Limit a query made by `select_passages` to `scope`."""
    query = query.where(collections.c.name.in_(scope.collections))
    if scope.since is not None:
        query = query.where(passages.c.published >= scope.since)
    if scope.until is not None:
        query = query.where(passages.c.published <= scope.until)
    if scope.documents is not None:
        query = query.where(documents.c.id.in_(scope.documents))
    if scope.source is not None:
        query = query.where(_is_from(scope.source))
    if scope.said is not None:
        query = query.where(_is_said_by(scope.said))
    if scope.language is not None:
        tag = func.lower(documents.c.language)
        query = query.where(or_(tag == scope.language, tag.startswith(f"{scope.language}-")))
    return query


def in_entry() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the entry in which a passage begins."""
    earlier = entries.alias()
    start = (
        select(func.max(earlier.c.start))
        .where(earlier.c.document_id == passages.c.document_id, earlier.c.start <= passages.c.start)
        .correlate(passages)
        .scalar_subquery()
    )
    return entries.c.document_id == passages.c.document_id, entries.c.start == start


def _is_said_by(who: str) -> ColumnElement[bool]:
    """Whether a passage holds words of a speaker of this name, or is by such a writer."""

    def named(column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        return [column.icontains(word, autoescape=True) for word in who.split()]

    said = select(attributions.c.ordinal).where(
        attributions.c.document_id == passages.c.document_id,
        attributions.c.start < passages.c.end,
        attributions.c.end > passages.c.start,
        *named(attributions.c.speaker),
    )
    writer = slice_of_text(entries.c.speaker_start, entries.c.speaker_end)
    written = select(entries.c.start).where(*in_entry(), *named(writer))
    return or_(said.correlate(passages).exists(), written.correlate(passages, documents).exists())


def _is_from(source: str) -> ColumnElement[bool]:
    """Whether a passage's document, or its entry in it, is named or published like this."""

    def named(*columns: Column[Any]) -> ColumnElement[bool]:
        return or_(*(column.icontains(source, autoescape=True) for column in columns))

    of_document = named(documents.c.title, documents.c.path, documents.c.publisher, documents.c.url)
    of_entry = named(entries.c.title, entries.c.url)
    entry = select(entries.c.start).where(*in_entry(), of_entry).correlate(passages)
    return or_(of_document, entry.exists())
