"""The chats in which the bot does not speak: asked to be quiet, or put out."""

from __future__ import annotations

import time

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.i18n.language import ENGLISH, LANGUAGES, match_language
from bot.storage.schema import chats, languages
from bot.storage.updates import Received
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


class Choices:
    """The languages that users and groups chose."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def language_of(self, received: Received) -> str:
        """Return the language of the group, or else of the user, or else of the user's Telegram."""
        places = [place for place in (received.chat_id, received.user_id) if place is not None]
        chosen = self._read(places)
        for place in places:
            if place in chosen:
                return chosen[place]
        return match_language(received.language_code) or ENGLISH

    def chosen(self, chat_id: int) -> str | None:
        """Return what a group, or the user of a private chat, chose."""
        return self._read([chat_id]).get(chat_id)

    def choose(self, chat_id: int, language: str | None) -> None:
        """Record what a group or user chose; None for nothing, so that Telegram decides again."""
        with writing(self._engine) as connection:
            connection.execute(delete(languages).where(languages.c.chat_id == chat_id))
            if language is not None:
                row = {"chat_id": chat_id, "language": language}
                connection.execute(insert(languages), row)

    def move(self, chat_id: int, new_chat_id: int) -> None:
        """Take the choice along of a group that has another number now."""
        self.choose(new_chat_id, self.chosen(chat_id))
        self.choose(chat_id, None)

    def _read(self, places: list[int]) -> dict[int, str]:
        query = select(languages).where(languages.c.chat_id.in_(places))
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {row.chat_id: row.language for row in rows if row.language in LANGUAGES}
