"""Privacy, silence and membership of the bot in its chats."""

from __future__ import annotations

import logging
from functools import partial

from telegram import ChatMember
from telegram.error import TelegramError

from bot.i18n.language import _
from bot.storage.access import Role
from bot.telegram.context import Context
from bot.texts import access

logger = logging.getLogger(__name__)

CONFIRMED = ["yes"]
GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


async def privacy(context: Context) -> None:
    settings = context.services.settings
    await context.say(access.privacy(settings.keep_days, settings.log_questions, context.sender_id))


async def forget(context: Context) -> None:
    """Delete what is kept of the sender, who has to confirm it."""
    user_id, update_id = context.sender_id, context.received.update_id
    forgetting = context.services.records.forgetting
    if not context.is_private or user_id is None:
        await context.say(_(access.FORGET_IN_PRIVATE))
        return
    if context.rest.lower().split() != CONFIRMED:
        await context.say(_(access.FORGET_CONFIRM))
        return
    counts = forgetting.forget(user_id, update_id)
    logger.info("a user had %s rows forgotten", sum(counts.values()))
    try:
        await context.say(access.forgotten(counts))
    finally:
        forgetting.close(update_id)


async def stop(context: Context) -> None:
    if not await may_hush(context):
        await context.say(_(access.STOP_IS_FOR_ADMINS))
        return
    context.services.records.chats.hush(context.chat.id)
    await context.say(_(access.STOPPED))


async def may_hush(context: Context) -> bool:
    """Whether the sender may silence the bot: administrators of the group and of the bot may."""
    if context.role >= Role.ADMIN:
        return True
    try:
        return await context.is_chat_admin()
    except TelegramError as error:
        chat_id = context.chat.id
        logger.info("whether somebody administers chat %s is unknown: %s", chat_id, error)
        return False


async def handle_membership(context: Context) -> None:
    change, chats = context.update.my_chat_member, context.services.records.chats
    if change is None:
        return
    if change.new_chat_member.status in GONE:
        chats.leave(change.chat.id)
        logger.info("chat %s is closed to the bot", change.chat.id)
    else:
        chats.join(change.chat.id)
        logger.info("chat %s is open to the bot", change.chat.id)


async def follow_migration(context: Context, new_id: int) -> None:
    """Move what belongs to a group that has become a supergroup, with another id."""
    services, chat_id = context.services, context.chat.id
    await services.intake.run(partial(services.intake.migrate, chat_id, new_id))
    services.access.move(chat_id, new_id)
    services.records.chats.move(chat_id, new_id)
    logger.info("group %s is %s now", chat_id, new_id)
