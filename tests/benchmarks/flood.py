"""How long others wait while one user floods the bot.

    python -m tests.benchmarks.flood [--messages 1000] [--others 20] [--answer-ms 25]

The bot runs as it does in service, over HTTP against a server with Telegram's rules and its flood
limits. One user sends questions, commands and files all at once; while they lie there, others
send a question each, a few in a second.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
from pathlib import Path
from time import time

from index.evaluation.metrics import percentiles
from tests.benchmarks.load import PATIENCE_S, first_times, in_ms
from tests.botapi import FakeBotApi
from tests.botapi.people import Person
from tests.support.running import spawn

OTHERS_PER_S = 10.0


async def measure(
    folder: Path, messages: int, others: int, answer_s: float
) -> tuple[dict[int, float], int]:
    """Return the seconds until each other user has an answer, and the replies to the flooder."""
    async with FakeBotApi(flood_control=True) as api:
        process = await spawn(api, folder, str(answer_s))
        try:
            await api.wait_until(lambda: bool(api.called("deleteWebhook")), PATIENCE_S)
            flooder = api.private_chat(1)
            asked = {flooder.id: time()}
            flood(flooder, messages)
            people = [api.private_chat(number) for number in range(2, others + 2)]
            for person in people:
                asked[person.id] = time()
                person.send(f"Which borders were reached, number {person.id}?")
                await asyncio.sleep(1 / OTHERS_PER_S)
            await api.wait_until(lambda: all(person.chat.sent for person in people), PATIENCE_S)
        finally:
            process.terminate()
            await process.communicate()
        waited = first_times(api, asked, "sendMessage")
        waited.pop(flooder.id, None)
        return waited, len(flooder.chat.sent)


def flood(person: Person, messages: int) -> None:
    """Send questions, unknown commands and files, in turns."""
    for number in range(messages):
        match number % 3:
            case 0:
                person.send(f"Which border is number {number}?")
            case 1:
                person.send(f"/command{number}")
            case _:
                person.send_document(f"file{number}.txt", b"The border is open.")


async def main(given: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        waited, replies = await measure(
            Path(folder), given.messages, given.others, given.answer_ms / 1000
        )
    p50, p95 = percentiles(in_ms(waited))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{given.others} others: answered after {p50:.0f} ms (p50), {p95:.0f} ms (p95)")
    print(f"the flooder had {replies} replies to {given.messages} messages by then")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--others", type=int, default=20)
    parser.add_argument("--answer-ms", type=float, default=25.0)
    asyncio.run(main(parser.parse_args()))
