"""The history of a store: a number and a random token for each change of its passages."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select

from index.store.database import execute, fetch
from index.store.schema import revisions

_KEPT = 1000
"""What was derived from an older revision is made anew, which embeds nothing."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """Reads the history. Two stores have no token in common unless one is a copy of the other."""

    engine: Engine

    def number(self) -> int:
        """Return a number that grows with every change of the passages, 0 before the first."""
        (row,) = fetch(self.engine, select(func.max(revisions.c.number).label("number")))
        return int(row.number)

    def token(self) -> str:
        """Return the token of the present revision."""
        query = select(revisions.c.token).order_by(revisions.c.number.desc()).limit(1)
        return str(fetch(self.engine, query)[0].token)

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
    number = connection.execute(select(func.max(revisions.c.number))).scalar_one() + 1
    row = {"number": number, "token": secrets.token_hex(16)}
    connection.execute(insert(revisions).values(row))
    connection.execute(delete(revisions).where(revisions.c.number <= number - _KEPT))
