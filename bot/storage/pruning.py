"""Keeps the tables small that would only grow."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Engine, Table, delete, literal_column, select

from bot.storage.schema import audit, linked_questions, quotas, updates
from bot.storage.updates import DAY_S, Inbox
from index.store.database import execute, fetch

logger = logging.getLogger(__name__)

MAX_ROWS: dict[Table, int] = {linked_questions: 100_000, audit: 10_000}
"""How many rows are kept, the latest: counted, as a clock may be wrong."""
MAX_JUMP_S = 3600.0
_LOOKED_AT = 200


def uptime_s() -> float:
    """Return a time that nobody sets, and that goes on while the machine sleeps, if it can."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(slots=True)
class Pruning:
    """Deletes old rows.

    Nothing is old by a clock that was put forward since the start, nor by one that was years ahead
    from the start on: Telegram writes its own time into each message.
    """

    engine: Engine
    started_at: float = field(default_factory=lambda: time.time() - uptime_s())

    def prune(self, keep_days: float) -> int:
        """Delete updates finished `keep_days` ago, and all but the last links and acts of admins.

        Returns:
            how many updates.
        """
        for table, count in MAX_ROWS.items():
            row: ColumnElement[int] = literal_column("rowid")
            last = select(row).select_from(table).order_by(row.desc()).offset(count).limit(1)
            execute(self.engine, delete(table).where(row <= last.scalar_subquery()))
        idle = quotas.c.last < time.time() - MAX_JUMP_S
        execute(self.engine, delete(quotas).where(idle))
        jump_s = time.time() - uptime_s() - self.started_at
        if jump_s > MAX_JUMP_S:
            logger.warning(
                "the clock was put forward by %.0f hours; no question is forgotten for its age "
                "before the next start",
                jump_s / 3600,
            )
            return 0
        newest = newest_message(self.engine)
        if newest is not None and time.time() > newest + keep_days * DAY_S:
            # Nobody wrote for so long, or the clock is wrong; the next message will tell.
            logger.info("nothing is forgotten for its age before the next message")
            return 0
        return Inbox(self.engine).prune(keep_days)


def newest_message(engine: Engine) -> float | None:
    """Return the latest time that Telegram wrote into a message of the last ones; None if none."""
    last = select(updates.c.payload).order_by(updates.c.id.desc()).limit(_LOOKED_AT)
    messages = (json.loads(row.payload).get("message") for row in fetch(engine, last))
    dates = (message.get("date") for message in messages if isinstance(message, dict))
    return max((date for date in dates if isinstance(date, int | float)), default=None)
