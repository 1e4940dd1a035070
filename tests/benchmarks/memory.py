"""How much memory the bot holds after more and more questions.

    python -m tests.benchmarks.memory [QUESTIONS | real]

With `real`, a bot with the models and the documents that ship is asked 25 questions, once after it
has indexed them and once after a restart; printed is what it holds, and the most it ever held.

Otherwise the bot runs as a process of its own, against a server in this one; its library answers at
once and remembers nothing, so that what grows is the bot. Every question is another text, and each
comes from one of 2,000 chats. What the bot holds at the start, before all its modules are in use,
says little: growth is told from the first 1,000 questions on.
"""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from tests.botapi import FakeBotApi, Person
from tests.support.running import spawn

QUESTIONS = 10_000
STEP = 1_000
CHATS = 2_000
IN_FLIGHT = 50
"""As many questions wait at a time; the bot is kept busy but never behind."""
REAL_QUESTIONS = 25
PATIENCE_S = 60.0


async def measure(
    folder: Path,
    questions: int,
    step: int = STEP,
    tell: Callable[[int, float], None] = lambda *_: None,
) -> list[float]:
    """Return the resident memory of the bot in MB after each `step` answers.

    Args:
        folder: of its inbox.
        questions: how many to ask.
        step: a multiple of `IN_FLIGHT`.
        tell: called with each figure as it is known.
    """
    found = []
    async with FakeBotApi() as api:
        limits = {"messages_per_s": 10_000, "long_line": 10_000, "questions_per_minute": 10_000}
        process = await spawn(api, folder, "0", waiting_per_user=100, log_level="error", **limits)
        await api.wait_until(lambda: bool(api.called("deleteWebhook")), PATIENCE_S)
        people = [api.private_chat(number) for number in range(1, CHATS + 1)]
        for start in range(0, questions, IN_FLIGHT):
            numbers = range(start, min(start + IN_FLIGHT, questions))
            asking = [people[number % CHATS] for number in numbers]
            for number, person in zip(numbers, asking, strict=True):
                person.send(f"Which borders were reached, number {number}?")
            answers = start // CHATS + 1
            await api.wait_until(lambda: least(asking) == answers, PATIENCE_S)  # noqa: B023
            if (start + IN_FLIGHT) % step == 0:
                found.append(resident_mb(process.pid))
                tell(start + IN_FLIGHT, found[-1])
        process.terminate()
        await process.communicate()
    return found


async def measure_real(folder: Path) -> dict[str, float]:
    """Return the MB of a bot with the models in a folder, after it has answered 25 questions.

    `VmRSS` is what it holds, `RssAnon` of it without mapped files, `VmHWM` the most it ever held.
    """
    async with FakeBotApi() as api:
        process = await spawn(api, folder, "real")
        await api.wait_until(lambda: bool(api.called("deleteWebhook")), PATIENCE_S)
        people = [api.private_chat(number) for number in range(1, REAL_QUESTIONS + 1)]
        for person in people:
            person.send(f"Which borders were reached, number {person.id}?")
            await api.wait_until(lambda: bool(person.chat.sent), PATIENCE_S)  # noqa: B023
        found = {name: of_status(process.pid, name) for name in ("VmRSS", "RssAnon", "VmHWM")}
        process.terminate()
        await process.communicate()
    return found


def print_real() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for start in ("the first start, which indexes", "after a restart"):
            for answered in Path(folder).glob("bot.db*"):
                answered.unlink()
            found = asyncio.run(measure_real(Path(folder)))
            print(start, {name: round(mb) for name, mb in found.items()}, "MB")


def least(people: Sequence[Person]) -> int:
    """Return the number of answers of whoever has the fewest."""
    return min(len(person.chat.sent) for person in people)


def resident_mb(process_id: int) -> float:
    """Return the resident memory of a process."""
    return of_status(process_id, "VmRSS")


def of_status(process_id: int, name: str) -> float:
    """Return the MB of a field of what Linux tells of a process."""
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1e6


async def main(questions: int) -> None:
    """Measure, and print the table."""
    table = Table("questions", "resident MB", "since the first 1,000", "s")
    began = perf_counter()
    figures: list[float] = []

    def tell(number: int, mb: float) -> None:
        figures.append(mb)
        growth = mb / figures[0] - 1
        table.add_row(f"{number:,}", f"{mb:.1f}", f"{growth:+.1%}", f"{perf_counter() - began:.0f}")

    with tempfile.TemporaryDirectory() as folder:
        await measure(Path(folder), questions, tell=tell)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    Console().print(machine, table)


if __name__ == "__main__":
    if sys.argv[1:] == ["real"]:
        print_real()
    else:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS))
