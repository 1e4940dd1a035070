"""The minutes of users, counted together by all processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, select, update

from bot.storage.schema import quotas
from index.store.database import writing
from index.store.databases.dialects import insert


@dataclass(frozen=True, slots=True)
class SharedTimes:
    """The times at which each user did something of a kind, seconds since 1970."""

    engine: Engine
    kind: str
    clock: Callable[[], float] = time.time

    @contextmanager
    def of(self, sender: int | str) -> Iterator[list[float]]:
        """Yield the times of a user, to be changed; nobody else changes them meanwhile."""
        key = {"kind": self.kind, "sender": str(sender)}
        mine = (quotas.c.kind == self.kind) & (quotas.c.sender == key["sender"])
        adding = insert(self.engine, quotas).values(key | {"times": [], "last": self.clock()})
        with writing(self.engine) as connection:
            connection.execute(adding.on_conflict_do_nothing())
            query = select(quotas.c.times).where(mine).with_for_update()
            times: list[float] = connection.execute(query).scalar_one()
            yield times
            changed = {"times": times, "last": max(times, default=0.0)}
            connection.execute(update(quotas).where(mine).values(changed))
