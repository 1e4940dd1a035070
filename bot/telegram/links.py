"""Links that open a chat with the bot and tell it something: t.me/BOT?start=PAYLOAD.

A payload has up to 64 of A-Z a-z 0-9 _ -, which is room for 46 bytes of a question; a longer one is
kept, and the link carries its key.
"""

from __future__ import annotations

import hashlib
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.dialects.sqlite import insert

from bot.conversation.conversation import key_of
from bot.storage.schema import linked_questions
from index.core.documents import Document
from index.store.database import writing

MAX_PAYLOAD_CHARS = 64
_KEY_BYTES = 9


class Kind(StrEnum):
    """What a payload begins with."""

    QUESTION = "q_"
    KEPT_QUESTION = "k_"
    SOURCE = "s_"


class Payload(NamedTuple):
    """What a link says: a question, or the key of something."""

    kind: Kind
    value: str


class DeepLinks:
    """Makes links, and finds out what they ask."""

    def __init__(self, engine: Engine, username: str) -> None:
        self._engine = engine
        self._username = username

    def to_question(self, question: str) -> str:
        """Return a link that asks a question."""
        question = " ".join(question.split())
        payload = Kind.QUESTION + urlsafe_b64encode(question.encode()).decode().rstrip("=")
        if len(payload) > MAX_PAYLOAD_CHARS:
            payload = Kind.KEPT_QUESTION + self._keep(question)
        return self._url(payload)

    def to_source(self, document: Document) -> str:
        """Return a link that shows what is known of a document."""
        return self._url(Kind.SOURCE + key_of(document))

    def read(self, payload: str) -> Payload | None:
        """Return what a payload says, None where that is not known or damaged."""
        kind, value = payload[:2], payload[2:]
        question: str | None
        match kind:
            case Kind.SOURCE:
                return Payload(Kind.SOURCE, value)
            case Kind.QUESTION:
                question = decode(value)
            case Kind.KEPT_QUESTION:
                question = self._kept(value)
            case _:
                return None
        return Payload(Kind.QUESTION, question) if question else None

    def _url(self, payload: str) -> str:
        return f"https://t.me/{self._username}?start={payload}"

    def _keep(self, question: str) -> str:
        # The same question has the same key, so that asking for links fills nothing.
        digest = hashlib.sha256(question.encode()).digest()
        key = urlsafe_b64encode(digest[:_KEY_BYTES]).decode()
        row = {"key": key, "question": question, "kept_at": time.time()}
        with writing(self._engine) as connection:
            connection.execute(insert(linked_questions).on_conflict_do_nothing(), row)
        return key

    def _kept(self, key: str) -> str | None:
        query = select(linked_questions.c.question).where(linked_questions.c.key == key)
        with self._engine.connect() as connection:
            question: str | None = connection.execute(query).scalar_one_or_none()
        return question


def is_ours(payload: str) -> bool:
    """Whether a payload looks like one that was made here."""
    return payload[:2] in {kind.value for kind in Kind}


def decode(value: str) -> str | None:
    """Return the text of Base64 for URLs without padding, None where it is damaged."""
    try:
        text = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    except ValueError:
        return None
    return text.strip() or None
