"""Checks every hash and every offset of the database, changing nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy.exc import DatabaseError

from index.core.documents import Progress
from index.core.files import sha256_of
from index.store.queries import FLOAT32, batches
from index.store.schema import (
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
_FOUND_ANEW = frozenset({bands.name, duplicates.name})
"""Tables that a rebuild makes from the others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what to do about it."""

    place: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        return " ".join(f"{self.place}: {self.fault}; {self.remedy}".split())


def find_store_faults(engine: Engine, progress: Progress | None = None) -> list[Fault]:
    """Return what is wrong with one state of the database."""
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
    except DatabaseError as error:
        return [Fault("index.db", f"cannot be read: {error.orig}", RESTORE)]


def _check_file(connection: Connection) -> Iterator[Fault]:
    for (report,) in connection.exec_driver_sql("PRAGMA integrity_check(3)"):
        if report != "ok":
            yield Fault("index.db", f"damaged: {report}", RESTORE)


def _check_links(connection: Connection) -> Iterator[Fault]:
    """Faults of rows whose owner is gone."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    for table, parent in sorted({(row[0], row[2]) for row in broken}):
        remedy = REBUILD if table in _FOUND_ANEW else RESTORE
        yield Fault("index.db", f"{table} without their {parent}", remedy)


def _check_documents(connection: Connection, progress: Progress) -> Iterator[Fault]:
    ids = connection.execute(select(documents.c.id).order_by(documents.c.id)).scalars().all()
    for done, document_id in enumerate(ids):
        progress(done, len(ids))
        of_document = select(documents).where(documents.c.id == document_id)
        row = connection.execute(of_document).one()
        for fault in _faults(connection, document_id, row.text, row.text_sha256):
            yield _of_document(document_id, row.path, fault)
    progress(len(ids), len(ids))


def _faults(connection: Connection, document_id: int, text: str, sha256: str) -> Iterator[str]:
    """The faults of a document, at most one for each of its parts."""
    rows = {
        table.name: connection.execute(
            select(table)
            .where(table.c.document_id == document_id)
            .order_by(table.c[order], table.c.start)
        ).all()
        for table, order in (
            (sentences, "ordinal"),
            (passages, "first_sentence"),
            (pages, "number"),
            (entries, "start"),
        )
    }
    if sha256_of(text) != sha256:
        yield "its text is not the one that was stored"
    held = rows["sentences"]
    if not _are_sentences(held, text):
        yield "its sentences do not lie in its text one after the other"
    elif not all(_is_passage(row, held) for row in rows["passages"]):
        yield "its passages do not lie where their sentences do"
    if not held or not rows["passages"]:
        yield "it has nothing to search"
    numbers = [row.number for row in rows["pages"]]
    if numbers != list(range(1, len(numbers) + 1)) or not _ascend(rows["pages"], text):
        yield "its pages are out of order"
    if not _ascend(rows["entries"], text) or not all(
        row.speaker_start is None or row.start <= row.speaker_start < row.speaker_end <= len(text)
        for row in rows["entries"]
    ):
        yield "its entries are out of order"


def _are_sentences(rows: Sequence[Row[Any]], text: str) -> bool:
    """Whether sentences count from 0 and follow each other in a text.

    Between two of one paragraph is only white space.
    """
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


def _ascend(rows: Sequence[Row[Any]], text: str) -> bool:
    starts = [row.start for row in rows]
    return all(0 <= start <= len(text) for start in starts) and starts == sorted(starts)


def _check_embeddings(connection: Connection) -> Iterator[Fault]:
    """Faults of documents whose vectors have a wrong length or norm."""
    query = select(facts.c.value).where(facts.c.name == "dimension")
    dimension = connection.execute(query).scalar()
    bad = [
        sha256
        for sha256, vector in connection.execute(select(embeddings.c.sha256, embeddings.c.vector))
        if not _is_unit(vector, int(dimension or 0))
    ]
    owners: dict[int, str] = {}
    for batch in batches(bad):
        query = (
            select(documents.c.id, documents.c.path)
            .join(passages)
            .where(passages.c.embedding_sha256.in_(batch))
        )
        owners |= {row.id: row.path for row in connection.execute(query)}
    for document_id, path in sorted(owners.items()):
        yield _of_document(document_id, path, "its vectors are damaged")


def _is_unit(vector: bytes, dimension: int) -> bool:
    if len(vector) != dimension * FLOAT32.itemsize:
        return False
    with np.errstate(invalid="ignore"):  # damaged bytes may be no number
        values = np.frombuffer(vector, FLOAT32).astype(np.float64)
        return bool(abs(np.linalg.norm(values) - 1) < _NORM_TOLERANCE)


def _check_certificates(connection: Connection) -> Iterator[Fault]:
    for row in connection.execute(select(certificates)):
        if sha256_of(row.text) != row.text_sha256:
            yield Fault(f"certificate {row.id}", "its text is not the one of its hash", RESTORE)


def _of_document(document_id: int, path: str, fault: str) -> Fault:
    return Fault(f"document {document_id} ({path})", fault, _REINDEX.format(id=document_id))
