"""Shares updates between bots on one database: each is taken once, each chat stays in order.

A chat is in the hands of one bot at a time, for as long as updates come. A bot renews its lease
every few seconds; the chats of one that is silent are taken over, with the updates that it left.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.storage.database import server_time
from bot.storage.schema import lanes, replicas, updates
from bot.storage.updates import MAX_QUERY_AGE_S, QUERIES, WAITING, Received, read_update
from index.store.database import writing
from index.store.databases.dialects import insert, is_file

logger = logging.getLogger(__name__)

CHANNEL = "onrecord_updates"
LEASE_S = 12.0
IDLE_S = 60.0
"""A chat stays with its bot for so long after an update, as albums and refusals are in memory."""
FORGOTTEN_S = 3600.0
_MAX_LANES = 200
_LANE = func.coalesce(updates.c.chat_id, updates.c.user_id, 0)
_AGAIN = "again"


class Claims:
    """The claims of one bot. Its methods may be called by any thread."""

    def __init__(self, engine: Engine, lease_s: float = LEASE_S) -> None:
        self.engine = engine
        self.lease_s = lease_s
        self.name = ""
        self._until = 0.0  # by our own clock, and earlier than by the one of the database
        self._failed: set[int] = set()

    @property
    def hold(self) -> bool:
        """Whether the lease is certainly not over."""
        return time.monotonic() < self._until

    def join(self) -> None:
        """Become a new bot, which holds nothing yet."""
        self.name = secrets.token_hex(16)
        begun = time.monotonic()
        dead = replicas.c.until < server_time() - FORGOTTEN_S
        with writing(self.engine) as connection:
            connection.execute(delete(replicas).where(dead))
            row = {"name": self.name, "until": server_time() + self.lease_s}
            connection.execute(insert(connection, replicas).values(row))
        self._until = begun + self.lease_s

    def renew(self) -> bool:
        """Prolong the lease; return False if it was over, and others may have taken all."""
        begun = time.monotonic()
        mine = (replicas.c.name == self.name) & (replicas.c.until > server_time())
        with writing(self.engine) as connection:
            longer = update(replicas).where(mine).values(until=server_time() + self.lease_s)
            is_ours = connection.execute(longer).rowcount > 0
        self._until = begun + self.lease_s if is_ours else 0.0
        return is_ours

    def leave(self) -> None:
        """Give everything back at once."""
        self._until = 0.0
        with writing(self.engine) as connection:
            connection.execute(delete(replicas).where(replicas.c.name == self.name))

    def arrived(self, connection: Connection, new: Sequence[Received]) -> None:
        """Enter the chats of updates in the transaction that stores them, and call who has them."""
        called: dict[str, None] = {}
        for lane in sorted({received.lane for received in new}):  # in one order: no deadlock
            touched = {"touched": server_time()}
            adding = insert(connection, lanes).values(lane=lane, **touched)
            adding = adding.on_conflict_do_update(index_elements=[lanes.c.lane], set_=touched)
            holder = connection.execute(adding.returning(lanes.c.replica)).scalar_one()
            called[holder or self.name] = None
            called[self.name] = None
        if not is_file(connection):
            for name in called:
                connection.execute(select(func.pg_notify(CHANNEL, name)))

    def take(self, room: int) -> list[Received]:
        """Return the updates that are ours from now on, in the order in which they came.

        At most `room` chats are taken beside those that we have; nothing after the lease.
        """
        if not self.hold:
            return []
        is_own = lanes.c.replica == self.name
        is_stale = updates.c.kind.in_(QUERIES) & (
            updates.c.received_at < time.time() - MAX_QUERY_AGE_S
        )
        left = updates.c.replica.is_distinct_from(self.name) & (updates.c.status == WAITING)
        left &= ~is_stale
        waiting = exists().where(left, lanes.c.lane == _LANE)
        query: Select[tuple[int, str | None]] = (
            select(lanes.c.lane, lanes.c.replica)
            .where(or_(is_own, _is_free()), waiting)
            .order_by(lanes.c.touched)
            .limit(_MAX_LANES)
            .with_for_update(skip_locked=True)
        )
        failed = frozenset(self._failed)
        with writing(self.engine) as connection:
            if failed:
                again = updates.c.update_id.in_(failed) & (updates.c.replica == self.name)
                connection.execute(update(updates).where(again).values(replica=_AGAIN))
            rows = connection.execute(query).all()
            own = [row.lane for row in rows if row.replica == self.name]
            free = [row.lane for row in rows if row.replica != self.name][: max(0, room)]
            if free:
                taking = update(lanes).where(lanes.c.lane.in_(free))
                connection.execute(taking.values(replica=self.name))
            chosen = left & _LANE.in_([*own, *free])
            found = select(updates.c.payload, updates.c.attempts, updates.c.replica).where(chosen)
            rows_of = connection.execute(found.order_by(updates.c.id)).all() if own or free else []
            if rows_of:
                connection.execute(update(updates).where(chosen).values(replica=self.name))
        self._failed -= failed
        return [
            replace(
                read_update(json.loads(row.payload)),
                attempts=row.attempts,
                recovered=row.replica is not None,
            )
            for row in rows_of
        ]

    def fail(self, update_id: int) -> None:
        """Take an update again later, as its outcome could not be recorded."""
        self._failed.add(update_id)

    def tidy(self) -> None:
        """Let go of the chats in which nothing happens."""
        busy = exists().where(updates.c.status == WAITING, lanes.c.lane == _LANE)
        idle = (lanes.c.replica == self.name) & (lanes.c.touched < server_time() - IDLE_S)
        old = _is_free() & (lanes.c.touched < server_time() - FORGOTTEN_S)
        with writing(self.engine) as connection:
            connection.execute(update(lanes).where(idle, ~busy).values(replica=None))
            connection.execute(delete(lanes).where(old, ~busy))


def _is_free() -> ColumnElement[bool]:
    """Whether nobody has a chat, or only a bot that is dead."""
    alive = select(replicas.c.name).where(replicas.c.until > server_time())
    return or_(lanes.c.replica.is_(None), lanes.c.replica.not_in(alive))
