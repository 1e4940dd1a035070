"""How fast the bot answers on Telegram as more and more is asked of it.

    python -m tests.benchmarks.load [--answer-ms 25] [--real] [--seconds 10] [--rates 5 10 20 …]

The bot runs as it does in service, over HTTP against a server with Telegram's rules, flood limits
aside. Its library takes a set time for an answer; with --real it is the index of the documents
that ship. Every question is another text from another chat, so that nothing is shared.
The first feedback is the typing action; who is told that the bot is busy counts as refused.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import time

from rich.console import Console
from rich.table import Table

from index.evaluation.metrics import percentiles
from tests.botapi import FakeBotApi
from tests.support.running import spawn

RATES = (5, 10, 20, 40, 60, 80)
PATIENCE_S = 120.0


async def main(arguments: argparse.Namespace) -> None:
    """Measure each rate with a bot of its own, and print the table."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    pace = "the real index" if arguments.real else f"{arguments.answer_ms:g} ms an answer"
    table = Table(
        *("asked/s", "feedback p95 ms", "answer p50 ms", "p95 ms", "answered/s"),
        *("refused", "unanswered"),
        title=f"{arguments.seconds:g} s each, {pace}",
    )
    for rate in arguments.rates:
        with tempfile.TemporaryDirectory() as folder:
            kind = "real" if arguments.real else str(arguments.answer_ms / 1000)
            row = await measure(Path(folder), kind, rate, arguments.seconds)
            table.add_row(f"{rate:g}", *row)
    Console().print(machine, table)


async def measure(folder: Path, kind: str, rate: float, seconds: float) -> list[str]:
    """Return a row of the table."""
    count = int(rate * seconds)
    async with FakeBotApi() as api:
        process = await spawn(api, folder, kind, messages_per_s=1000, long_line=10_000)
        await api.wait_until(lambda: bool(api.called("deleteWebhook")), PATIENCE_S)
        people = [api.private_chat(number) for number in range(1, count + 1)]
        asked: dict[int, float] = {}
        for person in people:
            asked[person.id] = time()
            person.send(f"Which borders were reached, number {person.id}?")
            await asyncio.sleep(len(asked) / rate - (time() - asked[1]))
        # Where it gives up, the last column tells.
        with suppress(TimeoutError):
            await api.wait_until(lambda: all(person.chat.sent for person in people), PATIENCE_S)
        process.terminate()
        await process.communicate()
        feedback = first_times(api, asked, "sendChatAction")
        replies = first_times(api, asked, "sendMessage")
    refused = {person.id for person in people if is_refusal(person.chat.sent)}
    answers = {number: at for number, at in replies.items() if number not in refused}
    lasted_s = max((asked[number] + at for number, at in answers.items()), default=0) - asked[1]
    return [
        f"{percentiles(in_ms(feedback))[1]:.0f}",
        *(f"{value:.0f}" for value in percentiles(in_ms(answers))),
        f"{len(answers) / lasted_s:.1f}",
        str(len(refused)),
        str(count - len(replies)),
    ]


def first_times(api: FakeBotApi, asked: dict[int, float], method: str) -> dict[int, float]:
    """Return by chat the seconds from its question to the first call of a method."""
    times: dict[int, float] = {}
    for call in api.called(method):
        number = int(call.params["chat_id"])
        times.setdefault(number, call.time - asked[number])
    return times


def in_ms(times: dict[int, float]) -> list[float]:
    """Return durations in milliseconds."""
    return [1000 * value for value in times.values()]


def is_refusal(sent: Sequence[object]) -> bool:
    """Whether the reply to a question is that the bot is busy."""
    return any("I'm busy" in (getattr(message, "text", "") or "") for message in sent)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--answer-ms", type=float, default=25.0)
    parser.add_argument("--real", action="store_true", help="ask the documents that ship")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rates", type=float, nargs="+", default=RATES)
    asyncio.run(main(parser.parse_args()))
