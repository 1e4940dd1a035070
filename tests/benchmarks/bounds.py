"""How much time and memory the largest accepted upload of each format takes.

    python -m tests.benchmarks.bounds [--formats .txt .csv]

A file of prose, of 26,500 paragraphs (7.4 million characters) or 20 MB, is sent to the bot, which
runs as it does in service and with the limits as they ship; if it is refused, the refusal is
printed and a bot gets one half as long. When it is ready a question is asked; then another such
file is sent, and the bot is stopped in the middle of it. The networks do not read the files, which
would take about 10 ms a passage and no further memory. Peaks are of the whole run, also of the
process that reads.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import platform
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from reportlab.pdfgen.canvas import Canvas
from rich.console import Console
from rich.table import Table

from tests.botapi import FakeBotApi
from tests.support.chat import text_of
from tests.support.drawing import WORDS
from tests.support.running import introduced, spawn
from tests.support.samples import samples

PARAGRAPHS = 26_500
FEWER = dict.fromkeys((".csv", ".tsv", ".json", ".jsonl", ".xlsx"), 17_500)
"""Of formats in which each paragraph is a passage."""
MAX_BYTES = 20_000_000
LINES_OF_A_PAGE = 45
PATIENCE_S = 600.0
LOOK_S = 0.2
READING_S = 5.0
PEAK = re.compile(r"VmHWM:\s*(\d+) kB")
UNDER_WAY = ("…", ": received.")


@dataclass
class Peaks:
    """The most memory in MB that the bot, and its process that reads, had resident at a time."""

    bot: float = 0.0
    reader: float = 0.0

    async def follow(self, pid: int) -> None:
        while True:
            self.bot = max(self.bot, peak_mb(pid))
            self.reader = max([self.reader, *map(peak_mb, children(pid))])
            await asyncio.sleep(LOOK_S)


@dataclass
class Found:
    """What became of an upload. `stop_s` is the time from SIGTERM to the end of the process."""

    text: str
    seconds: float
    before_mb: float
    peaks: Peaks
    stop_s: float = 0.0


def prose(paragraphs: int, seed: int = 0) -> list[str]:
    """Return paragraphs of three sentences, of about 250 characters each."""
    chance = random.Random(paragraphs + seed)
    sentences = (
        f"{' '.join(chance.choices(WORDS, k=10)).capitalize()} {at}."
        for at in range(3 * paragraphs)
    )
    return [" ".join(three) for three in zip(sentences, sentences, sentences, strict=True)]


def write(suffix: str, paragraphs: int, seed: int = 0) -> bytes:
    if suffix != ".pdf":
        return samples(prose(paragraphs, seed), (suffix,))[suffix]
    made = io.BytesIO()
    canvas = Canvas(made)
    for at, line in enumerate(prose(paragraphs, seed)):
        canvas.drawString(20, 800 - 16 * (at % LINES_OF_A_PAGE), line[:110])
        if at % LINES_OF_A_PAGE == LINES_OF_A_PAGE - 1:
            canvas.showPage()
    canvas.save()
    return made.getvalue()


async def measure(folder: Path, name: str, content: bytes, another: bytes) -> Found:
    """Send a file to a new bot, ask, and stop it while it takes another."""
    peaks = Peaks()
    async with FakeBotApi() as api:
        process = await spawn(api, folder, "unembedded", owner=1)
        following = asyncio.create_task(peaks.follow(process.pid))
        try:
            await api.wait_until(lambda: bool(api.called("setMyCommands")), PATIENCE_S)
            await introduced(api)
            ann = api.private_chat(1)
            before_mb, begun = peak_mb(process.pid), perf_counter()
            sent = ann.send_document(name, content)
            (reply,) = await api.wait_for(ann, after=sent, timeout_s=PATIENCE_S)
            await api.wait_until(lambda: not text_of(reply).endswith(UNDER_WAY), PATIENCE_S)
            found = Found(text_of(reply), perf_counter() - begun, before_mb, peaks)
            if "is ready" in found.text:
                asked = ann.send("What is number 7 about?")
                await api.wait_for(ann, after=asked, timeout_s=PATIENCE_S)
                sent = ann.send_document(f"other-{name}", another)
                await api.wait_for(ann, after=sent, timeout_s=PATIENCE_S)
                await asyncio.sleep(min(READING_S, found.seconds / 2))
        finally:
            begun = perf_counter()
            process.terminate()
            await process.communicate()
            following.cancel()
        found.stop_s = perf_counter() - begun
        return found


def peak_mb(pid: int) -> float:
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        if peak := PEAK.search(status):
            return int(peak[1]) * 1024 / 1e6
    return 0.0


def children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text(encoding="utf-8").split()):
                # Until it runs another program, a child has the memory of its parent.
                if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield child


async def main(formats: Sequence[str]) -> None:
    console = Console()
    title = f"largest accepted uploads; {os.cpu_count()} cores, {platform.machine()}"
    columns = ("format", "MB", "seconds", "MB before", "peak MB", "reader's peak MB", "stop s")
    table = Table(*columns, title=title)
    for suffix in formats:
        paragraphs = FEWER.get(suffix, PARAGRAPHS)
        while True:
            data = write(suffix, paragraphs)
            if len(data) <= MAX_BYTES:
                with tempfile.TemporaryDirectory() as folder:
                    another = write(suffix, paragraphs, seed=1)
                    found = await measure(Path(folder), f"a{suffix}", data, another)
                if "is ready" in found.text:
                    break
                console.print(f"{len(data) / 1e6:.1f} MB, {found.peaks}: {found.text}")
            paragraphs //= 2
        values = found.seconds, found.before_mb, found.peaks.bot, found.peaks.reader
        shown = *(f"{value:,.0f}" for value in values), f"{found.stop_s:.1f}"
        table.add_row(suffix, f"{len(data) / 1e6:.1f}", *shown)
        console.print(suffix, f"{len(data) / 1e6:.1f} MB", *shown)
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--formats", nargs="+", default=sorted(samples()))
    asyncio.run(main(parser.parse_args().formats))
