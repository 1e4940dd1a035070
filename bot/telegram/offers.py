"""Which messages offer a document: a file, a link, or a command that names either."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Document, Message, MessageEntity, User
from telegram.constants import ChatType

from bot.conversation.conversation import COMMAND
from bot.telegram.addressing import addressed_text, is_mention, is_person
from bot.telegram.commands import UPLOAD_COMMANDS

LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a message brings: a file, a URL, or neither where it uses /add wrongly."""

    file: Document | None = None
    url: str | None = None


def offered(message: Message | None, me: User) -> Offered | None:
    """Return what a person offers the bot by a message; None where it does not mean to.

    In a group a file is meant for the bot if its caption says so, or if it replies to the bot.
    """
    if message is None or not is_person(message):
        return None
    if is_file(message):
        return Offered(file=message.document) if is_for(message, me) else None
    text = (addressed_text(message, me) or "").strip() if message.text else ""
    command = COMMAND.fullmatch(text)
    if command is not None and command["name"].lower() == "add":
        replied = message.reply_to_message
        text = (command["rest"] or "").strip()
        if not text and replied is not None and is_file(replied):
            return Offered(file=replied.document)
    elif not LINK.fullmatch(text):
        return None
    return Offered(url=text) if LINK.fullmatch(text) else Offered()


def upload_command(message: Message | None, me: User) -> tuple[str, str] | None:
    """Return the name of a command about uploads and what follows it; None for any other text."""
    if message is None or not message.text or not is_person(message):
        return None
    command = COMMAND.fullmatch((addressed_text(message, me) or "").strip())
    if command is None or command["name"].lower() not in UPLOAD_COMMANDS:
        return None
    return command["name"].lower(), (command["rest"] or "").strip()


def is_file(message: Message) -> bool:
    """Whether a message is a file; Telegram gives the ones of animations, too."""
    return message.document is not None and message.animation is None


def is_for(message: Message, me: User) -> bool:
    """Whether a file is meant for the bot."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    caption = message.caption or ""
    if any(is_mention(caption, entity, me) for entity in message.caption_entities):
        return True
    command = COMMAND.fullmatch(caption.strip())
    at = MessageEntity.BOT_COMMAND in {entity.type for entity in message.caption_entities}
    if command is not None and at and names_add(caption, me):
        return True
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == me.id


def names_add(caption: str, me: User) -> bool:
    """Whether a caption is /add, of this bot or of no bot in particular."""
    name, _, username = caption.split(maxsplit=1)[0].removeprefix("/").partition("@")
    mine = (me.username or "").casefold()
    return name.lower() == "add" and username.casefold() in {"", mine}
