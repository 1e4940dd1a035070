"""What happens when an update could not be handled: a log record, and a word to the user."""

from __future__ import annotations

import logging
import re
import secrets
import traceback
from contextlib import suppress

from telegram import Update
from telegram.error import Conflict, Forbidden, NetworkError, TelegramError, TimedOut
from telegram.ext import ContextTypes

logger = logging.getLogger(__name__)

APOLOGY = (
    "Something went wrong on my side, your question was not answered. Please ask again; if it "
    "stays, tell the operator this reference: {reference}"
)
CONFLICT = "another process polls with the same token; stop one of the two"
MASK = "<question>"
# A mention or a command is no part of the question, and quotation marks are cited with a backslash.
SEPARATORS = re.compile(r"""[@/]\w+[ ,:]*|[\n"'\\]""")
# Masking a shorter one would eat up the traceback.
MIN_MASKED_CHARS = 8


async def report_failure(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what went wrong and, where it helps, tell the user under which reference."""
    if isinstance(update, Update) and update.effective_chat is not None:
        await report_unanswered(update, update.effective_chat.id, context.error)
    elif isinstance(context.error, Conflict):
        logger.error(CONFLICT)
    elif isinstance(context.error, NetworkError):
        logger.warning("Telegram is out of reach, trying again: %s", context.error)
    else:
        logger.error("outside of any chat", exc_info=context.error)


async def report_unanswered(update: Update, chat_id: int, error: Exception | None) -> None:
    """Report a failure to answer somebody."""
    if isinstance(error, Forbidden):
        logger.info("chat %s is closed to the bot: %s", chat_id, error)
    elif isinstance(error, TimedOut):
        # Not told to the user: the answer may be on the screen already.
        logger.warning("an answer to chat %s may not have arrived: %s", chat_id, error)
    else:
        reference = secrets.token_hex(4)
        message = update.effective_message
        asked = message.text or "" if message else ""
        logger.error("reference %s, chat %s\n%s", reference, chat_id, describe(error, asked))
        with suppress(TelegramError):
            if message is not None:
                await message.reply_text(APOLOGY.format(reference=reference))


def describe(error: BaseException | None, asked: str) -> str:
    """Return the traceback without the question, which a query parser, for one, likes to cite."""
    text = "".join(traceback.format_exception(error))
    for part in SEPARATORS.split(asked):
        if len(part.strip()) >= MIN_MASKED_CHARS:
            text = text.replace(part.strip(), MASK)
    return text
