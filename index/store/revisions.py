"""The history of a store: its revisions, and the change of its vectors to another model.

A revision has a number and a random token; there is one for each change of the passages.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from index.core.documents import Vector
from index.store.database import execute, fetch, writing
from index.store.databases import dialects
from index.store.queries import FLOAT32, batches, cut_slices, in_entry, read_ids
from index.store.schema import (
    documents,
    embeddings,
    entries,
    facts,
    passages,
    removed,
    revisions,
    staged,
)

_NEXT = "next_model"
_LATEST = select(revisions.c.number, revisions.c.token).order_by(revisions.c.number.desc()).limit(1)

_COMING = select(func.max(revisions.c.number) + 1)

_KEPT = 1000
"""What was derived from an older revision is made anew, which embeds nothing."""


class Revision(NamedTuple):
    """The state of the passages between two changes."""

    number: int  # grows with every change, 0 before the first
    token: str


class Change(NamedTuple):
    """What became of the passages between two revisions."""

    added: Mapping[str, NDArray[np.int64]]  # ids by collection: shape (n,) each, ascending
    removed: NDArray[np.int64]  # shape (n,), ascending; some may never have been known


@dataclass(slots=True)
class Revisions:
    """Reads the history. Two stores have no token in common unless one is a copy of the other."""

    engine: Engine
    last: Revision | None = None
    """The one that was read last: what was read since then need not be read again."""

    def read(self) -> Revision:
        """Return the present revision."""
        (row,) = fetch(self.engine, _LATEST)
        self.last = Revision(row.number, row.token)
        return self.last

    def passages(self) -> tuple[Revision, dict[str, NDArray[np.int64]]]:
        """Return the present revision, and the ids of its passages by collection, ascending."""
        with self.engine.connect() as connection:
            row = connection.execute(_LATEST).one()
            return Revision(row.number, row.token), read_ids(connection)

    def since(self, earlier: Revision, newest: int) -> tuple[Revision, Change] | None:
        """Return the present revision, and what has changed since an earlier one.

        `newest` is an id below which there was no passage that is new. None if the earlier revision
        is of another store, or too long ago.
        """
        same = revisions.c.number == earlier.number, revisions.c.token == earlier.token
        later = select(removed.c.passage_id).where(removed.c.number > earlier.number)
        with self.engine.connect() as connection:
            row = connection.execute(_LATEST).one()
            if connection.execute(select(revisions).where(*same)).first() is None:
                return None
            gone = connection.execute(later.order_by(removed.c.passage_id)).scalars().all()
            change = Change(read_ids(connection, newest), np.array(gone, np.int64))
            return Revision(row.number, row.token), change

    def tokens(self) -> list[str]:
        """Return the tokens of all revisions that are kept."""
        return [row.token for row in fetch(self.engine, select(revisions.c.token))]

    def forget(self) -> None:
        """Forget all revisions, for those of another store to take their place."""
        execute(self.engine, delete(revisions))

    def hold(self, token: str) -> bool:
        """Whether a token is of this revision or of an earlier one of the same store."""
        return bool(fetch(self.engine, select(revisions).where(revisions.c.token == token)))


def advance(connection: Connection) -> None:
    """Count one change of the passages."""
    number = connection.execute(_COMING).scalar_one()
    row = {"number": number, "token": secrets.token_hex(16)}
    connection.execute(insert(revisions).values(row))
    for table in (revisions, removed):
        connection.execute(delete(table).where(table.c.number <= number - _KEPT))


def note_removal(connection: Connection, of: ColumnElement[bool]) -> None:
    """Note the passages of some documents, which will be gone with the next revision."""
    gone = select(passages.c.id, _COMING.scalar_subquery()).join_from(passages, documents).where(of)
    connection.execute(insert(removed).from_select([removed.c.passage_id, removed.c.number], gone))


@dataclass(frozen=True, slots=True)
class Unstaged:
    """A stored text without a vector of the new model, and what is told of its passage."""

    sha256: str
    published: date | None
    title: str | None
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class ModelChange:
    """The change of a store to another model; a killed one goes on where it was."""

    engine: Engine

    def begin(self, name: str) -> None:
        """Go on with the change to this model; one to another model is given up."""
        with writing(self.engine) as connection:
            query = select(facts.c.value).where(facts.c.name == _NEXT)
            if connection.execute(query).scalar() != name:
                connection.execute(delete(staged))
                connection.execute(delete(facts).where(facts.c.name == _NEXT))
                connection.execute(insert(facts).values(name=_NEXT, value=name))

    def counts(self) -> tuple[int, int]:
        """Return how many texts have a vector of the new model, and how many there are."""
        used = select(func.count(passages.c.embedding_sha256.distinct()).label("number"))
        is_staged = passages.c.embedding_sha256.in_(select(staged.c.sha256))
        done, total = (fetch(self.engine, query) for query in (used.where(is_staged), used))
        return int(done[0].number), int(total[0].number)

    def unstaged(self) -> Iterator[list[Unstaged]]:
        """Yield the texts that have no vector of the new model yet, in batches."""
        first = (
            select(func.min(passages.c.id).label("id"))
            .where(passages.c.embedding_sha256.not_in(select(staged.c.sha256)))
            .group_by(passages.c.embedding_sha256)
        )
        for batch in batches(row.id for row in fetch(self.engine, first)):
            with self.engine.connect() as connection:
                rows = connection.execute(_told().where(passages.c.id.in_(batch))).all()
                texts = cut_slices(connection, rows)
            yield [
                Unstaged(
                    row.embedding_sha256,
                    row.published,
                    row.entry_title or row.title,
                    row.heading,
                    texts[row.id],
                )
                for row in rows
            ]

    def stage(self, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors of the new model, by the hashes of their texts."""
        rows = [
            {"sha256": sha256, "vector": vector.astype(FLOAT32).tobytes()}
            for sha256, vector in vectors.items()
        ]
        with writing(self.engine) as connection:
            adding = dialects.insert(self.engine, staged).on_conflict_do_nothing()
            connection.execute(adding, rows)

    def finish(self, name: str, dimension: int) -> None:
        """Exchange all vectors at once; every text must have been staged."""
        vector = select(staged.c.vector).where(staged.c.sha256 == embeddings.c.sha256)
        made = {"model": name, "dimension": str(dimension)}
        with writing(self.engine) as connection:
            unused = embeddings.c.sha256.not_in(select(passages.c.embedding_sha256))
            connection.execute(delete(embeddings).where(unused))
            connection.execute(update(embeddings).values(vector=vector.scalar_subquery()))
            rows = [{"name": at, "value": value} for at, value in made.items()]
            connection.execute(delete(facts).where(facts.c.name.in_([*made, _NEXT])))
            connection.execute(insert(facts), rows)
            connection.execute(delete(staged))
            advance(connection)


def _told() -> Select[Any]:
    title = select(entries.c.title).where(*in_entry()).correlate(passages).scalar_subquery()
    return select(
        passages.c.id,
        passages.c.document_id,
        passages.c.start,
        passages.c.end,
        passages.c.heading,
        passages.c.published,
        passages.c.embedding_sha256,
        documents.c.title,
        title.label("entry_title"),
    ).join(documents)
