"""Reads stored passages for search, answers and quotes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    select,
)

from index.core.answers import Searchable
from index.core.documents import Document, Entry, Passage, Sentence, Span, Speaker
from index.core.errors import DocumentError, SpanError
from index.core.files import sha256_of
from index.core.scope import Scope
from index.store.attributions import read_attributions
from index.store.database import fetch, from_row
from index.store.documents import document_query, read_document
from index.store.queries import (
    FLOAT32,
    batches,
    cut_slices,
    in_entry,
    select_passages,
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
"""Built once, as it is run for each quote and most quotes have no duplicates."""

_MAX_FINGERPRINTS = 10_000


@dataclass
class PassageReader:
    """Reads passages. Each call sees one whole state of the store."""

    engine: Engine
    _fingerprints: dict[int, str] = field(default_factory=dict, repr=False)

    def ids(self) -> dict[str, NDArray[np.int64]]:
        """Return the ids of all passages by collection: shape (n,) each, ascending."""
        query = select_passages(passages.c.id, collections.c.name).order_by(passages.c.id)
        grouped: dict[str, list[int]] = {}
        for row in fetch(self.engine, query):
            grouped.setdefault(row.name, []).append(row.id)
        return {name: np.asarray(ids, np.int64) for name, ids in grouped.items()}

    def ids_within(self, scope: Scope) -> NDArray[np.int64]:
        """Return the ids of the passages within `scope`: shape (n,), ascending."""
        query = within(select_passages(passages.c.id), scope).order_by(passages.c.id)
        return np.asarray([row.id for row in fetch(self.engine, query)], np.int64)

    def duplicates(self, document_id: int, span: Span, scope: Scope) -> list[int]:
        """Return the ids of passages within `scope` that are almost the same as one at `span`."""
        place = {"document": document_id, "start": span.start, "end": span.end}
        query = within(select_passages(passages.c.id), scope).order_by(passages.c.id)
        with self.engine.connect() as connection:
            if not (linked := connection.execute(_LINKED, place).scalars().all()):
                return []
            return list(connection.execute(query.where(passages.c.id.in_(linked))).scalars())

    def overlapping(self, document_id: int, span: Span) -> list[int]:
        """Return the ids of the passages of a document that share a character with `span`."""
        query = select(passages.c.id).where(
            passages.c.document_id == document_id,
            passages.c.start < span.end,
            passages.c.end > span.start,
        )
        return [row.id for row in fetch(self.engine, query.order_by(passages.c.id))]

    def sample(self, names: Sequence[str], count: int) -> list[str]:
        """Return the text of the newest `count` passages of the named collections."""
        query = (
            select_passages(slice_of_text(passages.c.start, passages.c.end))
            .where(collections.c.name.in_(names))
            .order_by(passages.c.id.desc())
            .limit(count)
        )
        return [text for (text,) in fetch(self.engine, query)]

    def spans(self, names: Sequence[str]) -> dict[str, list[tuple[int, Span]]]:
        """Return id and span of the passages of the named collections, by document path."""
        query = select_passages(documents.c.path, passages.c.id, passages.c.start, passages.c.end)
        spans: dict[str, list[tuple[int, Span]]] = {}
        for row in fetch(self.engine, query.where(collections.c.name.in_(names))):
            spans.setdefault(row.path, []).append((row.id, Span(row.start, row.end)))
        return spans

    def searchable(self, ids: Collection[int]) -> Iterator[list[Searchable]]:
        """Yield these passages as a search index holds them, in batches, in any order."""
        title = select(entries.c.title).where(*in_entry()).correlate(passages).scalar_subquery()
        query = select_passages(
            passages.c.id,
            passages.c.document_id,
            passages.c.start,
            passages.c.end,
            passages.c.heading,
            collections.c.name.label("collection"),
            documents.c.title,
            documents.c.language,
            title.label("entry_title"),
            embeddings.c.vector,
        ).join(embeddings, passages.c.embedding_sha256 == embeddings.c.sha256)
        for batch in batches(ids):
            with self.engine.connect() as connection:
                rows = connection.execute(query.where(passages.c.id.in_(batch))).all()
                texts = cut_slices(connection, rows)
            yield [
                Searchable(
                    row.id,
                    row.collection,
                    _words(row, texts[row.id]),
                    np.frombuffer(row.vector, FLOAT32),
                    row.language,
                )
                for row in rows
            ]

    def read(self, ids: Sequence[int]) -> list[Passage]:
        """Return passages in the order of `ids`, each with its document and sentences."""
        first, last = sentences.alias(), sentences.alias()
        query: Select[Any] = (
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
        with self.engine.connect() as connection:
            rows = {row.id: row for row in connection.execute(query)}
            texts = cut_slices(connection, rows.values())
            of_passages = documents.c.id.in_({row.document_id for row in rows.values()})
            found = connection.execute(document_query().where(of_passages))
            owners = {row.id: read_document(row) for row in found}
            return [
                _passage(connection, row, owners[row.document_id], texts[row.id])
                for row in (rows[passage_id] for passage_id in ids if passage_id in rows)
            ]

    def fingerprint(self, document_id: int) -> str:
        """Return a hash of the lines of a document; blank ones, and blanks around, do not count."""
        if document_id not in self._fingerprints:
            rows = fetch(self.engine, select(documents.c.text).where(documents.c.id == document_id))
            if len(self._fingerprints) >= _MAX_FINGERPRINTS:
                self._fingerprints.clear()
            lines = map(str.strip, rows[0].text.splitlines() if rows else ())
            self._fingerprints[document_id] = sha256_of("\n".join(filter(None, lines)))
        return self._fingerprints[document_id]

    def cut(self, document_id: int, span: Span) -> str:
        """Return the characters of a document under `span`, unchanged.

        Raises:
            DocumentError: there is no such document.
            SpanError: the span ends past the last character.
        """
        query = select(slice_of_text(span.start, span.end)).where(documents.c.id == document_id)
        rows = fetch(self.engine, query)
        if not rows:
            raise DocumentError(f"document {document_id}", "no longer in the index")
        text = str(rows[0][0])
        if len(text) != len(span):
            raise SpanError(f"{span} ends past the text of document {document_id}")
        return text


def _words(row: Row[Any], text: str) -> str:
    return " ".join(filter(None, (row.entry_title or row.title, row.heading, text)))


def _is_sentence(table: FromClause, ordinal: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(table.c.document_id == passages.c.document_id, table.c.ordinal == ordinal)


def _passage(connection: Connection, row: Row[Any], document: Document, text: str) -> Passage:
    of_passage = select(sentences).where(
        sentences.c.document_id == row.document_id,
        sentences.c.ordinal.between(row.first_sentence, row.last_sentence),
    )
    in_order = connection.execute(of_passage.order_by(sentences.c.ordinal))
    speaker = slice_of_text(entries.c.speaker_start, entries.c.speaker_end).label("speaker")
    return Passage(
        id=row.id,
        document=document,
        text=text,
        span=Span(row.start, row.end),
        heading=row.heading,
        sentences=tuple(Sentence(Span(at.start, at.end), at.paragraph) for at in in_order),
        first=row.first_sentence,
        pages=tuple((page.number, page.start) for page in _marks(connection, pages, row)),
        entries=tuple(map(_entry, _marks(connection, entries, row, speaker))),
        attributions=tuple(
            read_attributions(connection, row.document_id, Span(row.start, row.end))
        ),
    )


def _entry(row: Row[Any]) -> Entry:
    if row.speaker_start is None:
        return from_row(Entry, row, speaker=None)
    span = Span(row.speaker_start, row.speaker_end)
    return from_row(Entry, row, speaker=Speaker(row.speaker, span))


def _marks(
    connection: Connection, table: Table, passage: Row[Any], *more: ColumnElement[Any]
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
