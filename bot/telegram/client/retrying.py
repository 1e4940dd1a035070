"""Retries of calls to Telegram, and its flood limits."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import httpx
from telegram.constants import FloodLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import AIORateLimiter, BaseRateLimiter

logger = logging.getLogger(__name__)

T = TypeVar("T")
Result = bool | dict[str, Any] | list[dict[str, Any]]
Leaves = Callable[[], None]
"""Called right before a request leaves."""
MAX_DELAY_S = 30.0
# Time-outs before the whole request was sent.
NOT_SENT = (httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteTimeout)
# The connection broke after the request left.
BROKEN = (httpx.ReadError, httpx.CloseError, httpx.RemoteProtocolError)


def is_passing(error: Exception) -> bool:
    """Whether a call failed on the way or in the server, or has to wait for a flood limit."""
    # BadRequest is a NetworkError too, and final.
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)


def unless_refused(error: Exception) -> bool:
    refusals = BadRequest | Forbidden | ChatMigrated
    return isinstance(error, TelegramError) and not isinstance(error, refusals)


async def retry(
    attempt: Callable[[], Awaitable[T]],
    delay_s: Callable[[int], float],
    report: Callable[[Exception, float], None],
    repeats: Callable[[Exception], bool] = is_passing,
    max_tries: float = math.inf,
) -> T:
    """Return the result of the first attempt that succeeds.

    Args:
        attempt: called again and again; makes sure that nothing is sent twice.
        delay_s: the wait after a failure, given the number of failures before it; flood waits last
            as long as Telegram demands, and do not count.
        report: logs a failure and the wait that follows, in seconds.
        repeats: whether to try again after an error.
        max_tries: after which the last error is raised, flood waits included.
    """
    failures = tries = 0
    while True:
        tries += 1
        try:
            return await attempt()
        except Exception as error:
            if tries >= max_tries or not repeats(error):
                raise
            if isinstance(error, RetryAfter):
                wait_s = seconds(error)
            else:
                wait_s = delay_s(failures)
                failures += 1
            report(error, wait_s)
            await asyncio.sleep(wait_s)


def seconds(error: RetryAfter) -> float:
    """Return how long Telegram demands to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def backoff_s(first_delay_s: float, failures: int) -> float:
    """Return a random wait of 0.5 to 1 times the delay, which doubles with each failure."""
    delay_s = min(MAX_DELAY_S, first_delay_s * 2.0 ** min(failures, 20))
    return delay_s * random.uniform(0.5, 1.0)  # noqa: S311


def may_have_arrived(error: NetworkError) -> bool:
    """Whether the whole request left and only its answer is missing."""
    if isinstance(error, TimedOut):
        return not isinstance(error.__cause__, NOT_SENT)
    return isinstance(error.__cause__, BROKEN)


class RetryingRateLimiter(BaseRateLimiter[Leaves]):
    """Keeps to the limits for messages and repeats calls after a failure of the server.

    A message that may have arrived is not sent again here. Chat actions pass at once and count
    towards nothing, or 20 of them would hold back the answer in a group for a minute. A flood wait
    holds back the chat that it is for, and no other.
    """

    def __init__(
        self,
        max_retries: int = 5,
        first_delay_s: float = 0.5,
        messages_per_s: float = FloodLimit.MESSAGES_PER_SECOND,
    ) -> None:
        # It is given no retries: before one it would hold back all chats.
        self.limits = AIORateLimiter(messages_per_s)
        self.max_retries = max_retries
        self.delay_s = partial(backoff_s, first_delay_s)
        self.closed: dict[int | None, float] = {}
        """Until when each chat takes no message, by the clock of the loop."""

    async def initialize(self) -> None:
        await self.limits.initialize()

    async def shutdown(self) -> None:
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
        """Return Telegram's answer to a call, which `rate_limit_args` precedes at each attempt.

        Raises:
            TelegramError: it was refused, or failed more than `max_retries` times.
        """
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        chat_id = data.get("chat_id")

        async def request(*args: Any, **kwargs: Any) -> Result:
            if rate_limit_args is not None:
                rate_limit_args()
            return await callback(*args, **kwargs)

        async def attempt() -> Result:
            await self._wait_for(chat_id)
            try:
                return await self.limits.process_request(
                    request, args, kwargs, endpoint, data, None
                )
            except RetryAfter as error:
                self.closed[chat_id] = asyncio.get_running_loop().time() + seconds(error)
                raise

        def repeats(error: Exception) -> bool:
            if isinstance(error, RetryAfter):
                return True
            # Without a chat it is part of the start, which has retries of its own.
            if chat_id is None or not isinstance(error, NetworkError):
                return False
            sends = endpoint.startswith("send")
            return is_passing(error) and not (sends and may_have_arrived(error))

        return await retry(
            attempt,
            self.delay_s,
            partial(logger.info, "%s failed (%s), again in %.1f s", endpoint),
            repeats,
            self.max_retries + 1,
        )

    async def _wait_for(self, chat_id: int | None) -> None:
        """Wait until a chat takes messages; None for calls that are about no chat."""
        now = asyncio.get_running_loop().time
        if (wait_s := self.closed.get(chat_id, 0.0) - now()) > 0:
            await asyncio.sleep(wait_s)
        self.closed = {chat: until for chat, until in self.closed.items() if until > now()}
