"""The inbox: updates, stored before they are handled and before they are confirmed to Telegram.

A process answers first what an earlier one left unanswered. The database is apart from the index:
a long write there delays no update, and the words of users stay apart from the documents.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update

from bot.storage.schema import mailbox_of, updates
from index.store.database import execute, fetch, writing
from index.store.databases.dialects import insert

logger = logging.getLogger(__name__)

Json = dict[str, Any]

WAITING, ANSWERED, DEAD, EXPIRED = "waiting", "answered", "dead", "expired"
FORGOTTEN = "forgotten"
# Telegram forgets them within seconds, and they concern no other message.
QUERIES = frozenset({"callback_query", "inline_query"})
NUMBERED = frozenset({"message", "edited_message", "channel_post"})
MAX_QUERY_AGE_S = 10.0
# An album has at most ten messages, with next to consecutive numbers.
ALBUM_REACH = 20
DAY_S = 86_400.0
_BEYOND_NUMBERS = 1 << 63  # of both databases


@dataclass(frozen=True, slots=True)
class Received:
    """An update in the inbox."""

    update_id: int
    kind: str  # such as message; "" for an empty update
    chat_id: int | None
    user_id: int | None  # of the user who caused it, or the chat in whose name they wrote
    message_id: int | None  # of a new or an edited message
    raw: Json = field(repr=False)
    language_code: str | None = None  # of the user's Telegram
    attempts: int = 0  # how often its answer was begun
    recovered: bool = False  # left over by an earlier process
    crowded: bool = False  # its user has too many others waiting

    @property
    def lane(self) -> int:
        """The id of the chat, or of the user outside of any; one lane is handled in order."""
        return self.chat_id or self.user_id or 0

    @property
    def is_about_chat(self) -> bool:
        """Whether it reports the bot's place in a chat, or the chat's new id."""
        body = _object(self.raw.get(self.kind))
        return self.kind == "my_chat_member" or "migrate_to_chat_id" in body


Arrived = Callable[[Connection, Sequence[Received]], None]


class Inbox:
    """Updates in the order in which they came, and the outcome of each."""

    def __init__(self, engine: Engine, arrived: Arrived = lambda _connection, _new: None) -> None:
        """`arrived` is called in the transaction that stores updates, with those to be handled."""
        self._engine = engine
        self._arrived = arrived

    def put(
        self, raw: Sequence[Json], is_dropped: Callable[[Received], bool] = lambda _received: False
    ) -> list[Received]:
        """Store updates in one transaction; return the new ones that are to be handled, in order.

        Of those that `is_dropped` names only the numbers are stored.
        """
        new: dict[int, Received] = {}
        for item in raw:
            try:
                received = read_update(item)
            except (AttributeError, LookupError, TypeError, ValueError, OverflowError) as error:
                # It cannot be confirmed either, as that takes its number.
                logger.error("an update without a number was dropped: %r", error)  # noqa: TRY400
            else:
                new.setdefault(received.update_id, received)
        if not new:
            return []
        known = select(updates.c.update_id).where(updates.c.update_id.in_(new))
        for row in fetch(self._engine, known):
            del new[row.update_id]
        if not new:
            return []
        dropped = {number for number, received in new.items() if is_dropped(received)}
        now = time.time()
        rows = [
            _row(received, now) | (_DROPPED | {"finished_at": now} if at in dropped else {})
            for at, received in new.items()
        ]
        # Another process may have been brought the same ones meanwhile.
        adding = insert(self._engine, updates).on_conflict_do_nothing()
        with writing(self._engine) as connection:
            stored = connection.execute(adding.returning(updates.c.update_id), rows).scalars()
            own = set(stored) - dropped
            taken = [received for at, received in new.items() if at in own]
            self._arrived(connection, taken)
        return taken

    def unanswered(self) -> list[Received]:
        """Return the updates that wait for an answer, in the order in which they came."""
        query = (
            select(updates.c.payload, updates.c.attempts)
            .where(updates.c.status == WAITING)
            .order_by(updates.c.id)
        )
        return [
            replace(read_update(json.loads(row.payload)), attempts=row.attempts, recovered=True)
            for row in fetch(self._engine, query)
        ]

    def version_before(self, received: Received) -> Received | None:
        """Return the last update about the same message before this one."""
        if received.chat_id is None or received.message_id is None:
            return None
        query = (
            select(updates.c.payload)
            .where(updates.c.mailbox == mailbox_of(received.chat_id))
            .where(updates.c.message_id == received.message_id)
            .where(updates.c.update_id < received.update_id)
            .order_by(updates.c.update_id.desc())
            .limit(1)
        )
        rows = fetch(self._engine, query)
        return read_update(json.loads(rows[0].payload)) if rows else None

    def beside(self, received: Received, later: bool) -> Received | None:
        """Return the message of the same user in the same chat after or before another one."""
        number = updates.c.update_id
        chosen, order = (
            (number > received.update_id, number)
            if later
            else (number < received.update_id, number.desc())
        )
        query = (
            select(updates.c.payload)
            .where(updates.c.kind == "message", updates.c.chat_id == received.chat_id)
            .where(updates.c.user_id == received.user_id, chosen)
            .order_by(order)
            .limit(1)
        )
        rows = fetch(self._engine, query)
        return read_update(json.loads(rows[0].payload)) if rows else None

    def album(self, received: Received, only_finished: bool = False) -> list[Received]:
        """Return the messages of the album that a message belongs to, as far as they are here.

        They are in the order of their numbers; [] for a message that belongs to none.
        """
        body = _object(received.raw.get(received.kind))
        group, chat_id, number = body.get("media_group_id"), received.chat_id, received.message_id
        if group is None or chat_id is None or number is None:
            return []
        query = (
            select(updates.c.payload)
            .where(updates.c.mailbox == mailbox_of(chat_id), updates.c.kind == received.kind)
            .where(updates.c.message_id.between(number - ALBUM_REACH, number + ALBUM_REACH))
            .order_by(updates.c.message_id)
        )
        if only_finished:
            query = query.where(updates.c.status.in_([ANSWERED, DEAD]))
        near = [read_update(json.loads(row.payload)) for row in fetch(self._engine, query)]
        return [
            item
            for item in near
            if item.chat_id == chat_id and item.raw[item.kind].get("media_group_id") == group
        ]

    def count_attempt(self, update_id: int, number: int = 1) -> None:
        """Count that an answer is begun, in case it ends the process; -1 takes that back."""
        attempts = updates.c.attempts + number
        chosen = update(updates).where(updates.c.update_id == update_id)
        execute(self._engine, chosen.values(attempts=attempts))

    def finish(self, update_id: int) -> None:
        """Record that an update needs nothing more."""
        self._close(update_id, ANSWERED, None)

    def bury(self, update_id: int, error: str) -> None:
        """Record that an update failed for good; the error must not hold the question."""
        self._close(update_id, DEAD, error)

    def is_forgotten(self, update_id: int) -> bool:
        """Whether its user had it deleted, so that nothing may be kept for it."""
        query = select(updates).where(updates.c.update_id == update_id)
        return bool(fetch(self._engine, query.where(updates.c.status == FORGOTTEN)))

    def expire_queries(self) -> int:
        """Give up presses and inline queries that Telegram has forgotten; return how many."""
        now = time.time()
        stale = update(updates).where(updates.c.status == WAITING, updates.c.kind.in_(QUERIES))
        stale = stale.where(updates.c.received_at < now - MAX_QUERY_AGE_S)
        return execute(self._engine, stale.values(status=EXPIRED, finished_at=now))

    def prune(self, keep_days: float) -> int:
        """Delete updates finished `keep_days` ago, with their messages; return how many.

        A time in the future is of a clock that was wrong, and counts as now.
        """
        now = time.time()
        is_late = updates.c.finished_at > now
        execute(self._engine, update(updates).where(is_late).values(finished_at=now))
        # Those that were forgotten while they waited have not been finished.
        at = func.coalesce(updates.c.finished_at, updates.c.received_at)
        old = delete(updates).where(updates.c.status != WAITING, at < now - keep_days * DAY_S)
        return execute(self._engine, old)

    def counts(self) -> dict[str, int]:
        """Return the number of updates by status."""
        query = select(updates.c.status, func.count().label("number")).group_by(updates.c.status)
        return {row.status: row.number for row in fetch(self._engine, query)}

    def _close(self, update_id: int, status: str, error: str | None) -> None:
        waiting = (updates.c.update_id == update_id) & (updates.c.status == WAITING)
        closing = update(updates).where(waiting)
        outcome = {"status": status, "error": error, "finished_at": time.time()}
        execute(self._engine, closing.values(outcome))


def read_update(raw: Json) -> Received:
    """Return an update of which only the number is taken for granted.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: there is no number, or none of 64 bits.
    """
    update_id = int(raw["update_id"])
    update_id.to_bytes(8, "big", signed=True)  # as databases have it
    kind = next((name for name in raw if name != "update_id"), "")
    body = _object(raw.get(kind))
    within = _object(body.get("message")) if kind == "callback_query" else body
    user = _object(body.get("from") or body.get("user"))
    # For all who write in the name of a group or channel, Telegram gives the same user.
    writer = _object(body.get("sender_chat") or body.get("actor_chat")) or user
    language_code = user.get("language_code")
    return Received(
        update_id=update_id,
        kind=kind,
        chat_id=_number(_object(within.get("chat")).get("id")),
        user_id=_number(writer.get("id")),
        message_id=_number(body.get("message_id")) if kind in NUMBERED else None,
        raw=raw,
        language_code=language_code if isinstance(language_code, str) else None,
    )


def _row(received: Received, now: float) -> Json:
    chat_id = received.chat_id
    return {
        "update_id": received.update_id,
        "kind": received.kind[:64],
        "chat_id": chat_id,
        "user_id": received.user_id,
        "mailbox": None if chat_id is None else mailbox_of(chat_id),
        "message_id": received.message_id,
        "topic": topic_of(received.raw, received.kind),
        "payload": json.dumps(received.raw),
        "received_at": now,
        "status": WAITING,
        "attempts": 0,
        "error": None,
        "finished_at": None,
    }


def topic_of(raw: Json, kind: str) -> int | None:
    """Return the topic that an update came from; None for none, and for a forum's General one."""
    body = _object(raw.get(kind))
    message = _object(body.get("message")) if kind == "callback_query" else body
    return _number(message.get("message_thread_id")) if message.get("is_topic_message") else None


_DROPPED: Json = {
    **dict.fromkeys(("chat_id", "user_id", "mailbox", "message_id", "topic")),
    "payload": "{}",
    "status": EXPIRED,
    "error": "too many",
}
"""What is stored of an update that is not handled, in place of its own."""


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and abs(value) < _BEYOND_NUMBERS else None
