"""The outbox: messages of the bot, planned, being sent, or sent under a number."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from bot.storage.schema import mailbox_of, messages, updates
from bot.storage.updates import Json
from index.store.database import execute, fetch, writing

WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
# A message takes the next free number, but others may be taken that the bot never sees.
BEYOND_KNOWN = 3
MAX_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way."""

    id: int
    chat_id: int
    payload: Json  # the arguments of sendMessage beside the chat
    status: str  # waiting, or sending if nobody knows whether it arrived


class Outbox:
    """Messages in the order in which they are to be sent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def plan(
        self, update_id: int, chat_id: int, payloads: Sequence[Json], notice: bool = False
    ) -> list[Letter]:
        """Store a whole reply to an update, or a notice, in one transaction."""
        rows = [_row(update_id, chat_id, payload, notice) for payload in payloads]
        adding = insert(messages).returning(messages.c.id)
        with writing(self._engine) as connection:
            ids = [connection.execute(adding, row).scalar_one() for row in rows]
        return [
            Letter(number, chat_id, payload, WAITING)
            for number, payload in zip(ids, payloads, strict=True)
        ]

    def unsent(self, update_id: int) -> list[Letter] | None:
        """Return the rest to send of the reply to an update; None if there is no reply."""
        query = (
            select(messages)
            .where(messages.c.update_id == update_id, ~messages.c.is_notice)
            .order_by(messages.c.id)
        )
        letters = [_letter(row) for row in fetch(self._engine, query)]
        if not letters:
            return None
        return [letter for letter in letters if letter.status in {WAITING, SENDING}]

    def update_answered(self, chat_id: int, message_id: int) -> int | None:
        """Return the update that keeps the reply to a message, None if there is none."""
        query = (
            select(func.min(messages.c.update_id).label("update_id"))
            .join(updates, updates.c.update_id == messages.c.update_id)
            .where(updates.c.mailbox == mailbox_of(chat_id), updates.c.message_id == message_id)
            .where(~messages.c.is_notice)
        )
        found: int | None = fetch(self._engine, query)[0].update_id
        return found

    def shown(self, update_id: int) -> list[tuple[int, int]]:
        """Return id and number of each message of a reply that arrived, in order."""
        query = (
            select(messages.c.id, messages.c.message_id)
            .where(messages.c.update_id == update_id, messages.c.status == SENT)
            .where(~messages.c.is_notice)
            .order_by(messages.c.message_id)
        )
        return [(row.id, row.message_id) for row in fetch(self._engine, query)]

    def rewrite(self, letter_id: int, payload: Json) -> None:
        """Record that a message that arrived was edited."""
        self._set(letter_id, payload=json.dumps(payload))

    def notice(self, update_id: int) -> Letter | None:
        """Return the first notice about an update, in any status; None without one."""
        query = (
            select(messages)
            .where(messages.c.update_id == update_id, messages.c.is_notice)
            .order_by(messages.c.id)
            .limit(1)
        )
        return next(map(_letter, fetch(self._engine, query)), None)

    def place(self, letter_id: int) -> tuple[int, int | None]:
        """Return the chat of a message, and its number there once it is sent."""
        query = select(messages.c.chat_id, messages.c.message_id).where(messages.c.id == letter_id)
        (row,) = fetch(self._engine, query)
        return row.chat_id, row.message_id

    def mark_sending(self, letter_id: int) -> None:
        """Record that the request leaves, and the highest number known at its first attempt."""
        with writing(self._engine) as connection:
            mailbox, after_id = _position(connection, letter_id)
            if after_id is None:
                after_id = max(_numbers_after(connection, mailbox, None), default=0)
            leaving = update(messages).where(messages.c.id == letter_id)
            connection.execute(leaving.values(status=SENDING, after_id=after_id))

    def mark_sent(self, letter_id: int, message_id: int) -> None:
        """Record that a message arrived, and its number."""
        self._set(letter_id, status=SENT, message_id=message_id, sent_at=time.time())

    def mark_failed(self, letter_id: int, error: str) -> None:
        """Record that Telegram refuses a message for good."""
        self._set(letter_id, status=FAILED, error=error)

    def move(self, letter_id: int, chat_id: int) -> None:
        """Readdress a message to the supergroup that its group became."""
        self._set(letter_id, chat_id=chat_id, mailbox=mailbox_of(chat_id), after_id=None)

    def add_notice(self, update_id: int, chat_id: int, payload: Json, message_id: int) -> None:
        """Record a message that is no reply, once it is sent."""
        sent = {"status": SENT, "message_id": message_id, "sent_at": time.time()}
        row = _row(update_id, chat_id, payload, is_notice=True) | sent
        execute(self._engine, insert(messages), row)

    def candidates(self, letter_id: int) -> list[int]:
        """Return the numbers that a message may have, if it arrived; the likeliest first.

        They follow the highest number known before it was sent, and belong to no message that the
        bot has seen or knows to be another of its own.
        """
        with self._engine.connect() as connection:
            mailbox, after_id = _position(connection, letter_id)
            if after_id is None:
                return []
            known = _numbers_after(connection, mailbox, after_id)
        last = max(known, default=after_id) + BEYOND_KNOWN
        free = [number for number in range(after_id + 1, last + 1) if number not in known]
        return free[:MAX_CANDIDATES]

    def _set(self, letter_id: int, **values: object) -> None:
        execute(self._engine, update(messages).where(messages.c.id == letter_id).values(**values))


def _position(connection: Connection, letter_id: int) -> tuple[int, int | None]:
    """Return the mailbox of a message, and the highest number there before it was sent."""
    query = select(messages.c.mailbox, messages.c.after_id).where(messages.c.id == letter_id)
    row = connection.execute(query).one()
    return row.mailbox, row.after_id


def _numbers_after(connection: Connection, mailbox: int, after_id: int | None) -> set[int]:
    """Return the numbers known in a mailbox after one of them; for None only the highest."""
    numbers: set[int] = set()
    for table in (updates, messages):
        column = table.c.message_id
        chosen = select(func.max(column) if after_id is None else column)
        query = chosen.where(table.c.mailbox == mailbox)
        if after_id is not None:
            query = query.where(column > after_id)
        numbers.update(number for number in connection.execute(query).scalars() if number)
    return numbers


def _letter(row: Row[Any]) -> Letter:
    return Letter(row.id, row.chat_id, json.loads(row.payload), row.status)


def _row(update_id: int, chat_id: int, payload: Json, is_notice: bool) -> Json:
    return {
        "update_id": update_id,
        "chat_id": chat_id,
        "mailbox": mailbox_of(chat_id),
        "payload": json.dumps(payload),
        "is_notice": is_notice,
        "status": WAITING,
    }
