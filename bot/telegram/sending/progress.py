"""Signs of life before an answer: the typing action, and a message that is edited meanwhile."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from telegram import Message as TelegramMessage
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.storage.messages import SENDING, SENT, WAITING, Letter
from bot.telegram.client.retrying import retry, unless_refused
from bot.telegram.rendering.message import Message
from bot.telegram.sending.delivery import Delivery, payload_of

logger = logging.getLogger(__name__)

# Telegram shows the typing action for 5 seconds.
REFRESH_S = 4.0
# A group takes 20 messages a minute, edits included, and they are needed for answers.
SLOWER_IN_GROUPS = 6


@asynccontextmanager
async def typing(message: TelegramMessage) -> AsyncIterator[None]:
    """Show that an answer to `message` is being written, until the block ends."""
    task = asyncio.create_task(show_typing(message))
    try:
        yield
    finally:
        task.cancel()


async def show_typing(message: TelegramMessage, refresh_s: float = REFRESH_S) -> None:
    """Send the action at once; in a private chat again and again, in a group only once.

    A failure is logged and costs nothing else.
    """
    while True:
        try:
            await message.reply_chat_action(ChatAction.TYPING)
        except TelegramError as error:
            logger.debug("typing not shown: %s", error)
        if message.chat.type != ChatType.PRIVATE:
            return
        await asyncio.sleep(refresh_s)


class ProgressMessage:
    """Shows the progress on an update in one message, edited at a pace that Telegram allows.

    After a crash the message of the earlier process is found and edited further.
    """

    def __init__(self, delivery: Delivery, update_id: int, question: TelegramMessage) -> None:
        self.delivery = delivery
        self.update_id = update_id
        self.question = question
        private = question.chat.type == ChatType.PRIVATE
        self.gap_s = delivery.edit_gap_s * (1 if private else SLOWER_IN_GROUPS)
        self.place: tuple[int, int] | None = None
        self.wanted: Message | None = None
        self.edited_at = 0.0
        self.pacing: asyncio.Task[None] | None = None
        # An edit that is on its way must not arrive after the next.
        self.editing = asyncio.Lock()

    async def begin(self, message: Message) -> None:
        """Send the message, unless an earlier process did.

        Raises:
            TelegramError: it was refused for good.
        """
        outbox = self.delivery.outbox
        letter = outbox.notice(self.update_id) or self._plan(message)
        if letter.status in {WAITING, SENDING}:
            await self.delivery.send([letter])
        elif letter.status == SENT:
            self.show(message)
        chat_id, message_id = outbox.place(letter.id)
        if message_id is not None:
            self.place = chat_id, message_id
        self.edited_at = time.monotonic()

    def show(self, message: Message) -> None:
        """Change the message soon; a text outdated by then is never shown."""
        self.wanted = message
        if self.pacing is None or self.pacing.done():
            self.pacing = asyncio.create_task(self._pace())

    async def finish(self, message: Message) -> None:
        """Have the message, or a new one if it is gone, show the end, however long that takes.

        Raises:
            TelegramError: it was refused for good.
        """
        self.wanted = None
        if self.place is not None:
            edit = partial(self._edit, message, self.delivery.edit_gap_s)
            report = partial(
                logger.info, "update %s shows no end (%s), again in %.1f s", self.update_id
            )
            try:
                await retry(edit, self.delivery.delay_s, report, unless_refused)
            except (BadRequest, ChatMigrated) as error:
                logger.info("the message on update %s is gone: %s", self.update_id, error)
                self.place = None
            else:
                return
        await self.delivery.send([self._plan(message)])

    def stop(self) -> None:
        """Show nothing more; an edit that is on its way still arrives."""
        self.wanted = None

    async def _pace(self) -> None:
        while self.wanted is not None:
            await asyncio.sleep(self._left_s(self.gap_s))
            if self.wanted is None:
                return
            message, self.wanted = self.wanted, None
            try:
                await self._edit(message, 0.0)
            except TelegramError as error:
                logger.info("the progress of update %s is not shown: %s", self.update_id, error)

    def _plan(self, message: Message) -> Letter:
        payload = payload_of(message, self.question, quoting=True)
        chat_id = self.question.chat.id
        (letter,) = self.delivery.outbox.plan(self.update_id, chat_id, [payload], notice=True)
        return letter

    def _left_s(self, gap_s: float) -> float:
        return max(0.0, self.edited_at + gap_s - time.monotonic())

    async def _edit(self, message: Message, gap_s: float) -> None:
        async with self.editing:
            await asyncio.sleep(self._left_s(gap_s))
            if self.place is None:
                return
            payload = payload_of(message, self.question, quoting=False)
            try:
                await self.delivery.edit(*self.place, payload)
            finally:
                self.edited_at = time.monotonic()
