"""The update queue that getUpdates reads."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from .errors import Json, conflict

FIRST_UPDATE_ID = 100_000_000
LONG_POLL_S = 50.0
MAX_UPDATES = 100
ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates in order, kept until a later offset confirms them."""

    def __init__(self) -> None:
        self.pending: deque[Json] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.changed = asyncio.Event()
        self.next_id = FIRST_UPDATE_ID
        self.poller: object | None = None

    def push(self, content: Json) -> None:
        """Queue an update under the next id, unless the bot did not ask for its kind."""
        kind = next(iter(content))
        if self.allowed and kind not in self.allowed:
            return
        if not self.allowed and kind in ON_REQUEST_ONLY:
            return
        self.pending.append({"update_id": self.next_id, **content})
        self.next_id += 1
        self.wake()

    def wake(self) -> None:
        self.changed.set()
        self.changed.clear()

    def clear(self) -> None:
        self.pending.clear()

    def allow(self, kinds: Sequence[str]) -> None:
        self.allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one counts from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def poll(
        self, offset: int, limit: int, timeout_s: float, gone: asyncio.Event
    ) -> list[Json]:
        """Return the first updates that are not confirmed, waiting up to `timeout_s` for one.

        Raises:
            ApiError: another poller came meanwhile.
        """
        me = self.poller = object()
        self.wake()
        self.confirm(offset)
        count = limit if 1 <= limit <= MAX_UPDATES else MAX_UPDATES
        deadline = time.monotonic() + min(timeout_s, LONG_POLL_S)
        while not self.pending and not gone.is_set():
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self.changed.wait()
            except TimeoutError:
                break
            if self.poller is not me:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot"
                    " instance is running"
                )
        if self.poller is me:
            self.poller = None
        return list(self.pending)[:count]
