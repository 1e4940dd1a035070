"""Telegram's flood limits, and patience with its failures."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
from telegram.constants import FloodLimit
from telegram.error import NetworkError, TimedOut
from telegram.ext import AIORateLimiter, BaseRateLimiter

logger = logging.getLogger(__name__)

Result = bool | dict[str, Any] | list[dict[str, Any]]
Leaves = Callable[[], None]
MAX_DELAY_S = 30.0
# Time-outs from before the request was there as a whole.
NOT_SENT = (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteTimeout)
# The connection broke after the request left.
BROKEN = (httpx.ReadError, httpx.CloseError, httpx.RemoteProtocolError)


class RetryingRateLimiter(BaseRateLimiter[Leaves]):
    """Keeps to the limits for messages and repeats calls after a failure of the server.

    A message that may have arrived is not sent again here. Chat actions pass at once and count
    towards nothing, or 20 of them would hold back the answer in a group for a minute.
    """

    def __init__(
        self,
        max_retries: int = 5,
        first_delay_s: float = 0.5,
        messages_per_s: float = FloodLimit.MESSAGES_PER_SECOND,
    ) -> None:
        self.limits = AIORateLimiter(messages_per_s, max_retries=max_retries)
        self.max_failures = max_retries
        self.first_delay_s = first_delay_s

    async def initialize(self) -> None:
        """Make ready."""
        await self.limits.initialize()

    async def shutdown(self) -> None:
        """Release what is held."""
        await self.limits.shutdown()

    async def process_request(  # noqa: PLR0917
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Leaves | None,
    ) -> Result:
        """Return the answer of Telegram to a call.

        Args:
            callback: makes the request.
            args: for it.
            kwargs: for it.
            endpoint: the method of the Bot API.
            data: its parameters.
            rate_limit_args: called each time right before a request leaves.

        Raises:
            TelegramError: it was refused, or failed more than `max_retries` times.
        """
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)

        async def request(*args: Any, **kwargs: Any) -> Result:
            if rate_limit_args is not None:
                rate_limit_args()
            return await callback(*args, **kwargs)

        limited = self.limits.process_request
        for failures in range(self.max_failures):
            try:
                return await limited(request, args, kwargs, endpoint, data, None)
            except NetworkError as error:
                # Without a chat it is part of the start, which has a loop of its own.
                if "chat_id" not in data or not may_repeat(error, endpoint):
                    raise
                delay_s = self.delay_s(failures)
                logger.info("%s failed (%s), again in %.1f s", endpoint, error, delay_s)
                await asyncio.sleep(delay_s)
        return await limited(request, args, kwargs, endpoint, data, None)

    def delay_s(self, failures: int) -> float:
        """Return how long to wait after some failures in a row."""
        return backoff_s(self.first_delay_s, failures)


def backoff_s(first_delay_s: float, failures: int) -> float:
    """Return a random wait of 0.5 to 1 times the delay, which doubles with each failure."""
    delay_s = min(MAX_DELAY_S, first_delay_s * 2.0 ** min(failures, 20))
    return delay_s * random.uniform(0.5, 1.0)  # noqa: S311


def may_have_arrived(error: NetworkError) -> bool:
    """Whether the request left as a whole and only its answer is missing."""
    if isinstance(error, TimedOut):
        return not isinstance(error.__cause__, NOT_SENT)
    return isinstance(error.__cause__, BROKEN)


def may_repeat(error: NetworkError, endpoint: str) -> bool:
    """Whether to make a failed call again: it was not obeyed, or obeying it twice is harmless."""
    # BadRequest is a NetworkError too, and final.
    if not isinstance(error, TimedOut) and type(error) is not NetworkError:
        return False
    return not (endpoint.startswith("send") and may_have_arrived(error))


def seconds(duration: int | timedelta) -> float:
    """Return a duration of either kind that python-telegram-bot gives."""
    return duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
