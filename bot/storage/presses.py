"""Which buttons were pressed, so that a double press brings nothing twice."""

from __future__ import annotations

import time

from sqlalchemy import Engine, or_, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import presses, updates
from bot.storage.updates import ANSWERED, WAITING
from index.store.database import writing

AGAIN_AFTER_S = 30.0


class Presses:
    """The presses that are kept; they are forgotten with their updates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, update_id: int, exchange_id: str, action: str) -> bool:
        """Record a press; False where the same button is being obeyed or was a moment ago.

        A press that failed does not count.
        """
        earlier = (
            select(presses.c.update_id)
            .join(updates, updates.c.update_id == presses.c.update_id)
            .where(
                presses.c.exchange_id == exchange_id,
                presses.c.action == action,
                presses.c.update_id != update_id,
                or_(
                    updates.c.status == WAITING,
                    (updates.c.status == ANSWERED)
                    & (presses.c.pressed_at > time.time() - AGAIN_AFTER_S),
                ),
            )
        )
        row = {
            "update_id": update_id,
            "exchange_id": exchange_id,
            "action": action,
            "pressed_at": time.time(),
        }
        with writing(self._engine) as connection:
            if connection.execute(earlier.limit(1)).first() is not None:
                return False
            connection.execute(insert(presses).on_conflict_do_nothing(), row)
        return True
