"""Deletes the data of one user from every table.

The numbers of their updates stay, so that an update which Telegram sends again is not answered
again. Rights stay too, as do the acts of admins and the chats in which the bot is quiet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, delete, or_, select, update

from bot.storage.database import empty_log
from bot.storage.messages import FAILED, SENT
from bot.storage.schema import clippings, linked_questions, messages, schema, updates
from bot.storage.updates import FORGOTTEN, WAITING
from index.store.database import writing

KEPT = frozenset({"grants", "audit", "chats", "uploads", "lanes", "quotas"})
"""Tables that name users and stay, as /forget informs them; the last two for an hour at most."""
BLANK = {
    "payload": "{}",
    "chat_id": None,
    "user_id": None,
    "topic": None,
    "error": None,
    "status": FORGOTTEN,
}


class Forgetting:
    """Deletes rows so that their words are nowhere in the file either."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def forget(self, user_id: int, before_id: int) -> dict[str, int]:
        """Delete the data of a user and their private chat, of the same id; return rows by table.

        Updates from `before_id` on, which asks for it, stay. An earlier question whose turn has not
        come is not answered; one under way is, and `sweep` then deletes its rows.
        """
        asking = select(updates.c.id).where(updates.c.update_id == before_id).scalar_subquery()
        own = _of_user(updates, user_id) & (updates.c.id < asking)
        chosen = select(updates.c.update_id).where(own)
        with self._erasing() as connection:
            # What a group keeps is the group's; the name of who kept it goes.
            kept = (clippings.c.user_id == user_id) & (clippings.c.chat_id != user_id)
            connection.execute(update(clippings).where(kept).values(user_id=None))
            links = _links_of(connection, chosen)
            connection.execute(delete(linked_questions).where(linked_questions.c.key.in_(links)))
            counts = {
                table.name: connection.execute(delete(table).where(condition)).rowcount
                for table, condition in _dependent(chosen, user_id)
            }
            blanking = update(updates).where(own).values(BLANK)
            counts[updates.name] = connection.execute(blanking).rowcount
            # Replies and button presses of others came with the words above them, and may have been
            # answered with these in mind.
            named = or_(*(updates.c.payload.contains(f'"id": {user_id}{end}') for end in ",}"))
            near = named & (updates.c.status != WAITING)
            for table, condition in _dependent(select(updates.c.update_id).where(near), None):
                connection.execute(delete(table).where(condition))
            connection.execute(update(updates).where(near).values(payload="{}"))
        return counts

    def close(self, update_id: int) -> None:
        """Forget one answered update."""
        with self._erasing() as connection:
            answered = updates.c.update_id == update_id
            connection.execute(update(updates).where(answered).values(BLANK))

    def sweep(self, update_id: int | None = None) -> None:
        """Delete rows stored for an update after it was forgotten; None for all, at start."""
        chosen = select(updates.c.update_id).where(updates.c.status == FORGOTTEN)
        if update_id is not None:
            chosen = chosen.where(updates.c.update_id == update_id)
        with self._erasing() as connection:
            for table, condition in _dependent(chosen, None):
                connection.execute(delete(table).where(condition))

    @contextmanager
    def _erasing(self) -> Iterator[Connection]:
        """Yield a transaction after which deleted words are neither in the file nor in its log.

        SQLite overwrites them in the file, see `open_inbox`.
        """
        with writing(self._engine) as connection:
            yield connection
        empty_log(self._engine)


def _links_of(connection: Connection, chosen: Select[tuple[int]]) -> list[str]:
    """The keys of the linked questions whose words stand in some updates."""
    payloads = select(updates.c.payload).where(updates.c.update_id.in_(chosen))
    said = connection.execute(payloads).scalars().all()
    return [
        row.key
        for row in connection.execute(select(linked_questions))
        if any(json.dumps(row.question)[1:-1] in payload for payload in said)
    ]


def _of_user(table: Table, user_id: int) -> ColumnElement[bool]:
    named = [table.c[name] for name in ("user_id", "chat_id") if name in table.c]
    return or_(False, *(column == user_id for column in named))


def _dependent(
    chosen: Select[tuple[int]], user_id: int | None
) -> list[tuple[Table, ColumnElement[bool]]]:
    """Return the rows that go with some updates or belong to a user, dependent tables first."""
    conditions: dict[Table, ColumnElement[bool]] = {}
    for table in schema.sorted_tables:
        if table.name in KEPT or table is updates:
            continue
        parts = [] if user_id is None else [_of_user(table, user_id)]
        for key in table.foreign_keys:
            parent = key.column.table
            if parent is updates:
                parts.append(key.parent.in_(chosen))
            elif parent in conditions:
                parts.append(key.parent.in_(select(key.column).where(conditions[parent])))
        condition = or_(False, *parts)
        if table is messages and user_id is not None:
            # A message on its way would lose its row.
            condition &= table.c.status.in_([SENT, FAILED])
        conditions[table] = condition
    return list(reversed(conditions.items()))
