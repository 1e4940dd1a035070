"""Questions that are too long for a link to carry."""

from __future__ import annotations

import hashlib
import time
from base64 import urlsafe_b64encode

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import linked_questions
from index.store.database import writing

KEY_BYTES = 9  # 12 characters


class LinkedQuestions:
    """Questions by the keys that links carry; nobody's name is with them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, question: str) -> str:
        """Store a question and return its key.

        The same question has the same key, so asking for links again and again stores no more.
        """
        digest = hashlib.sha256(question.encode()).digest()
        key = urlsafe_b64encode(digest[:KEY_BYTES]).decode()
        row = {"key": key, "question": question, "kept_at": time.time()}
        with writing(self._engine) as connection:
            connection.execute(insert(linked_questions).on_conflict_do_nothing(), row)
        return key

    def find(self, key: str) -> str | None:
        """Return the question with a key, None if there is none."""
        query = select(linked_questions.c.question).where(linked_questions.c.key == key)
        with self._engine.connect() as connection:
            question: str | None = connection.execute(query).scalar_one_or_none()
        return question
