"""Processes one update, and records the outcome."""

from __future__ import annotations

import logging
import re
import secrets
import traceback

from telegram import Bot, Update
from telegram.error import Forbidden

from bot.i18n.language import _, speaking
from bot.storage.updates import Received
from bot.telegram.addressing import is_person
from bot.telegram.context import Context, Services
from bot.telegram.handlers import HANDLERS
from bot.telegram.handlers.questions import words_asked
from bot.telegram.handlers.uploads import is_about_documents, offered
from bot.telegram.rendering.keyboards import read_data
from bot.texts.answers import APOLOGY
from bot.texts.notices import PRESS_APOLOGY
from index.core.errors import ServerError

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class Processor:
    """Handles updates. Whatever happens to one, the next gets its turn."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self.bot = bot
        self.services = services
        self.records = services.records

    def asks(self, received: Received) -> bool:
        """Whether an update asks something of the bot; False also for one that cannot be read."""
        context = self._read(received)
        return context is not None and context.request is not None

    def stands_aside(self, received: Received) -> bool:
        """Whether an update is about documents, and takes long."""
        context = self._read(received)
        return context is not None and (offered(context) is not None or is_about_documents(context))

    def _read(self, received: Received) -> Context | None:
        """Return the context of a person's new message, None for any other update."""
        try:
            update = Update.de_json(received.raw, self.bot)
        except Exception:  # noqa: BLE001  # whatever a damaged update leads to
            return None
        if update.message is None or not is_person(update.message):
            return None
        return Context(self.services, update, received)

    async def handle(self, received: Received) -> None:
        """Answer an update, and record that it is done or why it cannot be."""
        with speaking(self.records.chats.language_of(received)):
            await self._handle(received)

    async def _handle(self, received: Received) -> None:
        update_id, inbox = received.update_id, self.records.inbox
        # What stands aside has a message to end, and counts by itself.
        if received.attempts >= MAX_ATTEMPTS and not self.stands_aside(received):
            logger.error("update %s ended the process %s times", update_id, received.attempts)
            inbox.bury(update_id, f"{received.attempts} attempts ended the process")
            return
        if self.is_void(received):
            inbox.finish(update_id)
            return
        context: Context | None = None
        try:
            unsent = self.records.outbox.unsent(update_id) if received.recovered else None
            if unsent is not None:
                await self.services.delivery.send(unsent)
            elif received.kind in HANDLERS:
                update = Update.de_json(received.raw, self.bot)
                context = Context(self.services, update, received)
                if getattr(update, received.kind) is not None:
                    await HANDLERS[received.kind](context)
        except ServerError:
            raise  # taken again once the database is back
        except Exception as error:  # noqa: BLE001  # the bot's error handler
            inbox.bury(update_id, type(error).__name__)
            await self._report_failure(received, context, error)
        else:
            inbox.finish(update_id)
        if inbox.is_forgotten(update_id):
            self.records.forgetting.sweep(update_id)

    def is_void(self, received: Received) -> bool:
        """Whether an update was forgotten, or its sender is blocked."""
        if received.is_about_chat:
            return False
        blocked = self.services.access.is_blocked(received.user_id, received.chat_id)
        return blocked or self.records.inbox.is_forgotten(received.update_id)

    async def _report_failure(
        self, received: Received, context: Context | None, error: Exception
    ) -> None:
        """Log an error and, if it helps, give the user its reference."""
        if context is None:
            # Its text is unknown, so that nothing of the error is safe to show.
            logger.error("update %s cannot be read: %s", received.update_id, type(error).__name__)
            return
        if isinstance(error, Forbidden):
            logger.info("chat %s is closed to the bot: %s", received.chat_id, error)
            return
        self.services.observer.failed()
        message, press = context.update.effective_message, context.update.callback_query
        reference, question = secrets.token_hex(4), question_of(context)
        further = ""
        if message is not None:
            further = words_asked(context) if press is None else message.text or ""
        logger.error(
            "reference %s, chat %s\n%s",
            reference,
            received.chat_id,
            describe(error, f"{question}\n{further}"),
            extra={"reference": reference, "question": question},
        )
        if message is not None:
            apology = APOLOGY if press is None else PRESS_APOLOGY
            text = _(apology).format(reference=reference)
            await self.services.delivery.notify(received.update_id, message, text)


MASK = "<question>"
# A mention or a command is no part of the question, and quotation marks are cited with a backslash.
SEPARATORS = re.compile(r"""[@/]\w+[ ,:]*|[\n"'\\]""")
# Masking a shorter one would eat up the traceback.
MIN_MASKED_CHARS = 8


def question_of(context: Context) -> str:
    """Return the question as it was typed; for a pressed button that of its answer."""
    update = context.update
    if update.inline_query is not None:
        return update.inline_query.query
    if update.callback_query is not None:
        data = read_data(context.data)
        exchange = context.services.records.exchanges.get(data.exchange_id) if data else None
        return exchange.question if exchange else ""
    message = update.effective_message
    return (message.text or message.caption or "") if message else ""


def describe(error: BaseException | None, asked: str) -> str:
    """Return the traceback without the question, which query parsers like to cite."""
    text = "".join(traceback.format_exception(error))
    for part in SEPARATORS.split(asked):
        if len(part.strip()) >= MIN_MASKED_CHARS:
            text = text.replace(part.strip(), MASK)
    return text
