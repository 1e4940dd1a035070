"""Finds the messages that are meant for the bot, and reads their requests."""

from __future__ import annotations

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

from bot.conversation.questions import Request
from bot.telegram.commands import COMMANDS
from bot.telegram.rendering.message import utf16_cut, utf16_len

SET_OFF = " \n,:"


def is_person(message: Message) -> bool:
    """Whether a human wrote the message, be it an anonymous administrator of a group."""
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    return message.from_user is not None and not message.from_user.is_bot


def request_of(message: Message, bot: User) -> Request | None:
    """Return what a message asks of the bot: by its text, or in private by a caption that asks."""
    if message.text is not None:
        text = addressed_text(message, bot)
        return None if text is None else Request.read(text)
    if message.chat.type != ChatType.PRIVATE:
        return None
    request = Request.read(message.caption or "")
    return request if request.is_asking else None


def addressed_text(message: Message, bot: User) -> str | None:
    """Return the text that is meant for the bot; None if nothing is.

    In a private chat everything is; in a group a command, a mention of the bot, which is left out
    of the text, and a reply to one of its messages, unless that begins with somebody else's name.
    """
    text = message.text or ""
    if message.chat.type == ChatType.PRIVATE:
        return text
    command = leading_command(message)
    if command is not None:
        return text if is_own_command(command, bot) else None
    mentions = [entity for entity in message.entities if is_mention(text, entity, bot)]
    if mentions:
        return without(text, mentions)
    return text if replies_to(message, bot) and not is_to_another(message) else None


def replies_to(message: Message, bot: User) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == bot.id


def is_to_another(message: Message) -> bool:
    """Whether a message that does not mention the bot begins with a mention."""
    kinds = {MessageEntity.MENTION, MessageEntity.TEXT_MENTION}
    return any(entity.type in kinds and entity.offset == 0 for entity in message.entities)


def leading_command(message: Message) -> str | None:
    """Return the command a message begins with, as in /help@onrecord_bot."""
    for entity in message.entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            return utf16_cut(message.text or "", 0, entity.length)
    return None


def is_own_command(command: str, bot: User) -> bool:
    """Whether a command names the bot, or names nobody and is one the bot knows."""
    name, at, username = command.removeprefix("/").partition("@")
    if at:
        return username.casefold() == (bot.username or "").casefold()
    return name.lower() in COMMANDS


def is_mention(text: str, entity: MessageEntity, bot: User) -> bool:
    """Whether an entity names the bot, by its username or by a link to it."""
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    if entity.type != MessageEntity.MENTION:
        return False
    mention = utf16_cut(text, entity.offset, entity.length)
    return mention.casefold() == f"@{bot.username}".casefold()


def without(text: str, mentions: list[MessageEntity]) -> str:
    """Return the text without the mentions and the punctuation that set them off."""
    kept = ""
    start = 0
    borders = [(mention.offset, mention.offset + mention.length) for mention in mentions]
    for offset, end in [*borders, (utf16_len(text), 0)]:
        part = utf16_cut(text, start, offset - start).strip(SET_OFF)
        kept += part if part.startswith(("?", "!")) else f" {part}"
        start = end
    return kept.strip()
