"""Dispatches updates: chats side by side, the updates of each chat in order."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.storage.updates import QUERIES, Received

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Dispatcher:
    """Hands updates to their handler, one at a time in each chat.

    Three kinds do not wait, and nothing waits for them: presses and inline queries, which Telegram
    forgets soon; updates that stand aside, as they take long; and questions of users who have too
    many waiting, which are marked as crowded and refused at once.
    """

    handle: Callable[[Received], Awaitable[None]]
    asks: Callable[[Received], bool]  # whether an update is a question
    waiting_per_user: int  # questions of a user that may wait, the current one included
    stands_aside: Callable[[Received], bool] = lambda _received: False
    lanes: dict[int, deque[tuple[Received, int | None]]] = field(default_factory=dict)
    waiting: Counter[int] = field(default_factory=Counter)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    closing: bool = False

    def take(self, received: Received) -> None:
        """Have an update handled in its turn."""
        if self.closing:
            return
        if received.kind in QUERIES or self.stands_aside(received):
            self._start(self.handle(received))
            return
        asker = received.user_id if self.asks(received) else None
        if asker is not None:
            if self.waiting[asker] >= self.waiting_per_user and not received.recovered:
                self._start(self.handle(replace(received, crowded=True)))
                return
            self.waiting[asker] += 1
        if received.lane in self.lanes:
            self.lanes[received.lane].append((received, asker))
        else:
            self.lanes[received.lane] = deque([(received, asker)])
            self._start(self._walk(received.lane))

    async def abandon(self) -> None:
        """Drop all updates, begun or not: they are in other hands now."""
        tasks = [*self.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.lanes.clear()
        self.waiting.clear()

    async def drain(self, timeout_s: float) -> None:
        """Begin no update, and cancel those that are not done in time."""
        self.closing = True
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=timeout_s)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _walk(self, lane: int) -> None:
        queue = self.lanes[lane]
        while queue and not self.closing:
            received, asker = queue[0]
            try:
                await self.handle(received)
            except Exception:
                # The inbox itself failed. The update stays there, and others get their turn.
                logger.exception("update %s is left for later", received.update_id)
            queue.popleft()
            if asker is not None:
                self.waiting[asker] -= 1
                if not self.waiting[asker]:
                    del self.waiting[asker]
        del self.lanes[lane]
