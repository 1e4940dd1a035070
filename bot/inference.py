"""The one thread on which questions are answered, and the bounded queue before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.errors import BusyError

T = TypeVar("T")


class Inference:
    """Runs functions one after another, off the event loop.

    The models use every core by themselves: a second thread would only slow the first.
    """

    def __init__(self, max_waiting: int) -> None:
        self.max_waiting = max_waiting
        self.accepted = 0
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="inference")

    @property
    def waiting(self) -> int:
        """How many are accepted and not yet running."""
        return max(0, self.accepted - 1)

    async def run(self, function: Callable[[str], T], text: str) -> T:
        """Return `function(text)`, once those that came before are done.

        Raises:
            BusyError: the queue is full.
        """
        if self.accepted > self.max_waiting:
            questions = "1 question is" if self.waiting == 1 else f"{self.waiting} questions are"
            raise BusyError(f"I'm busy: {questions} waiting. Please ask again in a minute.")
        self.accepted += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.executor, function, text)
        finally:
            self.accepted -= 1

    def close(self) -> None:
        """Let the running function end, and start no other."""
        self.executor.shutdown(wait=False, cancel_futures=True)
