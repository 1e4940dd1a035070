"""The connection to Telegram: a bot, and HTTP requests whose outcomes are observed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any

from telegram import LinkPreviewOptions
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.ext import Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot.errors import SettingsError
from bot.monitoring.metrics import Metrics, Outcome
from bot.settings import BotSettings
from bot.telegram.client.retrying import Leaves, RetryingRateLimiter, backoff_s, retry

logger = logging.getLogger(__name__)

# All methods are called by POST; a GET downloads a file, and is counted under this name.
FILE_DOWNLOAD = "file"
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
    """Yield the bot once Telegram has answered, however long that takes.

    The requests, for all calls but polls and for polls, are opened and closed with the bot.

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
        # The bot leaves them open if it was refused at the start.
        await request.shutdown()
        await polls.shutdown()


async def persist(call: Callable[[], Awaitable[Any]], first_delay_s: float) -> None:
    """Make a call until it succeeds.

    Raises:
        InvalidToken: Telegram does not know the token.
        SettingsError: its answer cannot be read.
    """
    report = partial(logger.warning, "Telegram is out of reach (%s), again in %.1f s")
    try:
        await retry(call, partial(backoff_s, first_delay_s), report, unless_final)
    except (TelegramError, AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidToken):
            raise
        raise SettingsError(
            "TELEGRAM_API_URL leads to a server whose answers cannot be read, so it is no Bot API "
            f"server ({type(error).__name__}); check the address, and any proxy on the way"
        ) from error


def unless_final(error: Exception) -> bool:
    # An answer that is no JSON is a bare TelegramError.
    return unless_token_unknown(error) and type(error) is not TelegramError


def unless_token_unknown(error: Exception) -> bool:
    return isinstance(error, TelegramError) and not isinstance(error, InvalidToken)


class ObservedRequest(HTTPXRequest):
    """Reports the outcome of each call to an observer, before any retry.

    A call whose caller is cancelled goes on by itself: httpcore 1.0 counts the connection of a
    cancelled request as in use for ever, and with the last of them the bot falls mute.
    """

    def __init__(self, observer: Metrics, **options: Any) -> None:
        super().__init__(**options)
        self.observer = observer
        self.running: set[asyncio.Task[tuple[int, bytes]]] = set()

    async def shutdown(self) -> None:
        for request in self.running:
            request.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        await super().shutdown()

    async def do_request(
        self, url: str, method: str, *args: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Return status and body of the answer."""
        request = asyncio.create_task(self._call(url, method, *args, **named))
        self.running.add(request)
        request.add_done_callback(self._close)
        return await asyncio.shield(request)

    def _close(self, request: asyncio.Task[tuple[int, bytes]]) -> None:
        self.running.discard(request)
        # Its caller may be gone; a failure that nobody awaits would be logged as forgotten.
        if not request.cancelled():
            request.exception()

    async def _call(self, url: str, method: str, *args: Any, **named: Any) -> tuple[int, bytes]:
        # The address holds the token, its last part does not.
        name = url.partition("?")[0].rpartition("/")[2] if method == "POST" else FILE_DOWNLOAD
        try:
            status, body = await super().do_request(url, method, *args, **named)
        except NetworkError as error:
            timed_out = isinstance(error, TimedOut)
            self.observer.called(name, Outcome.TIMEOUT if timed_out else Outcome.UNREACHABLE)
            raise
        self.observer.called(name, outcome_of(status))
        return status, body


def outcome_of(status: int) -> Outcome:
    if status == HTTPStatus.OK:
        return Outcome.OK
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.FLOOD
    return Outcome.FAILED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.REFUSED


def observed_requests(
    settings: BotSettings, observer: Metrics
) -> tuple[ObservedRequest, ObservedRequest]:
    """Return the requests for all calls but polls, and those for polls."""
    timeout_s = settings.request_timeout_s
    return (
        ObservedRequest(
            observer,
            connection_pool_size=settings.concurrent_updates,
            read_timeout=timeout_s,
            pool_timeout=timeout_s,
        ),
        ObservedRequest(observer, connection_pool_size=1),
    )
