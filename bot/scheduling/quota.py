"""The limit of questions that one user may ask in a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MINUTE_S = 60.0
# Above this number, users who have not asked for a minute are forgotten.
MAX_REMEMBERED = 1000


class Quota:
    """A sliding window of one minute for each user."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self.clock = clock
        self.asked: dict[int, deque[float]] = {}

    def take(self, user_id: int) -> float:
        """Count a question and return 0, or return the seconds to wait without counting it."""
        now = self.clock()
        if len(self.asked) > MAX_REMEMBERED:
            self.asked = {
                other: times for other, times in self.asked.items() if times[-1] > now - MINUTE_S
            }
        times = self.asked.setdefault(user_id, deque())
        while times and times[0] <= now - MINUTE_S:
            times.popleft()
        if len(times) >= self.per_minute:
            return times[0] + MINUTE_S - now
        times.append(now)
        return 0.0
