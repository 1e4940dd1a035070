"""The process ends within its time, whatever its threads are doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from time import perf_counter

import pytest

from tests.support import PATIENCE_S, ROOT

MOST_S = 1.0
PROGRAM = """
import asyncio, logging, sys, threading, time
from bot.ending import run_until_stopped

logging.basicConfig()

async def main():
    print("begun", flush=True)
    {body}

run_until_stopped(main(), {most_s})
"""
HELD = {
    "by a function on a thread": "await asyncio.to_thread(time.sleep, 600)",
    "by a thread": """
    threading.Thread(target=time.sleep, args=(600,)).start()
    await asyncio.sleep(600)""",
    "by what has to be closed": """
    try:
        await asyncio.sleep(600)
    finally:
        time.sleep(600)""",
    "by whoever does not listen": """
    while True:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            pass""",
    "by a log that nobody reads": """
    logging.root.handlers[0].acquire()
    threading.Thread(target=time.sleep, args=(600,)).start()
    await asyncio.to_thread(time.sleep, 600)""",
}


def run(body: str, number: int, most_s: float) -> tuple[int, float, str]:
    """Stop a program once it has begun; return its exit code, the seconds to its end, its log."""
    program = PROGRAM.format(body=body, most_s=most_s)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        begun = perf_counter()
        process.send_signal(number)
        try:
            code = process.wait(PATIENCE_S)
        finally:
            process.kill()
        return code, perf_counter() - begun, process.stderr.read()


@pytest.mark.slow
@pytest.mark.parametrize("held", HELD)
def test_it_ends_in_time(held: str) -> None:
    code, seconds, log = run(HELD[held], signal.SIGTERM, MOST_S)
    assert code == 0
    assert seconds < MOST_S + 60  # of 600; the machine may be busy
    if "log" not in held:
        assert log == (
            "WARNING:bot.ending:ended in the middle of a step, which is begun again at the next "
            "start\n"
        )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_if_nothing_holds_it(number: int) -> None:
    assert run("await asyncio.sleep(600)", number, PATIENCE_S)[::2] == (0, "")
