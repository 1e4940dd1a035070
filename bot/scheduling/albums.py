"""Gathers the messages of an album, which arrive one by one and say nothing of their number."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Part = TypeVar("Part")
Key = tuple[int, str]
"""The chat, and what Telegram calls the album."""
GAP_S = 0.7
"""Telegram delivers an album at once; a part that comes later than this is dealt with by itself."""


@dataclass(slots=True)
class Album(Generic[Part]):
    """The parts of an album that are still to be dealt with."""

    albums: dict[Key, Album[Part]]
    key: Key | None  # None for a message that belongs to no album
    parts: deque[Part] = field(default_factory=deque)
    joined_at: float = field(default_factory=time.monotonic)
    is_done: asyncio.Future[bool] = field(default_factory=asyncio.Future)

    def join(self, part: Part) -> None:
        self.parts.append(part)
        self.joined_at = time.monotonic()

    def next(self) -> Part | None:
        """Return the next part; None if there is none, and from then on none can join."""
        if self.parts:
            return self.parts.popleft()
        if self.key is not None:
            self.albums.pop(self.key, None)
        return None


@dataclass(slots=True)
class Albums(Generic[Part]):
    """The albums that are being dealt with."""

    gap_s: float = GAP_S
    albums: dict[Key, Album[Part]] = field(default_factory=dict)

    @asynccontextmanager
    async def gathered(self, key: Key | None, part: Part) -> AsyncIterator[Album[Part] | None]:
        """Yield an album to the first of its parts, once the others are there.

        To each of the others yield None once the first is done.

        Raises:
            CancelledError: the first was interrupted, and its album is to be taken again.
        """
        album = None if key is None else self.albums.get(key)
        if album is not None:
            album.join(part)
            if not await asyncio.shield(album.is_done):
                raise asyncio.CancelledError
            yield None
            return
        album = Album(self.albums, key)
        album.join(part)
        is_done = False
        try:
            if key is not None:
                self.albums[key] = album
                # Each part that comes puts it off.
                while (  # noqa: ASYNC110
                    left_s := album.joined_at + self.gap_s - time.monotonic()
                ) > 0:
                    await asyncio.sleep(left_s)
            yield album
            is_done = True
        except Exception:
            # As for a single message, an error is the end of it.
            is_done = True
            raise
        finally:
            if key is not None:
                self.albums.pop(key, None)
            album.is_done.set_result(is_done)
