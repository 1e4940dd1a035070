"""A pressed button, and the answer that Telegram waits for."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.error import TelegramError

from bot.storage.received import Received
from bot.texts import answers as wording

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Press:
    """A button that somebody pressed below a message of the bot.

    Attributes:
        message: the one with the button; it may have been deleted since.
        received: the update.
    """

    query: CallbackQuery
    message: MaybeInaccessibleMessage
    received: Received
    is_answered: bool = field(default=False, init=False)

    @property
    def data(self) -> str:
        """What the button carries."""
        return self.query.data or ""

    @property
    def chat_id(self) -> int:
        """Where it was pressed."""
        return self.message.chat.id

    @property
    def user_id(self) -> int:
        """Who pressed it."""
        return self.query.from_user.id

    @property
    def present(self) -> Message | None:
        """The message, where it is still there."""
        return self.message if isinstance(self.message, Message) else None

    async def answer(self, text: str | None = None) -> None:
        """Tell Telegram that the press arrived, once, with a line of at most 200 characters.

        A failure is logged and costs nothing else: Telegram takes no answer after some seconds.
        """
        if self.is_answered:
            return
        self.is_answered = True
        try:
            await self.query.answer(None if text is None else wording.refusal(text))
        except TelegramError as error:
            logger.info("press %s is not answered: %s", self.received.update_id, error)
