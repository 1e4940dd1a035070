"""Files from Telegram."""

from __future__ import annotations

import asyncio
import logging

from telegram import Document
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.telegram.client.retrying import backoff_s, seconds
from bot.telegram.sending.delivery import Delivery
from bot.texts import uploads as wording
from index.core.errors import DocumentError

logger = logging.getLogger(__name__)

MAX_TRIES = 6
TOO_BIG = "file is too big"


async def download(delivery: Delivery, file: Document, name: str) -> bytes:
    """Return the bytes of a file; `name` is for the error.

    Raises:
        DocumentError: Telegram refuses it, or fails again and again.
    """
    for failures in range(MAX_TRIES):
        try:
            found = await delivery.bot.get_file(file.file_id)
            return bytes(await found.download_as_bytearray())
        except RetryAfter as error:
            await asyncio.sleep(seconds(error.retry_after))
        except (BadRequest, Forbidden) as error:
            if TOO_BIG in error.message.lower():
                raise DocumentError(name, wording.TOO_LARGE_FOR_TELEGRAM) from error
            raise DocumentError(name, wording.NOT_DELIVERED) from error
        except TelegramError as error:
            logger.info("a file was not downloaded: %s", error)
            await asyncio.sleep(backoff_s(delivery.first_delay_s, failures))
    raise DocumentError(name, wording.NOT_DELIVERED)
