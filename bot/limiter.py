"""Telegram's flood limits, and patience with its failures."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.ext import AIORateLimiter

logger = logging.getLogger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]
MAX_DELAY_S = 30.0
# Time-outs from before the request was sent.
NOT_SENT = (httpx.ConnectTimeout, httpx.PoolTimeout)


class RetryingRateLimiter(AIORateLimiter):
    """Keeps to the limits for messages and sends them again after a failure of the server.

    A message that timed out is not sent again: it may have arrived. Chat actions pass at once and
    count towards nothing, or 20 of them would hold back the answer in a group for a minute.
    """

    def __init__(self, max_retries: int = 5, first_delay_s: float = 0.5) -> None:
        super().__init__(max_retries=max_retries)
        self.max_failures = max_retries
        self.first_delay_s = first_delay_s

    async def process_request(  # noqa: PLR0917
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Return the answer of Telegram to a call.

        Raises:
            TelegramError: it was refused, or failed more than `max_retries` times.
        """
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        request = super().process_request
        for failures in range(self.max_failures):
            try:
                return await request(callback, args, kwargs, endpoint, data, rate_limit_args)
            except NetworkError as error:
                # Without a chat it is part of the start, which has a loop of its own.
                if "chat_id" not in data or not may_repeat(error):
                    raise
                delay_s = self.delay_s(failures)
                logger.info("%s failed (%s), again in %.1f s", endpoint, error, delay_s)
                await asyncio.sleep(delay_s)
        return await request(callback, args, kwargs, endpoint, data, rate_limit_args)

    def delay_s(self, failures: int) -> float:
        """Return a random wait of 0.5 to 1 times the delay, which doubles with each failure."""
        delay_s = min(MAX_DELAY_S, self.first_delay_s * 2.0**failures)
        return delay_s * random.uniform(0.5, 1.0)  # noqa: S311


def may_repeat(error: NetworkError) -> bool:
    """Whether a call failed for now and, as far as one can tell, was not obeyed."""
    if isinstance(error, TimedOut):
        return isinstance(error.__cause__, NOT_SENT)
    # BadRequest is a NetworkError too, and final.
    return type(error) is NetworkError
