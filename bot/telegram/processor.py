"""What is done about one update, from the inbox to the record that it is done."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from collections.abc import Mapping

from telegram import Bot, CallbackQuery, Message, Update
from telegram.error import Forbidden

from bot.i18n.language import _, speaking
from bot.storage.messages import Outbox
from bot.storage.updates import Received
from bot.telegram.context import Desk, Turn
from bot.telegram.handlers import Handler
from bot.telegram.handlers.alternatives import words_asked
from bot.telegram.handlers.questions import is_question
from bot.telegram.handlers.uploads import offered, upload_command
from bot.telegram.rendering.keyboards import read_data
from bot.texts import answers as wording
from bot.texts import buttons as button_wording

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


MASK = "<question>"
# A mention or a command is no part of the question, and quotation marks are cited with a backslash.
SEPARATORS = re.compile(r"""[@/]\w+[ ,:]*|[\n"'\\]""")
# Masking a shorter one would eat up the traceback.
MIN_MASKED_CHARS = 8


async def report_failure(
    desk: Desk, received: Received, update: Update | None, error: Exception
) -> None:
    """Log what went wrong and, where it helps, tell the user under which reference."""
    if update is None:
        # Its text is unknown, so that nothing of the error is safe to show.
        logger.error("update %s cannot be read: %s", received.update_id, type(error).__name__)
        return
    message = update.effective_message
    if isinstance(error, Forbidden):
        logger.info("chat %s is closed to the bot: %s", received.chat_id, error)
        return
    desk.observer.failed()
    reference = secrets.token_hex(4)
    question = question_of(desk, update)
    completed = words_asked(desk, received, message) if message else ""
    logger.error(
        "reference %s, chat %s\n%s",
        reference,
        received.chat_id,
        describe(error, f"{question}\n{completed}"),
        extra={"reference": reference, "question": question},
    )
    if message is not None:
        apology = wording.APOLOGY if update.callback_query is None else button_wording.PRESS_APOLOGY
        text = _(apology).format(reference=reference)
        await desk.delivery.notify(received.update_id, message, text)


def question_of(desk: Desk, update: Update) -> str:
    """Return what was asked, as it was typed."""
    if update.inline_query is not None:
        return update.inline_query.query
    if update.callback_query is not None:
        return asked_before(desk, update.callback_query)
    message = update.effective_message
    return (message.text or message.caption or "") if message else ""


def asked_before(desk: Desk, query: CallbackQuery) -> str:
    """Return the question to whose answer a pressed button belongs."""
    data = read_data(query.data or "")
    exchange = desk.exchanges.get(data.exchange_id) if data else None
    return exchange.question if exchange else ""


def describe(error: BaseException | None, asked: str) -> str:
    """Return the traceback without the question, which a query parser, for one, likes to cite."""
    text = "".join(traceback.format_exception(error))
    for part in SEPARATORS.split(asked):
        if len(part.strip()) >= MIN_MASKED_CHARS:
            text = text.replace(part.strip(), MASK)
    return text
