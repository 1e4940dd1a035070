"""Chats exported from Telegram Desktop (result.json): every message is a source of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from index.core.documents import Metadata, Parsed
from index.core.ellipsis import shorten_honestly
from index.core.errors import DocumentError
from index.parsers.toolkit.builder import TextBuilder, clean, one_line

_DELETED = "Deleted account"
_SAVED = "Saved Messages"
_KINDS = frozenset({"message", "service"})
_MAX_REPLY_CHARS = 80
_USERNAME = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)


class _Message(NamedTuple):
    """The part of a message that is read; `text` is None if it has an unknown shape."""

    id: int
    sender: str | None
    forwarded_from: str | None
    date: object
    text: str | None
    reply_to: int | None
    topic: int | None = None  # the service message that began it, or the message that answers it


class _Topic(NamedTuple):
    """The service message that begins or renames a topic of a forum."""

    id: int
    title: str


def compact(found: dict[str, object]) -> object:
    """Return a message reduced to `_Message`, None for a service message, other objects as is.

    As the hook of a JSON decoder it keeps the memory of a large export near the size of its texts.
    """
    kind, identifier = found.get("type"), found.get("id")
    if not isinstance(identifier, int) or "date" not in found or kind not in _KINDS:
        return found
    if kind == "service":
        title = found.get("title") or found.get("new_title")
        is_topic = found.get("action") in {"topic_created", "topic_edit"}
        return _Topic(identifier, title) if is_topic and isinstance(title, str) else None
    reply_to = found.get("reply_to_message_id")
    elsewhere = "reply_to_peer_id" in found
    return _Message(
        id=identifier,
        sender=_name(found, "from"),
        forwarded_from=_name(found, "forwarded_from"),
        date=found["date"],
        text=_message_text(found),
        reply_to=reply_to if isinstance(reply_to, int) and not elsewhere else None,
        topic=topic if isinstance(topic := found.get("topic_id"), int) else None,
    )


def parse_export(name: str, found: Mapping[str, object]) -> Parsed | None:
    """Return the document in an export of one or all chats, None for other JSON.

    Its objects went through `compact`. Dates and times are those of the computer that exported. The
    beginning of the message that another answers stands above the answer and is never quoted.

    Raises:
        DocumentError: a message has a text of unknown shape.
    """
    builder = TextBuilder()
    if "messages" in found:
        title = _chat_name(found)
        if not _add_chat(builder, name, found, None):
            return None
        return builder.build(Metadata(title=title, url=_chat_url(found)).read_in("chat export"))
    parts = (_dict(found.get(part)).get("list") for part in ("chats", "left_chats"))
    items = (item for part in parts if isinstance(part, list) for item in part)
    chats = [item for item in items if isinstance(item, dict)]
    added = [_add_chat(builder, name, chat, _chat_name(chat)) for chat in chats]
    return builder.build(Metadata()) if added and all(added) else None


def _add_chat(
    builder: TextBuilder, name: str, chat: Mapping[str, object], heading: str | None
) -> bool:
    """Add the messages; False if they are not Telegram's. A chat alone needs no `heading`."""
    items = chat.get("messages")
    if not isinstance(items, list) or any(
        one is not None and not isinstance(one, _Message | _Topic) for one in items
    ):
        return False
    messages = [one for one in items if isinstance(one, _Message)]
    topics = {one.id: one.title for one in items if isinstance(one, _Topic)}
    by_id = {message.id: message for message in messages}
    url = _chat_url(chat)
    for message in messages:
        if message.text is None:
            raise DocumentError(
                name,
                f"message {message.id} has a text of a shape that is not read; export it anew",
            )
        if text := clean(message.text):
            sent = _read_time(message.date)
            builder.start_entry(
                title=heading,
                published=sent.date() if sent else None,
                at=sent.time() if sent else None,
                speaker=message.forwarded_from or message.sender,
                url=url and f"{url}/{message.id}",
            )
            _add_context(builder, message, by_id)
            for line in text.split("\n"):
                builder.add_paragraph(line, _topic(message, topics) or heading or "")
    return True


def _topic(message: _Message, topics: dict[int, str]) -> str | None:
    """The topic that a message belongs to: its own, or that of the message it answers."""
    title = topics.get(message.topic or message.reply_to or 0)
    if title is not None:
        topics[message.id] = title  # answers to it belong there too
    return title


def _add_context(builder: TextBuilder, message: _Message, by_id: Mapping[int, _Message]) -> None:
    if message.forwarded_from and message.sender:
        builder.add_unquoted(f"forwarded by {message.sender}")
    answered = by_id.get(message.reply_to) if message.reply_to is not None else None
    if answered is not None and (opening := _opening(answered.text or "")):
        sender = answered.forwarded_from or answered.sender
        builder.add_unquoted(f"in reply to {sender}: {opening}" if sender else opening)


def _opening(text: str) -> str:
    line = one_line(text) or ""
    return shorten_honestly(line, _MAX_REPLY_CHARS) or line


def _message_text(message: Mapping[str, object]) -> str | None:
    """The text or caption and the poll, None if a piece of it is no text."""
    text = message.get("text", "")
    pieces = text if isinstance(text, list) else [text]
    joined = []
    for piece in pieces:
        plain = piece.get("text") if isinstance(piece, dict) else piece
        if not isinstance(plain, str):
            return None
        joined.append(plain)
    return "".join([*joined, *(f"\n{line}" for line in _poll_lines(_dict(message.get("poll"))))])


def _poll_lines(poll: Mapping[str, object]) -> Iterator[str]:
    """The question of a poll, and each option with its votes."""
    question, answers = poll.get("question"), poll.get("answers")
    if isinstance(question, str):
        yield question
    for answer in map(_dict, answers if isinstance(answers, list) else ()):
        option, votes = answer.get("text"), answer.get("voters")
        if isinstance(option, str):
            counted = f": {votes} vote{'s' * (votes != 1)}" if isinstance(votes, int) else ""
            yield f"{option}{counted}"


def _name(found: Mapping[str, object], key: str) -> str | None:
    """The name under `key`: a deleted account has an empty one, no account no key."""
    if key not in found:
        return None
    name = found[key]
    return (one_line(name) if isinstance(name, str) else None) or _DELETED


def _chat_name(chat: Mapping[str, object]) -> str:
    return _name(chat, "name") or (_SAVED if chat.get("type") == "saved_messages" else _DELETED)


def _chat_url(chat: Mapping[str, object]) -> str | None:
    username = chat.get("username")
    if isinstance(username, str) and _USERNAME.fullmatch(username.removeprefix("@")):
        return f"https://t.me/{username.removeprefix('@')}"
    return None


def _read_time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
