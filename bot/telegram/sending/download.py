"""Download of files from Telegram."""

from __future__ import annotations

import logging
from functools import partial

from telegram import Document
from telegram.error import TelegramError

from bot.telegram.client.retrying import retry, unless_refused
from bot.telegram.sending.delivery import Delivery
from bot.texts.uploads import NOT_DELIVERED, TOO_LARGE_FOR_TELEGRAM
from index.core.errors import DocumentError

logger = logging.getLogger(__name__)

MAX_TRIES = 6
TOO_BIG = "file is too big"


async def download(delivery: Delivery, file: Document, name: str) -> bytes:
    """Return the bytes of a file; `name` is for the error.

    Raises:
        DocumentError: Telegram refuses it, or fails again and again.
    """

    async def fetch() -> bytes:
        found = await delivery.bot.get_file(file.file_id)
        return bytes(await found.download_as_bytearray())

    report = partial(logger.info, "a file was not downloaded (%s), again in %.1f s")
    try:
        return await retry(fetch, delivery.delay_s, report, unless_refused, MAX_TRIES)
    except TelegramError as error:
        reason = TOO_LARGE_FOR_TELEGRAM if TOO_BIG in error.message.lower() else NOT_DELIVERED
        raise DocumentError(name, reason) from error
