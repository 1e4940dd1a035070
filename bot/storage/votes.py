"""What users said of answers: the last vote of each counts."""

from __future__ import annotations

import time

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.exchanges import Exchange, read_exchange
from bot.storage.schema import exchanges, votes
from index.store.database import writing

HELPFUL, UNHELPFUL = 1, -1


class Votes:
    """The votes that are kept; they are forgotten with what they are about."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def cast(self, exchange_id: str, user_id: int, value: int) -> None:
        """Record a vote, +1 or -1, in place of an earlier one of the same user."""
        row = {
            "exchange_id": exchange_id,
            "user_id": user_id,
            "value": value,
            "voted_at": time.time(),
        }
        key = [votes.c.exchange_id, votes.c.user_id]
        with writing(self._engine) as connection:
            connection.execute(insert(votes).on_conflict_do_update(key, set_=row), row)

    def tally(self) -> list[tuple[Exchange, int]]:
        """Return the exchanges that were voted on, the oldest first, each with the sum of votes."""
        query = (
            select(exchanges, func.sum(votes.c.value).label("sum"))
            .join(votes, votes.c.exchange_id == exchanges.c.id)
            .group_by(exchanges.c.id)
            .order_by(exchanges.c.asked_at, exchanges.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [(found, int(row.sum)) for row in rows if (found := read_exchange(row)) is not None]
