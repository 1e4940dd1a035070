"""Whether the bot can answer: its index can be read, and it hears from Telegram."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from bot.monitoring.metrics import UNREADABLE, IndexSize
from bot.monitoring.observer import Outcome, RefusalReason
from index.core.answers import Answer

POLL = "getUpdates"
MAX_SILENCE_S = 90.0
"""A poll without news takes 30 s, one that fails 35 s, and the next may be another 30 s away."""


class Heartbeat:
    """Remembers when Telegram last answered a poll; one of the observers."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._polled_at: float | None = None

    def answered(self, _answer: Answer, /) -> None:
        """Nothing: an answer is no poll."""

    def refused(self, _reason: RefusalReason, /) -> None:
        """Nothing: a refusal is no poll."""

    def failed(self) -> None:
        """Nothing: a failure is no poll."""

    def called(self, method: str, outcome: Outcome, /) -> None:
        """Note a poll that Telegram answered."""
        if method == POLL and outcome is Outcome.OK:
            self._polled_at = self._now()

    def silence_s(self) -> float | None:
        """Return the seconds since the last poll that was answered; None before the first."""
        polled_at = self._polled_at
        return None if polled_at is None else self._now() - polled_at


class Health(NamedTuple):
    """What a health check found.

    Attributes:
        reason: why the bot cannot answer; None where it can.
        documents: how many are indexed; None where the index cannot be read.
        silence_s: seconds since the last answered poll; None before the first.
    """

    reason: str | None
    documents: int | None
    silence_s: float | None

    @property
    def healthy(self) -> bool:
        """Whether the bot can answer."""
        return self.reason is None


def examine(
    read_index: Callable[[], IndexSize],
    silence_s: Callable[[], float | None],
    max_silence_s: float | None = MAX_SILENCE_S,
) -> Health:
    """Return the health of a bot.

    Args:
        read_index: tells how much is indexed; called on the thread of the check.
        silence_s: tells for how long nothing was heard of Telegram.
        max_silence_s: how long is too long; None where Telegram brings the updates by itself.
    """
    silence = silence_s()
    try:
        documents = read_index().documents
    except UNREADABLE as error:
        return Health(f"the index cannot be read: {str(error).splitlines()[0]}", None, silence)
    if max_silence_s is None:
        reason = None
    elif silence is None:
        reason = "no poll was answered by Telegram yet"
    elif silence > max_silence_s:
        reason = f"no poll was answered by Telegram for {silence:.0f} s"
    else:
        reason = None
    return Health(reason, documents, silence)
