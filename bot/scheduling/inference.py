"""The one thread on which questions are answered, and the bounded queue before it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import BusyError
from bot.texts import answers as wording

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """A function that waits for its turn, and who waits for its result."""

    function: Callable[[str], Any]
    text: str
    begins: Callable[[], None] | None
    result: asyncio.Future[Any]


class Inference:
    """Runs functions one after another, off the event loop.

    The models use every core by themselves: a second thread would only slow the first.
    """

    def __init__(self, max_waiting: int) -> None:
        self.max_waiting = max_waiting
        self.accepted = 0
        self.queue: deque[Job] = deque()
        self.worker: asyncio.Task[None] | None = None
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="inference")

    @property
    def waiting(self) -> int:
        """How many are accepted and not yet running."""
        return max(0, self.accepted - 1)

    async def run(
        self,
        function: Callable[[str], T],
        text: str,
        patient: bool = False,
        begins: Callable[[], None] | None = None,
    ) -> T:
        """Return `function(text)`, once those that came before are done.

        Args:
            function: runs on the thread.
            text: for it.
            patient: wait also where the queue is full.
            begins: called when its turn has come, on the event loop: on the thread, each access to
                a database would wait for the loop to let go of the interpreter.

        Raises:
            BusyError: the queue is full.
        """
        if self.accepted > self.max_waiting and not patient:
            raise BusyError(wording.busy(self.waiting))
        job = Job(function, text, begins, asyncio.get_running_loop().create_future())
        self.queue.append(job)
        self.accepted += 1
        try:
            if self.worker is None:
                self.worker = asyncio.create_task(self._work())
            result: T = await job.result
            return result
        finally:
            self.accepted -= 1

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self.queue:
                # A library that answers several questions at once would be given all of these.
                job = self.queue.popleft()
                if job.result.done():
                    continue
                try:
                    if job.begins is not None:
                        job.begins()
                except Exception as error:  # noqa: BLE001  # it is the job's, not the worker's
                    job.result.set_exception(error)
                    continue
                running = loop.run_in_executor(self.executor, job.function, job.text)
                await asyncio.wait([running])
                pass_on(running, job.result)
        finally:
            self.worker = None

    def close(self) -> None:
        """Let the running function end, and start no other."""
        for job in self.queue:
            job.result.cancel()
        self.queue.clear()
        self.executor.shutdown(wait=False, cancel_futures=True)


def pass_on(source: asyncio.Future[Any], target: asyncio.Future[Any]) -> None:
    """Give the outcome of one future to another, unless nobody waits for it any more."""
    error = source.exception()
    if target.done():
        return
    if error is None:
        target.set_result(source.result())
    else:
        target.set_exception(error)
