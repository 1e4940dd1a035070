"""In which language the bot speaks with whom: the chosen one, or else that of their Telegram."""

from __future__ import annotations

from sqlalchemy import Engine, delete, insert, select

from bot.i18n.language import ENGLISH, LANGUAGES, match_language
from bot.storage.received import Received
from bot.storage.schema import languages
from index.store.database import writing


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
