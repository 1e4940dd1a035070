"""Links that open a chat with the bot and ask it something: t.me/BOT?start=PAYLOAD.

A payload has up to 64 of A-Z a-z 0-9 _ -, enough for 46 bytes of a question. A longer question is
stored, and the link carries its key.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Engine

from bot.conversation.places import key_of
from bot.storage.exchanges import LinkedQuestions
from index.core.documents import Document

MAX_PAYLOAD_CHARS = 64


class Kind(StrEnum):
    """The beginning of a payload."""

    QUESTION = "q_"
    KEPT_QUESTION = "k_"
    SOURCE = "s_"


class Payload(NamedTuple):
    """The meaning of a link: a question, or the key of a source."""

    kind: Kind
    value: str


class DeepLinks:
    """Makes links and reads their payloads."""

    def __init__(self, engine: Engine, username: str) -> None:
        self._questions = LinkedQuestions(engine)
        self._username = username

    def to_question(self, question: str) -> str:
        question = " ".join(question.split())
        payload = Kind.QUESTION + urlsafe_b64encode(question.encode()).decode().rstrip("=")
        if len(payload) > MAX_PAYLOAD_CHARS:
            payload = Kind.KEPT_QUESTION + self._questions.keep(question)
        return self._url(payload)

    def to_source(self, document: Document) -> str:
        return self._url(Kind.SOURCE + key_of(document))

    def read(self, payload: str) -> Payload | None:
        """Return the meaning of a payload, None if it is unknown or damaged."""
        kind, value = payload[:2], payload[2:]
        match kind:
            case Kind.SOURCE:
                return Payload(Kind.SOURCE, value)
            case Kind.QUESTION:
                question = decode(value)
            case Kind.KEPT_QUESTION:
                question = self._questions.find(value)
            case _:
                return None
        return Payload(Kind.QUESTION, question) if question else None

    def _url(self, payload: str) -> str:
        return f"https://t.me/{self._username}?start={payload}"


def is_ours(payload: str) -> bool:
    """Whether a payload looks like one of the bot's own."""
    return payload[:2] in list(Kind)


def decode(value: str) -> str | None:
    """Return the text of URL-safe Base64 without padding, None if it is damaged."""
    try:
        text = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
    except ValueError:
        return None
    return text.strip() or None
