"""The connection to Telegram: opened with patience, and the bot's introduction there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import LinkPreviewOptions
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import Defaults, ExtBot

from bot.errors import SettingsError
from bot.settings import BotSettings
from bot.telegram.client.retrying import Leaves, RetryingRateLimiter, backoff_s, seconds
from bot.telegram.client.transport import ObservedRequest

logger = logging.getLogger(__name__)

DEFAULTS = Defaults(
    # The question may have been deleted meanwhile.
    allow_sending_without_reply=True,
    link_preview_options=LinkPreviewOptions(is_disabled=True),
)


@asynccontextmanager
async def connected(
    settings: BotSettings,
    requests: tuple[ObservedRequest, ObservedRequest],
    first_delay_s: float = 0.5,
) -> AsyncIterator[ExtBot[Leaves]]:
    """Yield the bot, once Telegram has answered; without end, so that it also starts before.

    Args:
        settings: where and as whom.
        requests: what it calls Telegram with; opened and closed with it.
        first_delay_s: how long to wait after a first failure.

    Raises:
        SettingsError: there is no token.
        InvalidToken: Telegram does not know the token.
    """
    if settings.telegram_bot_token is None:
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set; @BotFather gives you a token")
    request, polls = requests
    bot = ExtBot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=request,
        get_updates_request=polls,
        defaults=DEFAULTS,
        rate_limiter=RetryingRateLimiter(
            first_delay_s=first_delay_s, messages_per_s=settings.messages_per_s
        ),
    )
    logger.info("connecting to %s", settings.telegram_api_url)
    try:
        await persist(bot.initialize, first_delay_s)
        logger.info("answering as @%s", bot.username)
        yield bot
    finally:
        await bot.shutdown()
        # Where it was refused at start, the bot leaves them open.
        await request.shutdown()
        await polls.shutdown()


async def persist(call: Callable[[], Awaitable[Any]], first_delay_s: float) -> None:
    """Make a call until it succeeds.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    failures = 0
    while True:
        try:
            await call()
        except InvalidToken:
            raise
        except TelegramError as error:
            logger.warning("Telegram is out of reach, trying again: %s", error)
            wait_s = backoff_s(first_delay_s, failures)
            if isinstance(error, RetryAfter):
                wait_s = seconds(error.retry_after)
            failures += 1
            await asyncio.sleep(wait_s)
        else:
            return
