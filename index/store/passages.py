"""What is read of the stored passages: to search them, to read them, to cut quotes from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Row,
    Table,
    and_,
    bindparam,
    func,
    select,
)

from index.core.answers import Searchable
from index.core.documents import Entry, Passage, Sentence, Span, Speaker
from index.core.errors import DocumentError, SpanError
from index.core.scope import Scope
from index.store.queries import (
    FLOAT32,
    batches,
    cut_slices,
    document_query,
    in_entry,
    read_document,
    slice_of_text,
    within,
)
from index.store.schema import (
    collections,
    documents,
    duplicates,
    embeddings,
    entries,
    pages,
    passages,
    sentences,
)

_LINKED = (
    select(duplicates.c.other_id)
    .distinct()
    .join(passages, passages.c.id == duplicates.c.passage_id)
    .where(
        passages.c.document_id == bindparam("document"),
        passages.c.start < bindparam("end"),
        passages.c.end > bindparam("start"),
    )
)
"""Built once, as it is asked for each quote and most have none."""


class PassageReader:
    """Reads passages. Each call sees one whole state of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ids(self) -> dict[str, NDArray[np.int64]]:
        """Return the ids of all passages by collection: shape (n,) each, ascending."""
        query = (
            select(passages.c.id, collections.c.name)
            .join(documents, passages.c.document_id == documents.c.id)
            .join(collections)
            .order_by(passages.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        grouped: dict[str, list[int]] = {}
        for passage_id, collection in rows:
            grouped.setdefault(collection, []).append(passage_id)
        return {name: np.asarray(ids, np.int64) for name, ids in grouped.items()}

    def ids_within(self, scope: Scope) -> NDArray[np.int64]:
        """Return the ids of the passages within `scope`: shape (n,), ascending."""
        query = (
            select(passages.c.id)
            .join(documents, passages.c.document_id == documents.c.id)
            .join(collections)
            .order_by(passages.c.id)
        )
        with self._engine.connect() as connection:
            ids = connection.execute(within(query, scope)).scalars().all()
        return np.asarray(ids, np.int64)

    def duplicates(self, document_id: int, span: Span, scope: Scope) -> list[int]:
        """Return the ids of passages within `scope` that are almost the same as one at `span`."""
        place = {"document": document_id, "start": span.start, "end": span.end}
        query = (
            select(passages.c.id)
            .join(documents, passages.c.document_id == documents.c.id)
            .join(collections)
            .order_by(passages.c.id)
        )
        with self._engine.connect() as connection:
            if not (linked := connection.execute(_LINKED, place).scalars().all()):
                return []
            seen = within(query.where(passages.c.id.in_(linked)), scope)
            return list(connection.execute(seen).scalars())

    def overlapping(self, document_id: int, span: Span) -> list[int]:
        """Return the ids of the passages of a document that share a character with `span`."""
        query = (
            select(passages.c.id)
            .where(
                passages.c.document_id == document_id,
                passages.c.start < span.end,
                passages.c.end > span.start,
            )
            .order_by(passages.c.id)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def sample(self, names: Sequence[str], count: int) -> list[str]:
        """Return the text of the newest `count` passages of the named collections."""
        query = (
            select(slice_of_text(passages.c.start, passages.c.end))
            .join(documents, passages.c.document_id == documents.c.id)
            .join(collections)
            .where(collections.c.name.in_(names))
            .order_by(passages.c.id.desc())
            .limit(count)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def spans(self, names: Sequence[str]) -> dict[str, list[tuple[int, Span]]]:
        """Return id and span of the passages of the named collections, by document path."""
        query = (
            select(documents.c.path, passages.c.id, passages.c.start, passages.c.end)
            .join(documents, passages.c.document_id == documents.c.id)
            .join(collections)
            .where(collections.c.name.in_(names))
        )
        spans: dict[str, list[tuple[int, Span]]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                spans.setdefault(row.path, []).append((row.id, Span(row.start, row.end)))
        return spans

    def searchable(self, ids: Collection[int]) -> Iterator[list[Searchable]]:
        """Yield what a derived index holds of these passages, in batches, in any order."""
        query = (
            select(
                passages.c.id,
                collections.c.name,
                documents.c.title,
                _entry_title(),
                passages.c.heading,
                passages.c.document_id,
                passages.c.start,
                passages.c.end,
                embeddings.c.vector,
            )
            .join(documents, passages.c.document_id == documents.c.id)
            .join(collections)
            .join(embeddings, passages.c.embedding_sha256 == embeddings.c.sha256)
        )
        for batch in batches(ids):
            with self._engine.connect() as connection:
                rows = connection.execute(query.where(passages.c.id.in_(batch))).all()
                texts = _cut(connection, rows)
            yield [
                Searchable(
                    row.id,
                    row.name,
                    _words(row, texts[row.id]),
                    np.frombuffer(row.vector, FLOAT32),
                )
                for row in rows
            ]

    def read(self, ids: Sequence[int]) -> list[Passage]:
        """Return passages in the order of `ids`, each with its document and sentences."""
        first, last = sentences.alias(), sentences.alias()
        query = (
            select(
                passages.c.id,
                passages.c.document_id,
                passages.c.heading,
                passages.c.first_sentence,
                passages.c.last_sentence,
                first.c.start,
                last.c.end,
            )
            .select_from(passages)
            .join(first, _is_sentence(first, passages.c.first_sentence))
            .join(last, _is_sentence(last, passages.c.last_sentence))
            .where(passages.c.id.in_(ids))
        )
        with self._engine.connect() as connection:
            rows = {row.id: row for row in connection.execute(query)}
            texts = _cut(connection, list(rows.values()))
            of_passages = documents.c.id.in_({row.document_id for row in rows.values()})
            owners = {
                row.id: read_document(row)
                for row in connection.execute(document_query().where(of_passages))
            }
            return [
                Passage(
                    id=row.id,
                    document=owners[row.document_id],
                    text=texts[row.id],
                    span=Span(row.start, row.end),
                    heading=row.heading,
                    sentences=read_sentences(connection, row),
                    first=row.first_sentence,
                    pages=read_pages(connection, row),
                    entries=read_entries(connection, row),
                )
                for row in (rows[passage_id] for passage_id in ids if passage_id in rows)
            ]

    def cut(self, document_id: int, span: Span) -> str:
        """Return the characters of a document under `span`, unchanged.

        Raises:
            DocumentError: there is no such document.
            SpanError: the span ends past the last character.
        """
        query = select(slice_of_text(span.start, span.end)).where(documents.c.id == document_id)
        with self._engine.connect() as connection:
            cut = connection.execute(query).scalar_one_or_none()
        if cut is None:
            raise DocumentError(f"document {document_id}", "no longer in the index")
        if len(cut) != len(span):
            raise SpanError(f"{span} ends past the text of document {document_id}")
        return str(cut)


def _cut(connection: Connection, rows: Sequence[Any]) -> dict[int, str]:
    """The text of each row that has an id, a document, a start and an end."""
    return cut_slices(connection, {row.id: (row.document_id, row.start, row.end) for row in rows})


def _words(row: Row[Any], text: str) -> str:
    title = row.entry_title or row.title
    return " ".join(filter(None, (title, row.heading, text)))


def _entry_title() -> ColumnElement[str]:
    """The title of the entry in which a passage begins."""
    title = select(entries.c.title).where(*in_entry())
    return title.correlate(passages).scalar_subquery().label("entry_title")


def _is_sentence(table: FromClause, ordinal: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(table.c.document_id == passages.c.document_id, table.c.ordinal == ordinal)


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
