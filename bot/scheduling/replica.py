"""Runs one of several bots on a database: takes updates as they come, and keeps its lease."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.scheduling.dispatcher import Dispatcher
from bot.storage.shared.changes import Changes
from bot.storage.shared.claims import CHANNEL, Claims
from bot.storage.updates import Inbox, Received
from index.core.errors import StoreError

logger = logging.getLogger(__name__)

MAX_LANES = 32
"""A bot with so many chats to answer leaves further ones to others."""
LOOK_S = 1.0
"""How often it looks for updates that nobody called it for, as of a bot that died."""
TIDY_S = 20.0
Handle = Callable[[Received], Awaitable[None]]


def guarded(handle: Handle, claims: Claims, changes: Changes) -> Handle:
    """Return a handler that begins nothing after the lease, and nothing on outdated rights.

    What it cannot record is taken again.
    """

    async def handle_ours(received: Received) -> None:
        if not claims.hold:
            claims.fail(received.update_id)
            return
        try:
            changes.follow()
            await handle(received)
        except Exception:
            claims.fail(received.update_id)
            raise

    return handle_ours


@contextmanager
def sharing(claims: Claims, inbox: Inbox, dispatcher: Dispatcher) -> Iterator[None]:
    """Hand the dispatcher its share of the updates until the block ends, then give back the rest.

    Raises:
        StoreError: the database is out of reach at the start.
    """
    claims.join()
    replica = Replica(claims, inbox, dispatcher, asyncio.get_running_loop())
    thread = threading.Thread(target=replica.run, name="replica", daemon=True)
    thread.start()
    try:
        yield
    finally:
        replica.closing.set()
        thread.join(2 * LOOK_S)
        with suppress(StoreError, SQLAlchemyError):
            claims.leave()


class Replica:
    """The thread of a bot that keeps its lease, whatever else the bot is busy with."""

    def __init__(
        self,
        claims: Claims,
        inbox: Inbox,
        dispatcher: Dispatcher,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.claims = claims
        self.inbox = inbox
        self.dispatcher = dispatcher
        self.loop = loop
        self.closing = threading.Event()
        self.renewed = time.monotonic()
        self.tidied = time.monotonic()

    def run(self) -> None:
        """Look for updates when called, and now and then, until closed."""
        while not self.closing.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001  # without this thread the bot is dead
                # The text of another error may cite a message.
                fault = str(error) if isinstance(error, StoreError) else type(error).__name__
                logger.warning("updates wait for the database: %s", fault)
                self.closing.wait(LOOK_S)

    def _listen(self) -> None:
        connection = self.claims.engine.raw_connection()
        try:
            raw: Any = connection.driver_connection
            connection.detach()  # it is no more of use to anybody else
            raw.autocommit = True
            raw.execute(f"LISTEN {CHANNEL}")
            called = True
            while not self.closing.is_set():
                self._keep()
                if called:
                    self._look()
                calls = list(raw.notifies(timeout=LOOK_S, stop_after=1))
                called = not calls or any(call.payload == self.claims.name for call in calls)
        finally:
            connection.close()

    def _keep(self) -> None:
        """Renew the lease in time; after one that was lost, begin again with nothing."""
        now = time.monotonic()
        if now > self.renewed + self.claims.lease_s / 4:
            if not self.claims.renew():
                logger.warning("this bot was silent for too long; others have taken its chats")
                asyncio.run_coroutine_threadsafe(self.dispatcher.abandon(), self.loop).result()
                self.claims.join()
            self.inbox.expire_queries()
            self.renewed = now
        if now > self.tidied + TIDY_S:
            self.claims.tidy()
            self.tidied = now

    def _look(self) -> None:
        if self.dispatcher.closing:
            return
        for received in self.claims.take(MAX_LANES - len(self.dispatcher.lanes)):
            self.loop.call_soon_threadsafe(self.dispatcher.take, received)
