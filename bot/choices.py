"""In which language the bot speaks with whom: the chosen one, or else that of their Telegram."""

from __future__ import annotations

from sqlalchemy import Engine, delete, insert, select

from bot.language import ENGLISH, LANGUAGES, match_language
from bot.received import Received
from bot.schema import languages
from index.database import writing


class Choices:
    """The languages that users and groups chose. Read from memory; a change is recorded first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.connect() as connection:
            rows = connection.execute(select(languages.c.chat_id, languages.c.language)).all()
        self._chosen: dict[int | None, str] = {
            row.chat_id: row.language for row in rows if row.language in LANGUAGES
        }

    def language_of(self, received: Received) -> str:
        """Return the language of the group, or else of the user, or else of the user's Telegram."""
        for place in (received.chat_id, received.user_id):
            if place in self._chosen:
                return self._chosen[place]
        return match_language(received.language_code) or ENGLISH

    def chosen(self, chat_id: int) -> str | None:
        """Return what a group, or the user of a private chat, chose."""
        return self._chosen.get(chat_id)

    def choose(self, chat_id: int, language: str | None) -> None:
        """Record what a group or user chose; None for nothing, so that Telegram decides again."""
        with writing(self._engine) as connection:
            connection.execute(delete(languages).where(languages.c.chat_id == chat_id))
            if language is not None:
                row = {"chat_id": chat_id, "language": language}
                connection.execute(insert(languages), row)
        self._chosen.pop(chat_id, None)
        if language is not None:
            self._chosen[chat_id] = language
