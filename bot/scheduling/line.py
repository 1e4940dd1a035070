"""The line in which uploads wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """First come, first served: a place counts from when it is taken, not from when it waits."""

    def __init__(self) -> None:
        self.places: deque[asyncio.Event] = deque()

    @contextmanager
    def place(self) -> Iterator[asyncio.Event]:
        """Take the last place; yield an event that is set when its turn has come."""
        place = asyncio.Event()
        self.places.append(place)
        self._call()
        try:
            yield place
        finally:
            self.places.remove(place)
            self._call()

    def before(self, place: asyncio.Event) -> int:
        """Return the number of places before one."""
        return self.places.index(place)

    def _call(self) -> None:
        if self.places:
            self.places[0].set()
