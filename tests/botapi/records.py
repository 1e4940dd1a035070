"""Users, chats, messages and queries, in the shape the Bot API gives them."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from .entities import Entity
from .errors import Json


@dataclass(slots=True)
class User:
    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def to_json(self) -> Json:
        data: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            data["username"] = self.username
        if self.language_code:
            data["language_code"] = self.language_code
        return data


@dataclass(frozen=True, slots=True)
class File:
    """A stored file; `path` is relative to the bot's file address."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes = field(repr=False)

    def to_json(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }

    def to_document(self) -> Json:
        return {**self.to_json(), "file_name": self.name, "mime_type": self.mime_type}


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    web_app: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat; `media` holds the fields of a document, photo, sticker or service.

    `extra` holds fields that may stand beside any of these, such as forward_origin or sender_chat.
    """

    chat: "Chat"
    message_id: int
    sender: User
    text: str | None = None
    entities: list[Entity] = field(default_factory=list)
    reply_to: "Message | None" = None
    quote: Json | None = None
    reply_markup: Json | None = None
    link_preview_options: Json | None = None
    media: Json = field(default_factory=dict)
    file: File | None = None
    date: int = field(default_factory=lambda: int(time.time()))
    edit_date: int | None = None
    thread_id: int | None = None
    extra: Json = field(default_factory=dict)
    reactions: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def buttons(self) -> list[Button]:
        """Return the inline buttons, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [
            Button(
                text=button["text"],
                callback_data=button.get("callback_data"),
                url=button.get("url"),
                copy_text=button.get("copy_text", {}).get("text"),
                web_app=button.get("web_app", {}).get("url"),
            )
            for row in rows
            for button in row
        ]

    def button(self, text: str) -> Button:
        """Return the button with this text.

        Raises:
            LookupError: the message has none.
        """
        for button in self.buttons:
            if button.text == text:
                return button
        texts = [button.text for button in self.buttons]
        raise LookupError(f"no button {text!r} under message {self.message_id}, only {texts}")

    @property
    def is_in_topic(self) -> bool:
        """Whether it is in a topic; a thread of replies in a supergroup is none."""
        return self.thread_id in self.chat.topics

    def entity_texts(self, kind: str) -> list[str]:
        """Return the text under each entity of this type, cut by its UTF-16 offsets."""
        return [entity.cut(self.text or "") for entity in self.entities if entity.type == kind]

    def to_json(self, with_reply: bool = True) -> Json:
        data: Json = {
            "message_id": self.message_id,
            # Nobody in person writes in a channel.
            **({"from": self.sender.to_json()} if self.chat.type != "channel" else {}),
            "chat": self.chat.to_json(),
            "date": self.date,
            **self.media,
            **self.extra,
        }
        prefix = "caption" if self.media else "text"
        if self.text:
            data[prefix] = self.text
        if self.entities:
            name = "caption_entities" if self.media else "entities"
            data[name] = [entity.to_json() for entity in self.entities]
        if self.reply_markup and "inline_keyboard" in self.reply_markup:
            data["reply_markup"] = self.reply_markup
        if with_reply and self.reply_to is not None:
            data["reply_to_message"] = self.reply_to.to_json(with_reply=False)
        optional = {
            "quote": self.quote,
            "link_preview_options": self.link_preview_options,
            "edit_date": self.edit_date,
            "message_thread_id": self.thread_id,
            "is_topic_message": self.is_in_topic or None,
        }
        return data | {name: value for name, value in optional.items() if value is not None}


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, a group or a channel.

    `topics` holds the numbers of its topics, which are those of the messages that opened them; the
    General topic of a forum has none. A supergroup or channel counts its messages from 1; all other
    chats of the bot share one sequence.
    """

    id: int
    type: str
    title: str | None = None
    user: User | None = None
    bot_status: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    drafts: list[Message] = field(default_factory=list)
    topics: set[int] = field(default_factory=set)
    migrated_to: int | None = None
    message_ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def next_message_id(self) -> int:
        return next(self.message_ids)

    def to_json(self) -> Json:
        if self.user is None:
            forum: Json = {"is_forum": True} if self.topics else {}
            return {"id": self.id, "type": self.type, "title": self.title or "", **forum}
        data: Json = {"id": self.id, "type": self.type, "first_name": self.user.first_name}
        if self.user.username:
            data["username"] = self.user.username
        return data


@dataclass(slots=True, eq=False)
class CallbackQuery:
    """A pressed button; `answer` is None until the bot answers it."""

    id: str
    sender: User
    message: Message
    data: str
    answer: Json | None = None


@dataclass(frozen=True, slots=True)
class InlineResult:
    id: str
    title: str
    text: str
    entities: list[Entity]
    raw: Json


@dataclass(slots=True, eq=False)
class InlineQuery:
    """A query typed after the bot's name; `results` is None until the bot answers it."""

    id: str
    sender: User
    query: str
    offset: str = ""
    results: list[InlineResult] | None = None
    answer: Json | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call that reached the server: what was asked and with which status it was answered."""

    method: str
    params: dict[str, Any]
    time: float
    status: int
