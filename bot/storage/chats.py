"""The chats in which the bot does not speak: asked to be quiet, or put out."""

from __future__ import annotations

import time

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import chats
from index.store.database import writing


class Chats:
    """Answers from memory; a change is recorded first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.connect() as connection:
            rows = connection.execute(select(chats)).all()
        self._quiet = {row.chat_id for row in rows if row.quiet_since is not None}
        self._left = {row.chat_id for row in rows if row.left_since is not None}

    def is_quiet(self, chat_id: int) -> bool:
        """Whether somebody sent /stop there, and nobody /start since."""
        return chat_id in self._quiet

    def has_left(self, chat_id: int) -> bool:
        """Whether the bot was blocked or removed there; nothing sent would arrive."""
        return chat_id in self._left

    def hush(self, chat_id: int) -> None:
        """Record that the bot is to be quiet."""
        self._set(chat_id, "quiet_since", time.time())
        self._quiet.add(chat_id)

    def wake(self, chat_id: int) -> None:
        """Record that the bot may speak again."""
        if self.is_quiet(chat_id):
            self._set(chat_id, "quiet_since", None)
            self._quiet.discard(chat_id)

    def leave(self, chat_id: int) -> None:
        """Record that the bot is no longer there."""
        self._set(chat_id, "left_since", time.time())
        self._left.add(chat_id)

    def join(self, chat_id: int) -> None:
        """Record that the bot is there, or there again."""
        if self.has_left(chat_id):
            self._set(chat_id, "left_since", None)
            self._left.discard(chat_id)

    def _set(self, chat_id: int, column: str, at: float | None) -> None:
        adding = insert(chats).values(chat_id=chat_id).on_conflict_do_nothing()
        setting = update(chats).where(chats.c.chat_id == chat_id).values({column: at})
        with writing(self._engine) as connection:
            connection.execute(adding)
            connection.execute(setting)
