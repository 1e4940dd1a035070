"""What happens when an update could not be handled: a log record, and a word to the user."""

from __future__ import annotations

import logging
import re
import secrets
import traceback

from telegram import CallbackQuery, Update
from telegram.error import Forbidden

from bot.i18n.language import _
from bot.storage.received import Received
from bot.telegram.context import Desk
from bot.telegram.handlers.alternatives import words_asked
from bot.telegram.rendering.keyboards import read_data
from bot.texts import answers as wording
from bot.texts import buttons as button_wording

logger = logging.getLogger(__name__)

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
