"""Polling: updates are stored, and only then confirmed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import Conflict, TelegramError
from telegram.request import BaseRequest

from bot.storage.updates import Json
from bot.telegram.client.connection import unless_token_unknown
from bot.telegram.client.retrying import backoff_s, retry
from index.core.errors import StoreError

logger = logging.getLogger(__name__)

POLL_S = 30
CONFLICT = "another process polls with the same token; stop one of the two"
Store = Callable[[Sequence[Json]], None]
"""Stores updates before Telegram learns that they arrived."""


class Poller:
    """Asks for updates again and again, and passes them on as JSON.

    python-telegram-bot's own updater parses updates before they can be stored, and one that it
    cannot parse would stall it for good.
    """

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        store: Store,
        kinds: Sequence[str],
        first_delay_s: float = 1.0,
    ) -> None:
        """Create a poller; `request` is a connection of its own, as a poll keeps one busy."""
        self.bot = bot
        self.request = request
        self.store = store
        self.kinds = kinds
        self.delay_s = partial(backoff_s, first_delay_s)

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            InvalidToken: Telegram does not know the token any more.
        """
        # Unconfirmed updates come again; the inbox leaves out those that it has.
        offset = 0
        while True:
            offset = await retry(partial(self.take, offset), self.delay_s, report, may_pass)

    async def take(self, offset: int) -> int:
        """Store the next updates, and return the offset by which the next poll confirms them.

        Raises:
            TelegramError: the poll failed.
            StoreError, SQLAlchemyError: the updates are not stored, so they come again.
        """
        batch = await self.poll(offset)
        self.store(batch)
        return max((number + 1 for number in numbers(batch)), default=offset)

    async def poll(self, offset: int) -> list[Json]:
        """Return the next updates, which confirms those before `offset`."""
        query = urlencode(
            {
                "offset": offset,
                "timeout": POLL_S,
                "allowed_updates": json.dumps(list(self.kinds)),
            }
        )
        result = await self.request.post(
            f"{self.bot.base_url}/getUpdates?{query}", read_timeout=POLL_S + 5
        )
        if not isinstance(result, list):
            raise TelegramError("the server answered a poll with something else than updates")
        return result


def may_pass(error: Exception) -> bool:
    return isinstance(error, (StoreError, SQLAlchemyError)) or unless_token_unknown(error)


def report(error: Exception, wait_s: float) -> None:
    if isinstance(error, StoreError):
        logger.error("updates cannot be stored: %s", error)
    elif isinstance(error, SQLAlchemyError):
        # Its own text may cite a message.
        logger.error("updates cannot be stored: %s", type(error).__name__)
    elif isinstance(error, Conflict):
        logger.error(CONFLICT)
    else:
        logger.warning("Telegram is out of reach (%s), again in %.1f s", error, wait_s)


def numbers(batch: Sequence[Json]) -> list[int]:
    """Return the numbers of those updates that have one."""
    found = [item.get("update_id") for item in batch if isinstance(item, dict)]
    return [number for number in found if isinstance(number, int)]
