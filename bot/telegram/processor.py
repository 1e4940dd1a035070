"""What is done about one update, from the inbox to the record that it is done."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from telegram import Bot, Message, Update

from bot.i18n.language import speaking
from bot.storage.messages import Outbox
from bot.storage.received import Received
from bot.telegram.context import Desk, Turn
from bot.telegram.failures import report_failure
from bot.telegram.handlers import Handler
from bot.telegram.handlers.questions import is_question
from bot.telegram.offers import offered, upload_command

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class Reception:
    """Has updates handled. Whatever happens, the next one gets its turn."""

    def __init__(
        self, bot: Bot, desk: Desk, outbox: Outbox, handlers: Mapping[str, Handler]
    ) -> None:
        self.bot = bot
        self.desk = desk
        self.outbox = outbox
        self.handlers = handlers

    def asks(self, received: Received) -> bool:
        """Whether an update asks something of the bot; False also for one that cannot be read."""
        return is_question(self._message(received), self.desk.me)

    def stands_aside(self, received: Received) -> bool:
        """Whether an update is about documents, and takes long."""
        message = self._message(received)
        me = self.desk.me
        return offered(message, me) is not None or upload_command(message, me) is not None

    def _message(self, received: Received) -> Message | None:
        try:
            return Update.de_json(received.raw, self.bot).message
        except Exception:  # noqa: BLE001  # whatever a damaged update leads to
            return None

    async def handle(self, received: Received) -> None:
        """Answer an update, and record that it is done or why it cannot be."""
        with speaking(self.desk.choices.language_of(received)):
            await self._handle(received)

    async def _handle(self, received: Received) -> None:
        update_id = received.update_id
        # What stands aside has a message to end, and counts by itself.
        if received.attempts >= MAX_ATTEMPTS and not self.stands_aside(received):
            logger.error("update %s ended the process %s times", update_id, received.attempts)
            self.desk.inbox.bury(update_id, f"{received.attempts} attempts ended the process")
            return
        if self.is_void(received):
            self.desk.inbox.finish(update_id)
            return
        update: Update | None = None
        try:
            unsent = self.outbox.unsent(update_id) if received.recovered else None
            if unsent is not None:
                await self.desk.delivery.send(unsent)
            elif received.kind in self.handlers:
                update = Update.de_json(received.raw, self.bot)
                await self.handlers[received.kind](self.desk, Turn(update, received))
        except Exception as error:  # noqa: BLE001  # the bot's error handler
            self.desk.inbox.bury(update_id, type(error).__name__)
            await report_failure(self.desk, received, update, error)
        else:
            self.desk.inbox.finish(update_id)
        if self.desk.inbox.is_forgotten(update_id):
            self.desk.forgetting.sweep(update_id)

    def is_void(self, received: Received) -> bool:
        """Whether nothing is to be done: it was forgotten, or comes from somebody blocked."""
        if received.is_about_chat:
            return False
        blocked = self.desk.access.is_blocked(received.user_id, received.chat_id)
        return blocked or self.desk.inbox.is_forgotten(received.update_id)
