"""Limits of what one user may send in a minute, and of refusals in a row."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from bot.storage.shared.quotas import SharedTimes

MINUTE_S = 60.0
BURST_S = MINUTE_S
# Above this number, users who have not asked for a minute are forgotten.
MAX_REMEMBERED = 1000
MAX_REASONS = 3
"""How many refusals of different kinds a user is told in a row."""


class Quota:
    """A sliding window of one minute for each user, or each address."""

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        shared: SharedTimes | None = None,
    ) -> None:
        """`shared` counts what other processes let through, too."""
        self.per_minute = per_minute
        self.clock = clock
        self.shared = shared
        self.asked: dict[int | str, deque[float]] = {}
        self.checked = -math.inf

    def take(self, user_id: int | str) -> float:
        """Count a question and return 0, or return the seconds to wait without counting it."""
        if self.shared is not None:
            with self.shared.of(user_id) as times:
                return self._count(times, self.shared.clock())
        now = self.clock()
        # Once a second: in a rush of strangers all of them have asked within the minute.
        if len(self.asked) > MAX_REMEMBERED and now > self.checked + 1:
            self.checked = now
            self.asked = {
                other: times for other, times in self.asked.items() if times[-1] > now - MINUTE_S
            }
        return self._count(self.asked.setdefault(user_id, deque()), now)

    def _count(self, times: deque[float] | list[float], now: float) -> float:
        while times and times[0] <= now - MINUTE_S:
            del times[0]
        if len(times) >= self.per_minute:
            return times[0] + MINUTE_S - now
        times.append(now)
        return 0.0


class Refusals:
    """Of a burst of equal refusals only the first is said."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.said: dict[tuple[int, int], dict[str, float]] = {}

    def is_news(self, chat_id: int, user_id: int, reason: str, for_s: float = BURST_S) -> bool:
        """Whether a user was not refused for this reason lately; from now on they were.

        A burst ends with a pause of `for_s` seconds, or with an answer.
        """
        now = self.clock()
        if len(self.said) > MAX_REMEMBERED:
            self.said = {key: of for key, of in self.said.items() if max(of.values()) > now}
        earlier = self.said.get((chat_id, user_id), {})
        lately = {other: until for other, until in earlier.items() if until > now}
        is_news = reason not in lately and len(lately) < MAX_REASONS
        if is_news or reason in lately:
            self.said[chat_id, user_id] = lately | {reason: now + for_s}
        return is_news

    def end(self, chat_id: int, user_id: int) -> None:
        """Record that a user was answered, so that the next refusal is news."""
        self.said.pop((chat_id, user_id), None)
