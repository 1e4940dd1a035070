"""How fast the reading room is: a large document, and the bot beside many readers.

    python -m tests.benchmarks.web [--requests 200] [--readers 50] [--seconds 20]

First the time to the first byte of the page of a document of 1 MB, asked one after another. Then
the bot gets two questions a second, over HTTP against a server with Telegram's rules, first alone,
then with readers who each open the page, read for a second, and open it again. The bot with the
reading room is one process, the readers are another. The vectors are those of hashed words, as to
embed a document of 1 MB takes longer than all of this.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter, time

import httpx
from rich.console import Console
from rich.table import Table

from bot.conversation.places import key_of
from index.core.settings import IndexSettings
from index.evaluation.metrics import percentiles
from index.library import Library
from tests.botapi import FakeBotApi
from tests.support.embedder import HashEmbedder
from tests.support.running import spawn
from tests.support.silent import without_speakers

SENTENCE = "In year {0} the council of town {0} wrote that nothing new had come to pass there. "
RATE = 2.0
PATIENCE_S = 120.0
READ_S = 1.0
READERS_NICENESS = 10


async def main(arguments: argparse.Namespace) -> None:
    """Measure, and print the table."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    table = Table("what", "p50 ms", "p95 ms", title=machine)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = fill(folder)
        async with FakeBotApi() as api, running(api, folder) as url:
            pages = await open_pages(url + path, arguments.requests)
            table.add_row("first byte of 1 MB", *shown(pages))
            alone = await ask(api, arguments.seconds, 0)
            table.add_row("answer of the bot, alone", *shown(alone))
            readers = [
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "tests.benchmarks.web", "--read", url + path),
                    *("--readers", str(arguments.readers)),
                )
            ]
            await asyncio.sleep(3)
            beside = await ask(api, arguments.seconds, 10_000)
            table.add_row(f"answer beside {arguments.readers} readers", *shown(beside))
            for reader in readers:
                reader.terminate()
                await reader.wait()
    Console().print(table)


def fill(folder: Path) -> str:
    """Index the documents that ship and one of 1 MB; return the path of its page."""
    settings = IndexSettings(data=folder, min_confidence=0.0, reader="embedding")
    # Who says what is not measured here, and to find it takes longer than all of this.
    library = without_speakers(Library(settings, HashEmbedder()))
    library.index_seeds()
    size, parts = 0, []
    while size < 1_000_000:
        parts.append("".join(SENTENCE.format(7 * len(parts) + at) for at in range(4)).strip())
        size += len(parts[-1]) + 2
    file = folder / "long.txt"
    file.write_text("\n\n".join(parts), encoding="utf-8")
    library.add([file])
    document = next(found for found in library.documents() if found.path == "long.txt")
    library.close()
    start = len("\n\n".join(parts[:1000])) + 2
    return f"/d/{key_of(document)}?q={start}-{start + 60}"


@asynccontextmanager
async def running(api: FakeBotApi, folder: Path) -> AsyncIterator[str]:
    """Run the bot with the reading room beside it; give the URL of that."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await spawn(
        api, folder, "shelf", messages_per_s=1000, web=f"127.0.0.1:{port}", web_per_minute=10**6
    )
    try:
        # The reading room opens last.
        await api.wait_until(lambda: is_open(port), PATIENCE_S)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.communicate()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def open_pages(address: str, count: int) -> list[float]:
    """Return the seconds to the first byte of each request."""
    times = []
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        for _ in range(count):
            begun = perf_counter()
            async with client.stream("GET", address) as response:
                async for _bytes in response.aiter_raw(1):
                    times.append(perf_counter() - begun)
                    break
                assert response.status_code == 200
    return times


async def ask(api: FakeBotApi, seconds: float, first_id: int) -> list[float]:
    """Return the seconds that each answer took, asked at RATE."""
    people = [api.private_chat(first_id + at) for at in range(1, int(RATE * seconds) + 1)]
    asked = {}
    for person in people:
        asked[person.id] = time()
        person.send(f"Which borders did the Taliban reach in the year {person.id}?")
        await asyncio.sleep(1 / RATE)
    await api.wait_until(lambda: all(person.chat.sent for person in people), PATIENCE_S)
    sent: dict[int, float] = {}
    for call in api.called("sendMessage"):
        sent.setdefault(int(call.params["chat_id"]), call.time)
    return [sent[number] - at for number, at in asked.items()]


async def read(address: str, readers: int) -> None:
    """Open a page again and again, as many readers, until the process is ended.

    Their browsers would run on other machines, so that they leave the processor to the bot.
    """
    os.nice(READERS_NICENESS)

    async def one(client: httpx.AsyncClient, pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        while True:
            (await client.get(address)).raise_for_status()
            await asyncio.sleep(READ_S)

    limits = httpx.Limits(max_connections=readers)
    async with httpx.AsyncClient(timeout=PATIENCE_S, limits=limits) as client:
        await asyncio.gather(*(one(client, at / readers) for at in range(readers)))


def shown(times: list[float]) -> list[str]:
    return [f"{1000 * value:.0f}" for value in percentiles(times)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--read", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        asyncio.run(read(given.read, given.readers))
    else:
        asyncio.run(main(given))
