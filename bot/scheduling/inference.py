"""The one thread that answers questions, and the bounded queue in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.errors import BusyError
from bot.texts.answers import busy

T = TypeVar("T")


class Inference:
    """Runs functions one after another, off the event loop.

    The models use every core by themselves: a second thread would only slow the first.
    """

    def __init__(self, max_waiting: int) -> None:
        self.max_waiting = max_waiting
        self.accepted = 0
        self.turn = asyncio.Lock()
        self.queue: set[asyncio.Task[Any] | None] = set()
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="inference")

    @property
    def waiting(self) -> int:
        """The number of accepted functions that do not run yet."""
        return max(0, self.accepted - 1)

    async def run(
        self,
        function: Callable[[str], T],
        text: str,
        patient: bool = False,
        begins: Callable[[], None] | None = None,
    ) -> T:
        """Return `function(text)`, once those that came before are done.

        `begins` is called when its turn has come, on the event loop: on the thread, each access to
        a database would wait for the loop to let go of the interpreter.

        Raises:
            BusyError: the queue is full, and the caller is not `patient`.
        """
        if self.accepted > self.max_waiting and not patient:
            raise BusyError(busy(self.waiting))
        self.accepted += 1
        try:
            await self._wait()
            try:
                if begins is not None:
                    begins()
                loop = asyncio.get_running_loop()
                running = loop.run_in_executor(self.executor, function, text)
            except BaseException:
                self.turn.release()
                raise
            # The function runs on if its caller is cancelled; the next one waits for its end.
            running.add_done_callback(lambda _: self.turn.release())
            return await asyncio.shield(running)
        finally:
            self.accepted -= 1

    async def _wait(self) -> None:
        task = asyncio.current_task()
        self.queue.add(task)
        try:
            await self.turn.acquire()
        finally:
            self.queue.discard(task)

    def close(self) -> None:
        """Let the running function end, and start no other."""
        for task in self.queue:
            if task is not None:
                task.cancel()
        self.executor.shutdown(wait=False, cancel_futures=True)
