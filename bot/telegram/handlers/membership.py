"""The bot's own place in a chat: blocked, removed, there again, or under another number."""

from __future__ import annotations

import logging

from telegram import ChatMember, Message

from bot.telegram.context import Desk, Turn

logger = logging.getLogger(__name__)

GONE = {ChatMember.LEFT, ChatMember.BANNED}


async def handle_membership(desk: Desk, turn: Turn) -> None:
    """Record whether the bot is in a chat."""
    change = turn.update.my_chat_member
    if change is None:
        return
    if change.new_chat_member.status in GONE:
        desk.chats.leave(change.chat.id)
        logger.info("chat %s is closed to the bot", change.chat.id)
    else:
        desk.chats.join(change.chat.id)
        logger.info("chat %s is open to the bot", change.chat.id)


def follow_migration(desk: Desk, message: Message) -> None:
    """Take along what is said of a group that has become a supergroup, with another id."""
    new = message.migrate_to_chat_id
    if new is None:
        return
    desk.access.move(message.chat.id, new)
    if desk.chats.is_quiet(message.chat.id):
        desk.chats.hush(new)
    desk.chats.leave(message.chat.id)
    desk.choices.move(message.chat.id, new)
    logger.info("group %s is %s now", message.chat.id, new)
