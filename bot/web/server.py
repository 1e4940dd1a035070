"""Listens: alone for `onrecord serve`, or beside the bot."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from ipaddress import ip_address
from threading import Thread
from urllib.parse import urlsplit

import uvicorn

from bot.conversation.conversation import Conversation
from bot.ending import run_until_stopped
from bot.errors import SettingsError
from bot.scheduling.answers import Answers
from bot.scheduling.inference import Inference
from bot.settings import BotSettings, split_address
from bot.web.app import make_app
from bot.web.chats import Chats

logger = logging.getLogger(__name__)

DEFAULT = "127.0.0.1:8080"
KEEP_ALIVE_S = 15
SHUT_DOWN_S = 3


class QuietServer(uvicorn.Server):
    """Leaves the signals to the program around it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def reading_room(
    address: str,
    settings: BotSettings,
    answers: Answers,
    chats: Chats | None = None,
) -> AsyncIterator[str]:
    """Serve until the block ends; yield the URL on this machine. Port 0 takes a free one.

    Raises:
        SettingsError: the address is taken, or open to others without a token.
    """
    try:
        host, port = split_address(address)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    check_reach(host, settings)
    listening = listen(host, port)
    port = listening.getsockname()[1]
    names = {host, "localhost", urlsplit(settings.web_url or "").hostname or "localhost"}
    app = make_app(settings, answers, frozenset(map(str.lower, names)), chats)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUT_DOWN_S,
    )
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{port}"
    finally:
        server.should_exit = True
        await serving
        listening.close()


@contextmanager
def beside_terminal(settings: BotSettings, conversation: Conversation) -> Iterator[str]:
    """Serve on a thread of its own until the block ends; yield the URL.

    If no address is set, that is DEFAULT, or else a free port beside it.

    Raises:
        SettingsError: as `reading_room`.
    """
    begun: Future[tuple[str, Callable[[], object]]] = Future()

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            try:
                url = await _begin(stack, settings, conversation)
            except SettingsError as error:
                begun.set_exception(error)
                return
            begun.set_result((url, partial(loop.call_soon_threadsafe, stop.set)))
            await stop.wait()

    thread = Thread(target=lambda: asyncio.run(run()), name="reading room", daemon=True)
    thread.start()
    url, stop = begun.result()
    try:
        yield url
    finally:
        stop()
        thread.join()


async def _begin(stack: AsyncExitStack, settings: BotSettings, conversation: Conversation) -> str:
    if settings.web:
        return await stack.enter_async_context(_alone(settings.web, settings, conversation))
    try:
        return await stack.enter_async_context(_alone(DEFAULT, settings, conversation))
    except SettingsError:
        free = f"{split_address(DEFAULT)[0]}:0"
        return await stack.enter_async_context(_alone(free, settings, conversation))


@asynccontextmanager
async def _alone(
    address: str, settings: BotSettings, conversation: Conversation
) -> AsyncIterator[str]:
    """Serve with a queue of its own."""
    inference = Inference(settings.queue_size)
    try:
        async with reading_room(address, settings, Answers(conversation, inference)) as url:
            yield url
    finally:
        inference.close()


def check_reach(host: str, settings: BotSettings) -> None:
    """Insist that nobody but this machine is served without a token.

    Raises:
        SettingsError: there is no token, and the address or the URL is for others.
    """
    if settings.web_tokens:
        return
    public = urlsplit(settings.web_url or "").hostname
    for name in filter(None, (host, public)):
        if not is_loopback(name):
            raise SettingsError(
                f"the reading room would be open to all who reach {name}; set ONRECORD_WEB_TOKEN "
                "to a long random word, or listen on 127.0.0.1"
            )


def is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address of this machine.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another address"
        ) from error


def serve(
    address: str, settings: BotSettings, conversation: Conversation, announce: Callable[[str], None]
) -> None:
    """Serve until the process gets a signal to stop; `announce` gets the URL.

    Raises:
        SettingsError: as `reading_room`.
    """
    run_until_stopped(_serve(address, settings, conversation, announce), settings.drain_s)


async def _serve(
    address: str, settings: BotSettings, conversation: Conversation, announce: Callable[[str], None]
) -> None:
    async with _alone(address, settings, conversation) as url:
        announce(settings.web_url or url)
        await asyncio.Event().wait()
