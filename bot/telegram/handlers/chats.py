"""What one may know and decide about what the bot keeps and when it speaks."""

from __future__ import annotations

import logging

from telegram import ChatMember, Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.i18n.language import _
from bot.storage.access import Role
from bot.telegram.context import Desk, Turn, say
from bot.texts import access as access_wording

logger = logging.getLogger(__name__)

ADMINISTRATORS = {ChatMember.ADMINISTRATOR, ChatMember.OWNER}
CONFIRMED = ["yes"]


async def privacy(desk: Desk, turn: Turn, message: Message, _words: list[str]) -> None:
    """Tell what is kept."""
    settings = desk.settings
    user = message.from_user if message.sender_chat is None else None
    text = access_wording.privacy(
        settings.keep_days, settings.log_questions, user.id if user else None
    )
    await say(desk, turn, message, text)


async def forget(desk: Desk, turn: Turn, message: Message, words: list[str]) -> None:
    """Delete what is kept of somebody, who says so twice."""
    update_id, user = turn.received.update_id, message.from_user
    if message.chat.type != ChatType.PRIVATE or user is None:
        await say(desk, turn, message, _(access_wording.FORGET_IN_PRIVATE))
        return
    if [word.lower() for word in words] != CONFIRMED:
        await say(desk, turn, message, _(access_wording.FORGET_CONFIRM))
        return
    counts = desk.forgetting.forget(user.id, update_id)
    logger.info("a user had %s rows forgotten", sum(counts.values()))
    try:
        await say(desk, turn, message, access_wording.forgotten(counts))
    finally:
        desk.forgetting.close(update_id)


async def stop(desk: Desk, turn: Turn, message: Message, _words: list[str]) -> None:
    """Be quiet in a chat from now on."""
    if not await may_hush(desk, message):
        await say(desk, turn, message, _(access_wording.STOP_IS_FOR_ADMINS))
        return
    desk.chats.hush(message.chat.id)
    await say(desk, turn, message, _(access_wording.STOPPED))


async def may_hush(desk: Desk, message: Message) -> bool:
    """Whether the writer decides if the bot speaks: of a group, its administrators and ours."""
    chat, user = message.chat, message.from_user
    # An anonymous administrator writes as the group.
    if chat.type == ChatType.PRIVATE or message.sender_chat is not None:
        return True
    if user is None:
        return False
    if desk.access.role(user.id) >= Role.ADMIN:
        return True
    try:
        member = await chat.get_member(user.id)
    except TelegramError as error:
        logger.info("whether somebody administers chat %s is unknown: %s", chat.id, error)
        return False
    return member.status in ADMINISTRATORS


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
