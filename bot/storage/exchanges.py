"""Questions: the quotes shown for them, the votes and presses on these, the keys in links."""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, Row, Select, delete, func, or_, select, update

from bot.storage.schema import exchanges, linked_questions, messages, presses, updates, votes
from bot.storage.updates import ANSWERED, WAITING
from index.core.answers import Quote
from index.core.scope import Scope
from index.store.database import execute, fetch, from_row, writing
from index.store.databases.dialects import insert

KEY_BYTES = 9  # 12 of A-Z a-z 0-9 _ -
HELPFUL, UNHELPFUL = 1, -1
AGAIN_AFTER_S = 30.0
_QUOTES = TypeAdapter(tuple[Quote, ...])
_SCOPE = TypeAdapter(Scope)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the quotes shown for it."""

    update_id: int
    chat_id: int
    user_id: int
    question: str  # as the library was asked
    scope: Scope
    quotes: tuple[Quote, ...]  # as shown; else those closest to an answer
    answered: bool  # the quotes are an answer to it alone, be it an unsure one
    first: int = 0  # how many better quotes an earlier exchange showed for the same question
    further: bool = False  # there are more quotes than were shown
    leaned_on: str = ""  # the question that the next one may lean on; "" for this one
    # Random, so that nobody can guess another's.
    id: str = field(default_factory=lambda: secrets.token_urlsafe(KEY_BYTES))
    asked_at: float = field(default_factory=time.time)  # seconds since 1970


class Exchanges:
    """The exchanges that are kept; they are forgotten with their updates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, exchange: Exchange) -> Exchange:
        """Store an exchange before it is shown, and return it.

        The update must be in the inbox; an earlier exchange of it is replaced.
        """
        row = {name: getattr(exchange, name) for name in Exchange.__slots__}
        row["scope"] = _SCOPE.dump_json(exchange.scope).decode()
        row["quotes"] = _QUOTES.dump_json(exchange.quotes).decode()
        # The votes on the earlier quotes are no votes on these.
        replaced = delete(exchanges).where(exchanges.c.update_id == exchange.update_id)
        with writing(self._engine) as connection:
            connection.execute(replaced)
            connection.execute(insert(connection, exchanges), row)
        return exchange

    def get(self, exchange_id: str) -> Exchange | None:
        """Return an exchange, None if it is forgotten or never was."""
        return self._first(select(exchanges).where(exchanges.c.id == exchange_id))

    def last(
        self,
        chat_id: int,
        user_id: int,
        within_s: float,
        before: int | None = None,
        topic: int | None = None,
    ) -> Exchange | None:
        """Return a user's last exchange in a chat, None if it is older than `within_s`.

        One that lies further ahead than that was asked by a clock that was wrong, and is as old.
        With `before`, only those of updates with a smaller number count. The exchanges of each
        `topic`, and those outside of any, are apart.
        """
        now = time.time()
        query = (
            select(exchanges)
            .join(updates, updates.c.update_id == exchanges.c.update_id)
            .where(exchanges.c.chat_id == chat_id, exchanges.c.user_id == user_id)
            .where(updates.c.topic.is_not_distinct_from(topic))
            .where(exchanges.c.asked_at.between(now - within_s, now + within_s))
            .order_by(updates.c.id.desc())  # a clock may have been put back
        )
        if before is not None:
            query = query.where(exchanges.c.update_id < before)
        return self._first(query)

    def move(self, chat_id: int, new_id: int) -> None:
        """Record that a group became a supergroup; its anonymous administrators write as it."""
        for column in (exchanges.c.chat_id, exchanges.c.user_id):
            moving = update(exchanges).where(column == chat_id).values({column: new_id})
            execute(self._engine, moving)

    def by_message(self, chat_id: int, message_id: int) -> Exchange | None:
        """Return the exchange that a message of the bot belongs to, None if it has none."""
        query = (
            select(exchanges)
            .join(messages, messages.c.update_id == exchanges.c.update_id)
            .where(messages.c.chat_id == chat_id, messages.c.message_id == message_id)
        )
        return self._first(query)

    def _first(self, query: Select[Any]) -> Exchange | None:
        rows = fetch(self._engine, query.limit(1))
        return read_exchange(rows[0]) if rows else None


def read_exchange(row: Row[Any]) -> Exchange | None:
    """Return the exchange of a row; None for one of an earlier version that cannot be read."""
    try:
        scope, quotes = _SCOPE.validate_json(row.scope), _QUOTES.validate_json(row.quotes)
    except ValidationError:
        return None
    return from_row(Exchange, row, scope=scope, quotes=quotes)


class Votes:
    """The votes that are kept; they are forgotten with their exchanges."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def cast(self, exchange_id: str, user_id: int, value: int) -> None:
        """Record a vote, +1 or -1, in place of an earlier one of the same user."""
        vote = {"value": value, "voted_at": time.time()}
        adding = insert(self._engine, votes).values(
            exchange_id=exchange_id, user_id=user_id, **vote
        )
        key = [votes.c.exchange_id, votes.c.user_id]
        execute(self._engine, adding.on_conflict_do_update(index_elements=key, set_=vote))

    def retract(self, exchange_id: str, user_id: int, value: int) -> None:
        """Delete a user's vote if it is of this value."""
        chosen = delete(votes).where(votes.c.exchange_id == exchange_id)
        chosen = chosen.where(votes.c.user_id == user_id, votes.c.value == value)
        execute(self._engine, chosen)

    def tally(self) -> list[tuple[Exchange, int]]:
        """Return the exchanges with votes, the oldest first, each with the sum of its votes."""
        query = (
            select(exchanges, func.sum(votes.c.value).label("sum"))
            .join(votes, votes.c.exchange_id == exchanges.c.id)
            .group_by(exchanges.c.id)
            .order_by(exchanges.c.asked_at, exchanges.c.id)
        )
        rows = fetch(self._engine, query)
        return [(found, int(row.sum)) for row in rows if (found := read_exchange(row)) is not None]


class Presses:
    """Ignores double taps. Presses are forgotten with their updates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def claim(self, update_id: int, exchange_id: str, action: str) -> bool:
        """Record a press; False if the same button is being obeyed or was a moment ago.

        A press that failed does not count, nor one of the future, by a clock that was wrong.
        """
        now = time.time()
        lately = presses.c.pressed_at.between(now - AGAIN_AFTER_S, now + AGAIN_AFTER_S)
        earlier = (
            select(presses.c.update_id)
            .join(updates, updates.c.update_id == presses.c.update_id)
            .where(
                presses.c.exchange_id == exchange_id,
                presses.c.action == action,
                presses.c.update_id != update_id,
                or_(
                    updates.c.status == WAITING,
                    (updates.c.status == ANSWERED) & lately,
                ),
            )
        )
        adding = insert(self._engine, presses).values(
            update_id=update_id, exchange_id=exchange_id, action=action, pressed_at=now
        )
        # Another process may be brought the second tap.
        one_by_one = select(exchanges.c.id).where(exchanges.c.id == exchange_id).with_for_update()
        with writing(self._engine) as connection:
            connection.execute(one_by_one)
            if connection.execute(earlier.limit(1)).first() is not None:
                return False
            connection.execute(adding.on_conflict_do_nothing())
        return True


class LinkedQuestions:
    """Questions that links and buttons ask, by the keys these carry; nobody's name is with them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, question: str) -> str:
        """Store a question and return its key.

        The same question has the same key, so asking for links again and again stores no more.
        """
        digest = hashlib.sha256(question.encode()).digest()
        key = urlsafe_b64encode(digest[:KEY_BYTES]).decode()
        row = {"key": key, "question": question, "kept_at": time.time()}
        adding = insert(self._engine, linked_questions).on_conflict_do_nothing()
        execute(self._engine, adding, row)
        return key

    def find(self, key: str) -> str | None:
        """Return the question with a key, None if there is none."""
        query = select(linked_questions.c.question).where(linked_questions.c.key == key)
        return next((row.question for row in fetch(self._engine, query)), None)
