"""Updates by polling: stored, and only then confirmed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import cast
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.storage.updates import Json
from bot.telegram.client.retrying import backoff_s, seconds

logger = logging.getLogger(__name__)

POLL_S = 30
CONFLICT = "another process polls with the same token; stop one of the two"
Store = Callable[[Sequence[Json]], None]


class Poller:
    """Asks for updates again and again, and passes them on as the JSON they are.

    python-telegram-bot's own updater reads them before anybody can store them, and one that it
    cannot read would stall it for good.
    """

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        store: Store,
        kinds: Sequence[str],
        first_delay_s: float = 1.0,
    ) -> None:
        """Create a poller.

        Args:
            bot: whose updates.
            request: a connection of its own, as a poll keeps one busy.
            store: gets the updates of a poll; they are confirmed if it returns.
            kinds: of update to ask for.
            first_delay_s: how long to wait after a failure; doubled with each that follows.
        """
        self.bot = bot
        self.request = request
        self.store = store
        self.kinds = kinds
        self.first_delay_s = first_delay_s

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            InvalidToken: Telegram does not know the token any more.
        """
        # Whatever was not confirmed comes again; what is stored already is left out there.
        offset, failures = 0, 0
        while True:
            try:
                batch = await self.poll(offset)
            except InvalidToken:
                raise
            except TelegramError as error:
                delay_s = backoff_s(self.first_delay_s, failures)
                if isinstance(error, RetryAfter):
                    delay_s = seconds(error.retry_after)
                if isinstance(error, Conflict):
                    logger.error(CONFLICT)  # noqa: TRY400
                else:
                    logger.warning("Telegram is out of reach, trying again: %s", error)
                failures += 1
                await asyncio.sleep(delay_s)
                continue
            try:
                self.store(batch)
            except SQLAlchemyError as error:
                # Not confirmed, so that they come again.
                logger.error("updates cannot be stored: %s", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(backoff_s(self.first_delay_s, failures))
                failures += 1
            else:
                failures = 0
                offset = max((number + 1 for number in numbers(batch)), default=offset)

    async def poll(self, offset: int) -> list[Json]:
        """Return the next updates; those before `offset` are confirmed thereby.

        Raises:
            TelegramError: it failed.
        """
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
        return cast("list[Json]", result)


def numbers(batch: Sequence[Json]) -> list[int]:
    """Return the numbers of updates, of those that have one."""
    found = [item.get("update_id") for item in batch if isinstance(item, dict)]
    return [number for number in found if isinstance(number, int)]
