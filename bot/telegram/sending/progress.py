"""One message that is edited as something goes on, at a pace that Telegram allows."""

from __future__ import annotations

import asyncio
import logging
import time

from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.storage.messages import SENDING, SENT, WAITING
from bot.telegram.client.retrying import backoff_s, seconds
from bot.telegram.rendering.message import Message
from bot.telegram.sending.delivery import NOT_MODIFIED, Delivery, content_of, payload_of

logger = logging.getLogger(__name__)

# A group takes 20 messages a minute, edits included, and they are needed for answers.
SLOWER_IN_GROUPS = 6


class ProgressMessage:
    """Says how far something is that an update asked for.

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
        letter = outbox.notice(self.update_id)
        if letter is None:
            payload = payload_of(message, self.question, quoting=True)
            chat_id = self.question.chat.id
            (letter,) = outbox.plan(self.update_id, chat_id, [payload], notice=True)
        if letter.status in {WAITING, SENDING}:
            await self.delivery.send([letter])
        elif letter.status == SENT:
            self.show(message)
        chat_id, message_id = outbox.place(letter.id)
        if message_id is not None:
            self.place = chat_id, message_id
        self.edited_at = time.monotonic()

    def show(self, message: Message) -> None:
        """Have the message say something else soon; what is outdated by then is never shown."""
        self.wanted = message
        if self.pacing is None or self.pacing.done():
            self.pacing = asyncio.create_task(self._pace())

    async def finish(self, message: Message) -> None:
        """Have the message say how it ended, however long that takes; if it is gone, a new one.

        Raises:
            TelegramError: it was refused for good.
        """
        self.wanted = None
        failures = 0
        while self.place is not None:
            try:
                await self._edit(message, self.delivery.edit_gap_s)
            except RetryAfter as error:
                await asyncio.sleep(seconds(error.retry_after))
            except Forbidden:
                raise
            except (BadRequest, ChatMigrated) as error:
                logger.info("the message on update %s is gone: %s", self.update_id, error)
                self.place = None
            except TelegramError as error:
                logger.info("the end of update %s is not shown yet: %s", self.update_id, error)
                await asyncio.sleep(backoff_s(self.delivery.first_delay_s, failures))
                failures += 1
            else:
                return
        payload = payload_of(message, self.question, quoting=True)
        chat_id = self.question.chat.id
        await self.delivery.send(
            self.delivery.outbox.plan(self.update_id, chat_id, [payload], notice=True)
        )

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

    def _left_s(self, gap_s: float) -> float:
        return max(0.0, self.edited_at + gap_s - time.monotonic())

    async def _edit(self, message: Message, gap_s: float) -> None:
        async with self.editing:
            await asyncio.sleep(self._left_s(gap_s))
            if self.place is None:
                return
            chat_id, message_id = self.place
            content = content_of(payload_of(message, self.question, quoting=False))
            try:
                await self.delivery.bot.edit_message_text(
                    chat_id=chat_id, message_id=message_id, **content
                )
            except BadRequest as error:
                if NOT_MODIFIED not in error.message.lower():
                    raise
            finally:
                self.edited_at = time.monotonic()
