"""Counts changes of what processes have in memory, so that each knows when to read it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, select

from bot.storage.schema import changes
from index.store.database import fetch
from index.store.databases.dialects import insert

_NAME = "memory"


class Changes:
    """Reads again what another process changed; costs one small read if nothing was."""

    def __init__(self, engine: Engine, read: Sequence[Callable[[], None]]) -> None:
        self._engine = engine
        self._read = read
        self._seen = -1

    def follow(self) -> None:
        rows = fetch(self._engine, select(changes.c.number).where(changes.c.name == _NAME))
        number = rows[0].number if rows else 0
        if number != self._seen:
            for read in self._read:
                read()
            self._seen = number


def count_change(connection: Connection) -> None:
    """Count a change in the transaction that makes it."""
    adding = insert(connection, changes).values(name=_NAME, number=1)
    counted = {"number": changes.c.number + 1}
    connection.execute(adding.on_conflict_do_update(index_elements=[changes.c.name], set_=counted))
