"""Checks every hash and every offset of the database, changing nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Row, select

from index.core.documents import Progress
from index.core.errors import StoreError
from index.core.files import sha256_of
from index.store.databases.dialects import broken_links, file_faults
from index.store.queries import FLOAT32, select_among
from index.store.schema import (
    attributions,
    bands,
    certificates,
    documents,
    duplicates,
    embeddings,
    entries,
    facts,
    pages,
    passages,
    sentences,
)

REBUILD = "run `onrecord index rebuild`"
_REINDEX = "run `onrecord index remove {id}`, then sync or add its file again"
RESTORE = "restore a backup, or move the folder away and index again"
_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the index, with its place and its remedy."""

    place: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        return " ".join(f"{self.place}: {self.fault}; {self.remedy}".split())


def find_store_faults(engine: Engine, progress: Progress | None = None) -> list[Fault]:
    """Return the faults of one state of the database."""
    try:
        with engine.connect() as connection, connection.begin():
            if damaged := list(_check_file(connection)):
                return damaged
            unowned = list(_check_links(connection))
            if any(fault.remedy == RESTORE for fault in unowned):
                return unowned
            return [
                *unowned,
                *_check_documents(connection, progress or (lambda *_: None)),
                *_check_embeddings(connection),
                *_check_certificates(connection),
            ]
    except StoreError as error:
        return [Fault("index.db", f"cannot be read: {error.__cause__}", RESTORE)]


def _check_file(connection: Connection) -> Iterator[Fault]:
    for report in file_faults(connection):
        yield Fault("index.db", f"damaged: {report}", RESTORE)


def _check_links(connection: Connection) -> Iterator[Fault]:
    """Faults of rows whose owner is gone."""
    for table, parent in broken_links(connection):
        is_derived = table in {bands.name, duplicates.name}
        remedy = REBUILD if is_derived else RESTORE
        yield Fault("index.db", f"{table} without their {parent}", remedy)


def _check_documents(connection: Connection, progress: Progress) -> Iterator[Fault]:
    ids = connection.execute(select(documents.c.id).order_by(documents.c.id)).scalars().all()
    for done, document_id in enumerate(ids):
        progress(done, len(ids))
        query = select(documents).where(documents.c.id == document_id)
        document = connection.execute(query).one()
        for fault in _faults(connection, document):
            yield _of_document(document, fault)
    progress(len(ids), len(ids))


def _faults(connection: Connection, document: Row[Any]) -> Iterator[str]:
    """The faults of a document, at most one for each of its parts."""
    parts = (
        select(table).where(table.c.document_id == document.id).order_by(*table.primary_key)
        for table in (sentences, passages, pages, entries, attributions)
    )
    held, cut, marks, turns, said = (connection.execute(query).all() for query in parts)
    text = document.text
    if sha256_of(text) != document.text_sha256:
        yield "its text is not the one that was stored"
    if not _are_sentences(held, text):
        yield "its sentences do not lie in its text one after the other"
    elif not all(_is_passage(row, held) for row in cut):
        yield "its passages do not lie where their sentences do"
    if not held or not cut:
        yield "it has nothing to search"
    numbers = [*dict.fromkeys(row.number for row in marks)]
    if numbers != [*range(1, len(numbers) + 1)] or not _ascend(marks, text):
        yield "its pages are out of order"
    if not _ascend(turns, text) or not all(
        row.speaker_start is None or row.start <= row.speaker_start < row.speaker_end <= len(text)
        for row in turns
    ):
        yield "its entries are out of order"
    if not all(_is_attribution(row, text) for row in said):
        yield "its speakers are not those of its text"


def _are_sentences(rows: Sequence[Row[Any]], text: str) -> bool:
    """Whether sentences count from 0, with only white space between two of one paragraph."""
    return all(
        at == row.ordinal and 0 <= row.start < row.end <= len(text) and row.paragraph >= 1
        for at, row in enumerate(rows)
    ) and all(
        one.end <= other.start
        and one.paragraph <= other.paragraph
        and (one.paragraph < other.paragraph or not text[one.end : other.start].strip())
        for one, other in pairwise(rows)
    )


def _is_passage(row: Row[Any], held: Sequence[Row[Any]]) -> bool:
    """Whether a passage is its sentences, or a part of the only one."""
    if not 0 <= row.first_sentence <= row.last_sentence < len(held):
        return False
    start, end = held[row.first_sentence].start, held[row.last_sentence].end
    if row.first_sentence == row.last_sentence:
        return bool(start <= row.start < row.end <= end)
    return (row.start, row.end) == (start, end)


def _is_attribution(row: Row[Any], text: str) -> bool:
    """Whether spans lie in the text, and the speaker is the words at its place."""
    spans = [*row.source, *row.cue, *row.content]
    named = row.speaker is None or row.speaker == text[row.speaker_start : row.speaker_end]
    return named and all(0 <= start < end <= len(text) for start, end in spans)


def _ascend(rows: Sequence[Row[Any]], text: str) -> bool:
    starts = [row.start for row in rows]
    return all(0 <= start <= len(text) for start in starts) and starts == sorted(starts)


def _check_embeddings(connection: Connection) -> Iterator[Fault]:
    """Faults of documents whose vectors have a wrong length or norm."""
    query = select(facts.c.value).where(facts.c.name == "dimension")
    dimension = int(connection.execute(query).scalar() or 0)
    vectors = connection.execute(select(embeddings))
    bad = [row.sha256 for row in vectors if not _is_unit(row.vector, dimension)]
    of_passages = select(documents.c.id, documents.c.path).join(passages)
    rows = select_among(connection, of_passages, passages.c.embedding_sha256, bad)
    for document in sorted(set(rows)):
        yield _of_document(document, "its vectors are damaged")


def _is_unit(vector: bytes, dimension: int) -> bool:
    if len(vector) != dimension * FLOAT32.itemsize:
        return False
    with np.errstate(invalid="ignore"):  # damaged bytes may be no number
        values = np.frombuffer(vector, FLOAT32).astype(np.float64)
        return bool(abs(np.linalg.norm(values) - 1) < _NORM_TOLERANCE)


def _check_certificates(connection: Connection) -> Iterator[Fault]:
    for row in connection.execute(select(certificates)):
        if row.text is not None and sha256_of(row.text) != row.text_sha256:
            yield Fault(f"certificate {row.id}", "its text is not the one of its hash", RESTORE)


def _of_document(document: Row[Any], fault: str) -> Fault:
    place = f"document {document.id} ({document.path})"
    return Fault(place, fault, _REINDEX.format(id=document.id))
