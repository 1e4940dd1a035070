"""Reads stored passages for search, answers and quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BindParameter,
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
from index.core.documents import Entry, Passage, Sentence, Span, Speaker
from index.core.errors import DocumentError, SpanError
from index.core.files import sha256_of
from index.core.scope import Scope
from index.store.attributions import read_attribution
from index.store.database import fetch, from_row
from index.store.documents import document_query, read_document
from index.store.queries import (
    FLOAT32,
    batches,
    cut_slices,
    in_entry,
    read_ids,
    select_passages,
    slice_of_text,
    within,
)
from index.store.schema import (
    attributions,
    collections,
    documents,
    duplicates,
    embeddings,
    entries,
    pages,
    passages,
    sentences,
)

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _is_sentence(table: FromClause, ordinal: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(table.c.document_id == passages.c.document_id, table.c.ordinal == ordinal)


def _parts(table: Table, *inside: ColumnElement[bool]) -> Select[Any]:
    """The rows of a table that belong to passages, in the order of its key."""
    of_document = table.c.document_id == passages.c.document_id
    return (
        select(passages.c.id.label("passage_id"), *table.c)
        .join_from(passages, table, and_(of_document, *inside))
        .where(passages.c.id.in_(_IDS))
        .order_by(passages.c.id, *table.primary_key)
    )


def _marks(table: Table) -> Select[Any]:
    """The rows that begin inside passages, and the last one before each, ascending by start."""
    earlier = table.alias()
    before = (
        select(func.max(earlier.c.start))
        .where(earlier.c.document_id == passages.c.document_id, earlier.c.start <= passages.c.start)
        .correlate(passages)
        .scalar_subquery()
    )
    first = func.coalesce(before, passages.c.start)
    return _parts(table, table.c.start >= first, table.c.start < passages.c.end)


# Built once, as they are run for each question or each quote, and building takes longer.
_first, _last = sentences.alias(), sentences.alias()
_PLACES: Select[Any] = (
    select(
        passages.c.id,
        passages.c.document_id,
        passages.c.heading,
        passages.c.first_sentence,
        _first.c.start,
        _last.c.end,
    )
    .select_from(passages)
    .join(_first, _is_sentence(_first, passages.c.first_sentence))
    .join(_last, _is_sentence(_last, passages.c.last_sentence))
    .where(passages.c.id.in_(_IDS))
)
_DOCUMENTS = document_query().where(documents.c.id.in_(bindparam("documents", expanding=True)))
_SENTENCES = _parts(
    sentences,
    sentences.c.ordinal.between(passages.c.first_sentence, passages.c.last_sentence),
)
_PAGES = _marks(pages)
_ENTRIES = (
    _marks(entries)
    .add_columns(slice_of_text(entries.c.speaker_start, entries.c.speaker_end).label("speaker"))
    .join(documents, documents.c.id == entries.c.document_id)
)
_ATTRIBUTIONS = _parts(
    attributions,
    attributions.c.start < passages.c.end,
    attributions.c.end > passages.c.start,
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

_MAX_FINGERPRINTS = 10_000


@dataclass
class PassageReader:
    """Reads passages. Each call sees one whole state of the store."""

    engine: Engine
    _fingerprints: dict[int, str] = field(default_factory=dict, repr=False)

    def ids(self) -> dict[str, NDArray[np.int64]]:
        """Return the ids of all passages by collection: shape (n,) each, ascending."""
        with self.engine.connect() as connection:
            return read_ids(connection)

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

    def languages(self, ids: Collection[int]) -> dict[int, str | None]:
        """Return the languages of the documents of passages, as BCP 47 tags, None if unknown."""
        query = select_passages(passages.c.id, documents.c.language)
        wanted = (query.where(passages.c.id.in_(batch)) for batch in batches(ids))
        return {row.id: row.language for one in wanted for row in fetch(self.engine, one)}

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
        with self.engine.connect() as connection:
            rows = {row.id: row for row in connection.execute(_PLACES, {"ids": ids})}
            texts = cut_slices(connection, rows.values())
            of_passages = {"documents": list({row.document_id for row in rows.values()})}
            found = connection.execute(_DOCUMENTS, of_passages)
            owners = {row.id: read_document(row) for row in found}
            held, marks, begun, said = (
                _by_passage(connection, query, ids)
                for query in (_SENTENCES, _PAGES, _ENTRIES, _ATTRIBUTIONS)
            )
        return [
            Passage(
                id=row.id,
                document=owners[row.document_id],
                text=texts[row.id],
                span=Span(row.start, row.end),
                heading=row.heading,
                sentences=tuple(
                    Sentence(Span(at.start, at.end), at.paragraph) for at in held[row.id]
                ),
                first=row.first_sentence,
                pages=tuple((page.number, page.start) for page in marks[row.id]),
                entries=tuple(map(_entry, begun[row.id])),
                attributions=tuple(map(read_attribution, said[row.id])),
            )
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


def _entry(row: Row[Any]) -> Entry:
    if row.speaker_start is None:
        return from_row(Entry, row, speaker=None)
    span = Span(row.speaker_start, row.speaker_end)
    return from_row(Entry, row, speaker=Speaker(row.speaker, span))


def _by_passage(
    connection: Connection, query: Select[Any], ids: Sequence[int]
) -> dict[int, list[Row[Any]]]:
    """The rows of a query that belong to passages, by the id of the passage."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query, {"ids": ids}):
        found[row.passage_id].append(row)
    return found
