"""Replacement of a reply after its question was edited, and of a page by another."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from telegram import CallbackQuery
from telegram import Message as TelegramMessage
from telegram.error import BadRequest

from bot.storage.updates import Json
from bot.telegram.client.retrying import retry
from bot.telegram.rendering.message import Message
from bot.telegram.sending.delivery import NOT_MODIFIED, Delivery, is_about_keyboard, payload_of

logger = logging.getLogger(__name__)

# Somebody deleted it, or Telegram considers it too old.
OUT_OF_REACH = ("not found", "can't be edited", "can't be deleted", "message_id_invalid")


async def replace_reply(
    delivery: Delivery, update_id: int, question: TelegramMessage, messages: Sequence[Message]
) -> None:
    """Edit the messages of a reply into another one: delete surplus ones, send missing ones.

    After a crash the same call finishes the work. The reply stays recorded under `update_id`, the
    update that it answered first.

    Raises:
        TelegramError: a change was refused for good.
    """
    outbox, chat_id = delivery.outbox, question.chat.id
    await delivery.send(outbox.unsent(update_id) or [])
    missing = deque(payload_of(message, question, quoting=False) for message in messages)
    for letter_id, message_id in outbox.shown(update_id):
        if missing:
            if await edit(delivery, chat_id, message_id, missing[0]):
                outbox.rewrite(letter_id, missing.popleft())
                continue
        else:
            await change(delivery, partial(delivery.bot.delete_message, chat_id, message_id))
        outbox.mark_failed(letter_id, "replaced")
    await delivery.send(outbox.plan(update_id, chat_id, list(missing)))


async def edit(delivery: Delivery, chat_id: int, message_id: int, payload: Json) -> bool:
    """Edit a message, without refused buttons; return False if it is out of reach."""
    try:
        return await change(delivery, partial(delivery.edit, chat_id, message_id, payload))
    except BadRequest as error:
        if not is_about_keyboard(error) or not payload["keyboard"]:
            raise
        logger.warning("message %s is edited without its buttons: %s", message_id, error)
        return await edit(delivery, chat_id, message_id, payload | {"keyboard": None})


async def change(delivery: Delivery, call: Callable[[], Awaitable[Any]]) -> bool:
    """Make a change that may be made twice; return False if the message is out of reach."""
    report = partial(logger.info, "a change failed (%s), again in %.1f s")
    try:
        await retry(call, delivery.delay_s, report)
    except BadRequest as error:
        if any(known in error.message.lower() for known in OUT_OF_REACH):
            return False
        raise
    return True


async def show_instead(query: CallbackQuery, page: Message) -> None:
    """Put a page in the place of the one whose button was pressed."""
    try:
        await query.edit_message_text(page.text, entities=page.entities, reply_markup=page.keyboard)
    except BadRequest as error:
        # Pressed twice, or deleted meanwhile.
        if not any(reason in error.message.lower() for reason in (NOT_MODIFIED, "not found")):
            raise
