"""An update as it came from Telegram, before anybody understood it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# Telegram forgets them within seconds, and they concern no other message.
QUERIES = frozenset({"callback_query", "inline_query"})
NUMBERED = frozenset({"message", "edited_message", "channel_post"})


@dataclass(frozen=True, slots=True)
class Received:
    """An update in the inbox.

    Attributes:
        update_id: Telegram's number.
        kind: such as `message`; "" where there is nothing in it.
        chat_id: of the chat it belongs to, if any.
        user_id: of who caused it, if anybody.
        message_id: of a new or an edited message.
        raw: the JSON.
        language_code: of the user's Telegram, if it says so.
        attempts: how often its answer was begun.
        recovered: it was left over by an earlier process.
        crowded: its user has too many others waiting.
    """

    update_id: int
    kind: str
    chat_id: int | None
    user_id: int | None
    message_id: int | None
    raw: Json = field(repr=False)
    language_code: str | None = None
    attempts: int = 0
    recovered: bool = False
    crowded: bool = False

    @property
    def lane(self) -> int:
        """What is handled in order: a chat, or a user outside of any."""
        return self.chat_id or self.user_id or 0

    @property
    def is_about_chat(self) -> bool:
        """Whether it tells of the bot's place in a chat, or of the chat's new id."""
        body = _object(self.raw.get(self.kind))
        return self.kind == "my_chat_member" or "migrate_to_chat_id" in body


def read_update(raw: Json) -> Received:
    """Return an update of which only the number is taken for granted.

    Raises:
        KeyError, TypeError, ValueError: there is no number.
    """
    kind = next((name for name in raw if name != "update_id"), "")
    body = _object(raw.get(kind))
    within = _object(body.get("message")) if kind == "callback_query" else body
    return Received(
        update_id=int(raw["update_id"]),
        kind=kind,
        chat_id=_number(_object(within.get("chat")).get("id")),
        user_id=_number(_object(body.get("from")).get("id")),
        message_id=_number(body.get("message_id")) if kind in NUMBERED else None,
        raw=raw,
        language_code=_text(_object(body.get("from")).get("language_code")),
    )


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
