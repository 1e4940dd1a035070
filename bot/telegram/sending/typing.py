"""The typing action: the first thing a user sees of an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Message
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

logger = logging.getLogger(__name__)

# Telegram shows it for 5 seconds.
REFRESH_S = 4.0


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Show that an answer to `message` is being written, until the block ends.

    A failure to show it is logged and costs nothing else.
    """
    task = asyncio.create_task(show_typing(message))
    try:
        yield
    finally:
        task.cancel()


async def show_typing(message: Message, refresh_s: float = REFRESH_S) -> None:
    """Send the action at once; in a private chat again and again, in a group only once."""
    while True:
        try:
            await message.reply_chat_action(ChatAction.TYPING)
        except TelegramError as error:
            logger.debug("typing not shown: %s", error)
        if message.chat.type != ChatType.PRIVATE:
            return
        await asyncio.sleep(refresh_s)
