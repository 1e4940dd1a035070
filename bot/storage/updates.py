"""The inbox: every update is written down before it is handled, and before it is confirmed.

What a process leaves unanswered, the next one answers first. The file is apart from the index: a
long write there delays no update, and the words of users stay apart from the documents.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, event, func, insert, select, update

from bot.storage.schema import mailbox_of, updates
from index.store.database import open_database, writing

logger = logging.getLogger(__name__)

FILE_NAME = "bot.db"
WAITING, ANSWERED, DEAD, EXPIRED = "waiting", "answered", "dead", "expired"
FORGOTTEN = "forgotten"
MAX_QUERY_AGE_S = 10.0
DAY_S = 86_400.0
_MIGRATIONS = Path(__file__).parent / "migrations"
_REMEDY = "move it away, questions in it will not be answered"


def open_inbox(folder: Path) -> Engine:
    """Return an engine on the bot's own database in a folder.

    Raises:
        StoreError: the file is not one of ours, or of a newer version.
    """
    engine = open_database(folder / FILE_NAME, _MIGRATIONS, _REMEDY)
    event.listen(engine, "connect", _overwrite_deleted)
    # The connections so far were opened without it.
    engine.dispose()
    return engine


class Inbox:
    """Updates in the order in which they came, with what became of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, raw: Sequence[Json]) -> list[Received]:
        """Store updates in one transaction; return those that were not there yet, in order."""
        new: dict[int, Received] = {}
        for item in raw:
            try:
                received = read_update(item)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                # It cannot be confirmed either, as that takes its number.
                logger.error("an update without a number was dropped: %r", error)  # noqa: TRY400
            else:
                new.setdefault(received.update_id, received)
        if not new:
            return []
        known = select(updates.c.update_id).where(updates.c.update_id.in_(new))
        with writing(self._engine) as connection:
            for update_id in connection.execute(known).scalars():
                del new[update_id]
            if new:
                now = time.time()
                rows = [_row(received, now) for received in new.values()]
                connection.execute(insert(updates), rows)
        return list(new.values())

    def unanswered(self) -> list[Received]:
        """Return what waits for an answer, in the order in which it came."""
        query = (
            select(updates.c.payload, updates.c.attempts)
            .where(updates.c.status == WAITING)
            .order_by(updates.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            replace(read_update(json.loads(row.payload)), attempts=row.attempts, recovered=True)
            for row in rows
        ]

    def version_before(self, received: Received) -> Received | None:
        """Return what came last of the message of an update, before the update."""
        if received.chat_id is None or received.message_id is None:
            return None
        query = (
            select(updates.c.payload)
            .where(updates.c.mailbox == mailbox_of(received.chat_id))
            .where(updates.c.message_id == received.message_id)
            .where(updates.c.update_id < received.update_id)
            .order_by(updates.c.update_id.desc())
        )
        with self._engine.connect() as connection:
            payload = connection.execute(query.limit(1)).scalar()
        return None if payload is None else read_update(json.loads(payload))

    def count_attempt(self, update_id: int, number: int = 1) -> None:
        """Record that an answer is begun, for the case that it takes the process down.

        With -1, that it was broken off in good order.
        """
        with writing(self._engine) as connection:
            connection.execute(
                update(updates)
                .where(updates.c.update_id == update_id)
                .values(attempts=updates.c.attempts + number)
            )

    def finish(self, update_id: int) -> None:
        """Record that an update needs nothing more."""
        self._close(update_id, ANSWERED, None)

    def bury(self, update_id: int, error: str) -> None:
        """Record that an update failed for good; the error must not hold what was asked."""
        self._close(update_id, DEAD, error)

    def is_forgotten(self, update_id: int) -> bool:
        """Whether its user had it deleted, so that nothing may be kept for it."""
        query = select(updates.c.status).where(updates.c.update_id == update_id)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() == FORGOTTEN

    def expire_queries(self) -> int:
        """Give up the button presses and inline queries that Telegram has forgotten.

        Returns how many there were.
        """
        stale = (
            update(updates)
            .where(updates.c.status == WAITING, updates.c.kind.in_(QUERIES))
            .where(updates.c.received_at < time.time() - MAX_QUERY_AGE_S)
            .values(status=EXPIRED, finished_at=time.time())
        )
        with writing(self._engine) as connection:
            return connection.execute(stale).rowcount

    def prune(self, keep_days: float) -> int:
        """Forget what was finished `keep_days` ago, with its messages; return how many."""
        old = delete(updates).where(updates.c.finished_at < time.time() - keep_days * DAY_S)
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount

    def counts(self) -> dict[str, int]:
        """Return how many updates there are by status."""
        query = select(updates.c.status, func.count().label("number")).group_by(updates.c.status)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {row.status: row.number for row in rows}

    def _close(self, update_id: int, status: str, error: str | None) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                update(updates)
                .where(updates.c.update_id == update_id, updates.c.status == WAITING)
                .values(status=status, error=error, finished_at=time.time())
            )


def _overwrite_deleted(connection: Any, _record: object) -> None:
    # SQLite leaves deleted words in the file, unless it was built or told otherwise.
    connection.execute("PRAGMA secure_delete = ON")


def _row(received: Received, now: float) -> Json:
    chat_id = received.chat_id
    return {
        "update_id": received.update_id,
        "kind": received.kind[:64],
        "chat_id": chat_id,
        "user_id": received.user_id,
        "mailbox": None if chat_id is None else mailbox_of(chat_id),
        "message_id": received.message_id,
        "payload": json.dumps(received.raw),
        "received_at": now,
        "status": WAITING,
        "attempts": 0,
    }


Json = dict[str, Any]

# Telegram forgets them within seconds, and they concern no other message.
QUERIES = frozenset({"callback_query", "inline_query"})
NUMBERED = frozenset({"message", "edited_message", "channel_post"})


@dataclass(frozen=True, slots=True)
class Received:
    """An update in the inbox.

    Attributes:
        update_id: Telegram's number.
        kind: such as `message`; "" where there is nothing in it.
        chat_id: of the chat it belongs to, if any.
        user_id: of who caused it, if anybody.
        message_id: of a new or an edited message.
        raw: the JSON.
        language_code: of the user's Telegram, if it says so.
        attempts: how often its answer was begun.
        recovered: it was left over by an earlier process.
        crowded: its user has too many others waiting.
    """

    update_id: int
    kind: str
    chat_id: int | None
    user_id: int | None
    message_id: int | None
    raw: Json = field(repr=False)
    language_code: str | None = None
    attempts: int = 0
    recovered: bool = False
    crowded: bool = False

    @property
    def lane(self) -> int:
        """What is handled in order: a chat, or a user outside of any."""
        return self.chat_id or self.user_id or 0

    @property
    def is_about_chat(self) -> bool:
        """Whether it tells of the bot's place in a chat, or of the chat's new id."""
        body = _object(self.raw.get(self.kind))
        return self.kind == "my_chat_member" or "migrate_to_chat_id" in body


def read_update(raw: Json) -> Received:
    """Return an update of which only the number is taken for granted.

    Raises:
        KeyError, TypeError, ValueError: there is no number.
    """
    kind = next((name for name in raw if name != "update_id"), "")
    body = _object(raw.get(kind))
    within = _object(body.get("message")) if kind == "callback_query" else body
    return Received(
        update_id=int(raw["update_id"]),
        kind=kind,
        chat_id=_number(_object(within.get("chat")).get("id")),
        user_id=_number(_object(body.get("from")).get("id")),
        message_id=_number(body.get("message_id")) if kind in NUMBERED else None,
        raw=raw,
        language_code=_text(_object(body.get("from")).get("language_code")),
    )


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
