"""What was asked and what was answered: buttons, follow-ups and votes refer to it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, Row, Select, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import exchanges, messages, presses, updates, votes
from bot.storage.updates import ANSWERED, WAITING
from index.core.answers import Quote
from index.core.scope import Scope
from index.store.database import writing

ID_BYTES = 9  # 12 characters
_QUOTES = TypeAdapter(tuple[Quote, ...])
_SCOPE = TypeAdapter(Scope)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what was shown for it.

    Attributes:
        update_id: the update that was answered.
        user_id: who asked.
        question: as the library was asked.
        scope: in which documents.
        quotes: those that were shown; the closest where the documents did not answer.
        answered: whether the documents answered.
        first: how many better quotes an earlier exchange showed for the same question.
        further: whether there are more quotes than were shown.
        id: 12 of A-Z a-z 0-9 _ -; random, so that nobody can guess another's.
        asked_at: seconds since 1970.
    """

    update_id: int
    chat_id: int
    user_id: int
    question: str
    scope: Scope
    quotes: tuple[Quote, ...]
    answered: bool
    first: int = 0
    further: bool = False
    id: str = field(default_factory=lambda: secrets.token_urlsafe(ID_BYTES))
    asked_at: float = field(default_factory=time.time)


class Exchanges:
    """The exchanges that are kept; they are forgotten with their updates."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, exchange: Exchange) -> Exchange:
        """Store what is about to be shown and return it.

        The update must be in the inbox; what was stored for it before is replaced.
        """
        row = {
            "id": exchange.id,
            "update_id": exchange.update_id,
            "chat_id": exchange.chat_id,
            "user_id": exchange.user_id,
            "question": exchange.question,
            "scope": _SCOPE.dump_json(exchange.scope).decode(),
            "answered": exchange.answered,
            "quotes": _QUOTES.dump_json(exchange.quotes).decode(),
            "first": exchange.first,
            "further": exchange.further,
            "asked_at": exchange.asked_at,
        }
        # The votes on what was shown before are no votes on this.
        replaced = delete(exchanges).where(exchanges.c.update_id == exchange.update_id)
        with writing(self._engine) as connection:
            connection.execute(replaced)
            connection.execute(insert(exchanges), row)
        return exchange

    def get(self, exchange_id: str) -> Exchange | None:
        """Return an exchange, None where it is forgotten or never was."""
        return self._first(select(exchanges).where(exchanges.c.id == exchange_id))

    def last(
        self, chat_id: int, user_id: int, within_s: float, before: int | None = None
    ) -> Exchange | None:
        """Return a user's last exchange in a chat, None where it is older than `within_s`.

        Args:
            chat_id: of the chat.
            user_id: of who asked.
            within_s: how long ago at most.
            before: only those of updates with a smaller number.
        """
        query = (
            select(exchanges)
            .where(exchanges.c.chat_id == chat_id, exchanges.c.user_id == user_id)
            .where(exchanges.c.asked_at >= time.time() - within_s)
            .order_by(exchanges.c.asked_at.desc())
        )
        if before is not None:
            query = query.where(exchanges.c.update_id < before)
        return self._first(query)

    def by_message(self, chat_id: int, message_id: int) -> Exchange | None:
        """Return the exchange that a message of the bot belongs to, None where it has none."""
        query = (
            select(exchanges)
            .join(messages, messages.c.update_id == exchanges.c.update_id)
            .where(messages.c.chat_id == chat_id, messages.c.message_id == message_id)
        )
        return self._first(query)

    def _first(self, query: Select[Any]) -> Exchange | None:
        with self._engine.connect() as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None else read_exchange(row)


def read_exchange(row: Row[Any]) -> Exchange | None:
    """Return the exchange of a row; None for one of an earlier version that cannot be read."""
    try:
        scope, quotes = _SCOPE.validate_json(row.scope), _QUOTES.validate_json(row.quotes)
    except ValidationError:
        return None
    return Exchange(
        update_id=row.update_id,
        chat_id=row.chat_id,
        user_id=row.user_id,
        question=row.question,
        scope=scope,
        quotes=quotes,
        answered=row.answered,
        first=row.first,
        further=row.further,
        id=row.id,
        asked_at=row.asked_at,
    )


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
