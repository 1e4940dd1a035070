"""Another reply in place of the one that a question got, once the question was edited."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from telegram import Message as TelegramMessage
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.storage.updates import Json
from bot.telegram.client.retrying import backoff_s, seconds
from bot.telegram.rendering.message import Message
from bot.telegram.sending.delivery import (
    NOT_MODIFIED,
    Delivery,
    content_of,
    is_about_keyboard,
    payload_of,
)

logger = logging.getLogger(__name__)

# Somebody deleted it, or Telegram considers it too old.
OUT_OF_REACH = ("not found", "can't be edited", "can't be deleted", "message_id_invalid")


async def replace_reply(
    delivery: Delivery, update_id: int, question: TelegramMessage, messages: Sequence[Message]
) -> None:
    """Edit the messages of a reply into another one: delete what is over, send what is missing.

    After a crash the same call does what is left to do.

    Args:
        delivery: sent the reply.
        update_id: the update that it is kept under.
        question: as it is now.
        messages: of the new reply, in order.

    Raises:
        TelegramError: a change was refused for good.
    """
    bot, outbox = delivery.bot, delivery.outbox
    chat_id = question.chat.id
    await delivery.send(outbox.unsent(update_id) or [])
    missing = deque(payload_of(message, question, quoting=False) for message in messages)
    for letter_id, message_id in outbox.shown(update_id):
        if missing:
            if await edit(delivery, chat_id, message_id, missing[0]):
                outbox.rewrite(letter_id, missing.popleft())
                continue
        else:
            await settle(partial(bot.delete_message, chat_id, message_id), delivery.first_delay_s)
        outbox.mark_failed(letter_id, "replaced")
    await delivery.send(outbox.plan(update_id, chat_id, list(missing)))


async def edit(delivery: Delivery, chat_id: int, message_id: int, payload: Json) -> bool:
    """Edit a message, without its buttons where they are refused; False: it is out of reach.

    Raises:
        TelegramError: it was refused for good.
    """
    change = partial(
        delivery.bot.edit_message_text,
        chat_id=chat_id,
        message_id=message_id,
        **content_of(payload),
    )
    try:
        return await settle(change, delivery.first_delay_s)
    except BadRequest as error:
        if not is_about_keyboard(error) or not payload["keyboard"]:
            raise
        logger.warning("message %s is edited without its buttons: %s", message_id, error)
        return await edit(delivery, chat_id, message_id, payload | {"keyboard": None})


async def settle(call: Callable[[], Awaitable[Any]], first_delay_s: float) -> bool:
    """Make a change that may be made twice until Telegram takes it.

    Returns False where the message is out of reach.

    Raises:
        TelegramError: it was refused for good.
    """
    failures = 0
    while True:
        try:
            await call()
        except (ChatMigrated, Forbidden):
            raise
        except BadRequest as error:
            reason = error.message.lower()
            if NOT_MODIFIED in reason:
                return True
            if any(known in reason for known in OUT_OF_REACH):
                return False
            raise
        except RetryAfter as error:
            await asyncio.sleep(seconds(error.retry_after))
        except NetworkError as error:
            logger.info("a change failed, trying again: %s", error)
            await asyncio.sleep(backoff_s(first_delay_s, failures))
            failures += 1
        else:
            return True
