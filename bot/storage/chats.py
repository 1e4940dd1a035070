"""Chats: those in which the bot is quiet or which it left, and the languages chosen."""

from __future__ import annotations

import time

from sqlalchemy import Engine, delete, select

from bot.i18n.language import ENGLISH, LANGUAGES, match_language
from bot.storage.schema import chats, languages
from bot.storage.shared.changes import count_change
from bot.storage.updates import Received
from index.store.database import execute, fetch, writing
from index.store.databases.dialects import insert


class Chats:
    """The state of each chat. Silence is in memory, and recorded first; languages are not."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.read()

    def read(self) -> None:
        """Read the silence, at start and whenever another process changed it."""
        rows = fetch(self._engine, select(chats))
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
        self._set(chat_id, quiet_since=time.time())
        self._quiet.add(chat_id)

    def wake(self, chat_id: int) -> None:
        """Record that the bot may speak again."""
        if self.is_quiet(chat_id):
            self._set(chat_id, quiet_since=None)
            self._quiet.discard(chat_id)

    def leave(self, chat_id: int) -> None:
        """Record that the bot is no longer there."""
        self._set(chat_id, left_since=time.time())
        self._left.add(chat_id)

    def join(self, chat_id: int) -> None:
        """Record that the bot is there, or there again."""
        if self.has_left(chat_id):
            self._set(chat_id, left_since=None)
            self._left.discard(chat_id)

    def language_of(self, received: Received) -> str:
        """Return the language of the group, or else of the user, or else of the user's Telegram."""
        places = [place for place in (received.chat_id, received.user_id) if place is not None]
        chosen = self._languages(places)
        choice = next((chosen[place] for place in places if place in chosen), None)
        return choice or match_language(received.language_code) or ENGLISH

    def chosen_language(self, chat_id: int) -> str | None:
        """Return the choice of a group, or of the user of a private chat."""
        return self._languages([chat_id]).get(chat_id)

    def choose_language(self, chat_id: int, language: str | None) -> None:
        """Record the choice of a group or user; None lets Telegram decide again."""
        if language is None:
            execute(self._engine, delete(languages).where(languages.c.chat_id == chat_id))
        else:
            adding = insert(self._engine, languages).values(chat_id=chat_id, language=language)
            changing = adding.on_conflict_do_update(
                index_elements=["chat_id"], set_={"language": language}
            )
            execute(self._engine, changing)

    def move(self, chat_id: int, new_id: int) -> None:
        """Record that a group has another id from now on."""
        if self.is_quiet(chat_id):
            self.hush(new_id)
        self.leave(chat_id)
        self.choose_language(new_id, self.chosen_language(chat_id))
        self.choose_language(chat_id, None)

    def _languages(self, places: list[int]) -> dict[int, str]:
        query = select(languages).where(languages.c.chat_id.in_(places))
        rows = fetch(self._engine, query)
        return {row.chat_id: row.language for row in rows if row.language in LANGUAGES}

    def _set(self, chat_id: int, **since: float | None) -> None:
        adding = insert(self._engine, chats).values(chat_id=chat_id, **since)
        with writing(self._engine) as connection:
            connection.execute(adding.on_conflict_do_update(index_elements=["chat_id"], set_=since))
            count_change(connection)
