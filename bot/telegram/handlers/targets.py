"""Whom a command is about: a number, somebody mentioned, or the writer of a message."""

from __future__ import annotations

from telegram import Message, MessageEntity, MessageOriginUser
from telegram.constants import ChatType

from bot.errors import CommandError
from bot.i18n.language import _
from bot.texts import access as wording

# Telegram promises that an id has at most 52 significant bits.
MAX_ID = 2**52


def read_target(message: Message, command: str, words: list[str]) -> tuple[int, list[str]]:
    """Return the id of a user or group, and the words that are left.

    Raises:
        CommandError: nobody is named, or nobody that a bot can know.
    """
    first = words[0] if words else ""
    if first.removeprefix("-").isdecimal():
        number = int(first)
        if not 0 < abs(number) < MAX_ID:
            raise CommandError(_(wording.NO_SUCH_ID).format(word=first))
        return number, words[1:]
    for entity in message.entities:
        if entity.type == MessageEntity.TEXT_MENTION and entity.user and not entity.user.is_bot:
            name = message.parse_entity(entity).split()
            return entity.user.id, [word for word in words if word not in name]
    if first.startswith("@"):
        raise CommandError(_(wording.NO_USERNAMES).format(name=first, command=command))
    if first.lower() == "here" and message.chat.type != ChatType.PRIVATE:
        return message.chat.id, words[1:]
    if message.reply_to_message is not None:
        return writer_of(message.reply_to_message, command), words
    raise CommandError(_(wording.WHO_IS_MEANT).format(command=command))


def writer_of(message: Message, command: str) -> int:
    """Return who wrote a message, or the message that it forwards.

    Raises:
        CommandError: they are hidden, or write as a group or channel.
    """
    user = message.from_user
    if message.forward_origin is not None:
        origin = message.forward_origin
        user = origin.sender_user if isinstance(origin, MessageOriginUser) else None
    elif message.sender_chat is not None:
        user = None
    if user is None:
        raise CommandError(_(wording.NO_SENDER).format(command=command))
    return user.id
