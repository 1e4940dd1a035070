"""Privacy, silence and membership of the bot in its chats."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from telegram import ChatMember, ChatMemberUpdated
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.conversation.conversation import collection_of
from bot.i18n.language import _
from bot.storage.access import Role
from bot.telegram.context import Context
from bot.telegram.rendering.message import Message
from bot.texts import access
from bot.texts.answers import isolate

logger = logging.getLogger(__name__)

CONFIRMED = ["yes"]
GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
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
        await context.say(_(access.FORGET_CLIPPINGS), _(access.FORGET_CONFIRM))
        return
    counts = forgetting.forget(user_id, update_id)
    library = context.services.answers.conversation.library
    await asyncio.to_thread(library.forget_certificates, collection_of(context.chat.id))
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
        if change.old_chat_member.status in GONE and change.chat.type in GROUPS:
            await greet(context, change)


async def greet(context: Context, change: ChatMemberUpdated) -> None:
    """Explain to a group how to ask, unless neither it nor who added the bot may."""
    services, chat_id = context.services, change.chat.id
    if services.records.chats.is_quiet(chat_id):
        return
    if not services.access.may_ask(change.from_user.id, chat_id):
        return
    mention = isolate(f"@{services.me.username}")
    greeting = Message(_(access.GREETING).format(mention=mention))
    try:
        await services.delivery.post(context.received.update_id, chat_id, greeting)
    except TelegramError as error:
        logger.info("chat %s is not greeted: %s", chat_id, error)


async def follow_migration(context: Context, new_id: int) -> None:
    """Move what belongs to a group that has become a supergroup, with another id."""
    services, chat_id = context.services, context.chat.id
    await services.intake.run(partial(services.intake.migrate, chat_id, new_id))
    services.access.move(chat_id, new_id)
    services.records.chats.move(chat_id, new_id)
    services.records.exchanges.move(chat_id, new_id)
    services.records.clippings.move(chat_id, new_id)
    logger.info("group %s is %s now", chat_id, new_id)
