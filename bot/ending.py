"""Ends the process in time, whatever its threads are doing."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

LEAVE_S = 0.3

logger = logging.getLogger(__name__)


def run_until_stopped(main: Coroutine[Any, Any, None], most_s: float) -> None:
    """Run until SIGTERM or SIGINT, which cancel `main` and leave it no more than `most_s`.

    A second signal cancels it again. A search, a transaction or the parsing of a draft cannot be
    interrupted, and Python would wait for its end. Whatever they leave undone is done after the
    next start, as after a kill.
    """
    asyncio.run(_until_stopped(main, max(LEAVE_S, most_s - 2 * LEAVE_S)))
    until = time.monotonic() + LEAVE_S
    others = [thread for thread in threading.enumerate() if not thread.daemon]
    others.remove(threading.main_thread())
    for thread in others:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        _leave()


async def _until_stopped(main: Coroutine[Any, Any, None], most_s: float) -> None:
    task = asyncio.ensure_future(main)

    def stop() -> None:
        if not task.cancelling():
            _later(most_s, _leave)
            # What is logged may have to wait for whoever reads it.
            _later(most_s + LEAVE_S, lambda: os._exit(0))
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await task


def _later(delay_s: float, function: Callable[[], object]) -> None:
    timer = threading.Timer(delay_s, function)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    logger.warning("ended in the middle of a step, which is begun again at the next start")
    logging.shutdown()
    os._exit(0)
