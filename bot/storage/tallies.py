"""Numbers that outlive the process, of things about which nothing else is kept."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import tallies
from index.store.database import writing

INLINE_CHOSEN = "inline_chosen"


class Tallies:
    """How often something happened, by name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str) -> int:
        """Count one more and return how many there are."""
        adding = insert(tallies).values(name=name, number=1)
        adding = adding.on_conflict_do_update(
            index_elements=["name"], set_={"number": tallies.c.number + 1}
        )
        with writing(self._engine) as connection:
            number: int = connection.execute(adding.returning(tallies.c.number)).scalar_one()
        return number
