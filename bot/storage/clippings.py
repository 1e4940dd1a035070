"""Clippings: quotes that a chat keeps, by their places; their words are the index's alone."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, delete, func, select, update

from bot.storage.schema import clippings
from index.core.documents import Span
from index.store.certificates import Certificate
from index.store.database import execute, fetch, writing
from index.store.databases.dialects import insert

LOCAL = 0
"""In place of a chat: the reading room, for those who read without a link from a chat."""


class Outcome(Enum):
    """The result of keeping a quote."""

    KEPT = auto()
    KNOWN = auto()
    FULL = auto()


@dataclass(frozen=True, slots=True)
class Clipping:
    """A quote that is kept; its certificate is without words, issued when it was kept."""

    user_id: int | None
    certificate: Certificate


class Clippings:
    """The clippings of every chat; those of LOCAL are seen by collection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(
        self, chat_id: int, user_id: int | None, certificate: Certificate, limit: int
    ) -> Outcome:
        """Keep a quote, unless it is kept already or there are `limit` in the chat."""
        row = {
            "chat_id": chat_id,
            "user_id": user_id,
            "certificate": certificate.id,
            "collection": certificate.collection,
            "path": certificate.path,
            "document_sha256": certificate.document_sha256,
            "start": certificate.span.start,
            "end": certificate.span.end,
            "text_sha256": certificate.text_sha256,
            "kept_at": time.time(),
        }
        number = select(func.count()).where(clippings.c.chat_id == chat_id)
        known = select(clippings.c.id).where(_is(chat_id, certificate.id))
        with writing(self._engine) as connection:
            if connection.execute(known).first() is not None:
                return Outcome.KNOWN
            if connection.execute(number).scalar_one() >= limit:
                return Outcome.FULL
            # Another process may have been brought a second tap.
            adding = insert(connection, clippings).values(row).on_conflict_do_nothing()
            return Outcome.KEPT if connection.execute(adding).rowcount else Outcome.KNOWN

    def count(self, chat_id: int, collections: Collection[str] | None = None) -> int:
        query = select(func.count().label("number")).where(_of(chat_id, collections))
        return int(fetch(self._engine, query)[0].number)

    def part(
        self,
        chat_id: int,
        collections: Collection[str] | None = None,
        skipped: int = 0,
        limit: int | None = None,
    ) -> Sequence[Clipping]:
        """Return up to `limit` clippings after the first `skipped`, the last kept first."""
        query = (
            select(clippings)
            .where(_of(chat_id, collections))
            .order_by(clippings.c.id.desc())
            .offset(skipped)
            .limit(limit)
        )
        return [_clipping(row) for row in fetch(self._engine, query)]

    def find(self, chat_id: int, certificate: str) -> Clipping | None:
        """Return the clipping with a certificate, as it is stored; None if there is none."""
        rows = fetch(self._engine, select(clippings).where(_is(chat_id, certificate)))
        return _clipping(rows[0]) if rows else None

    def remove(self, chat_id: int, certificate: str) -> bool:
        """Remove a clipping; return whether there was one."""
        return execute(self._engine, delete(clippings).where(_is(chat_id, certificate))) > 0

    def move(self, chat_id: int, new_id: int) -> None:
        """Record that a group became a supergroup; its anonymous administrators keep as it."""
        there = select(clippings.c.certificate).where(clippings.c.chat_id == new_id)
        twice = (clippings.c.chat_id == chat_id) & clippings.c.certificate.in_(there)
        with writing(self._engine) as connection:
            connection.execute(delete(clippings).where(twice))
            for column in (clippings.c.chat_id, clippings.c.user_id):
                moving = update(clippings).where(column == chat_id)
                connection.execute(moving.values({column: new_id}))


def _of(chat_id: int, collections: Collection[str] | None) -> ColumnElement[bool]:
    is_here = clippings.c.chat_id == chat_id
    return is_here if collections is None else is_here & clippings.c.collection.in_(collections)


def _is(chat_id: int, certificate: str) -> ColumnElement[bool]:
    return (clippings.c.chat_id == chat_id) & (clippings.c.certificate == certificate)


def _clipping(row: Row[Any]) -> Clipping:
    certificate = Certificate(
        id=row.certificate,
        collection=row.collection,
        path=row.path,
        title=None,
        document_sha256=row.document_sha256,
        span=Span(row.start, row.end),
        text=None,
        text_sha256=row.text_sha256,
        issued=datetime.fromtimestamp(row.kept_at, UTC).replace(tzinfo=None),
    )
    return Clipping(row.user_id, certificate)
