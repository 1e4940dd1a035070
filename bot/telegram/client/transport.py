"""Calls to Telegram over HTTP, each told to an observer."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.monitoring.metrics import Metrics, Outcome
from bot.settings import BotSettings

FILE_DOWNLOAD = "file"
"""What stands for the method where a file is fetched."""


class ObservedRequest(HTTPXRequest):
    """Tells an observer how each call ended, before anything is tried again.

    A call whose caller is cancelled goes on by itself: httpcore 1.0 takes the connection of a
    request that is cancelled for one in use for ever, and with the last of them the bot falls mute.
    """

    def __init__(self, observer: Metrics, **options: Any) -> None:
        """Take the options of `HTTPXRequest`."""
        super().__init__(**options)
        self.observer = observer
        self.running: set[asyncio.Task[tuple[int, bytes]]] = set()

    async def shutdown(self) -> None:
        """Give up what still runs, and close the connections."""
        for request in self.running:
            request.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        await super().shutdown()

    async def do_request(
        self, url: str, method: str, *args: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Return status and body of the answer.

        Raises:
            NetworkError: there is no answer.
        """
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
        # All methods are called by POST. The address holds the token; its last part does not.
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
    """Return how a call ended that was answered with an HTTP status."""
    if status == HTTPStatus.OK:
        return Outcome.OK
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.FLOOD
    return Outcome.FAILED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.REFUSED


def observed_requests(
    settings: BotSettings, observer: Metrics
) -> tuple[ObservedRequest, ObservedRequest]:
    """Return what an application calls Telegram with: for all calls but polls, and for polls."""
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
