"""Three bots and two syncs on one database: kills and failures lose nothing, whoever they hit."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlalchemy import URL

from bot.telegram.receiving.webhook import SECRET_HEADER
from tests.botapi import FakeBotApi, Person
from tests.support import ROOT
from tests.support.folders import Shelf
from tests.support.postgres import Server, free_port
from tests.support.running import spawn
from tests.support.subprocesses.run import story

BOTS, QUESTIONS = 3, 3
CHATS, KILLS = 100, 6
ASKING_S, PATIENCE_S = 60.0, 300.0
MAX_TWICE = 0.01
SECRET = "open-Sesame_1"
FILES, SYNC_KILLS = 60, 8


class Bots:
    """Bots behind one address: whatever comes goes to the next one that takes it."""

    def __init__(self, api: FakeBotApi, folder: Path, database: URL) -> None:
        self.api = api
        self.folder = folder
        self.database = database.render_as_string(hide_password=False)
        self.ports = [free_port() for _ in range(BOTS)]
        self.processes: dict[int, asyncio.subprocess.Process] = {}
        self.ended: list[tuple[int, str]] = []
        self.is_over = False

    async def keep(self, at: int) -> None:
        """Run a bot for good, as a supervisor does: one that ended is started again."""
        while not self.is_over:
            process = self.processes[at] = await self._start(at)
            # Read all the time, as a bot would wait for who reads what it logs.
            assert process.stderr is not None
            said = await process.stderr.read()
            self.ended.append((await process.wait(), said.decode()))

    def kill(self, at: int) -> None:
        if self.processes[at].returncode is None:
            self.processes[at].kill()

    async def stop(self, keepers: Sequence[asyncio.Task[None]]) -> None:
        self.is_over = True
        for process in self.processes.values():
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*keepers)

    async def _start(self, at: int) -> asyncio.subprocess.Process:
        folder = self.folder / str(at)
        folder.mkdir(exist_ok=True)
        return await spawn(
            self.api,
            folder,
            "0.02",
            database_url=self.database,
            webhook_url="https://bot.example.org/hook",
            webhook_port=self.ports[at],
            webhook_secret=SECRET,
            messages_per_s=500,
            concurrent_updates=64,
            queue_size=1000,
            waiting_per_user=QUESTIONS,
            long_line=1000,
            # A busy machine must not let a message arrive after it was looked for.
            request_timeout_s=5,
        )

    async def balance(self) -> None:
        """Bring updates to the bots in turn, each until one has acknowledged it."""
        pending, turn = self.api.world.updates.pending, count()
        async with httpx.AsyncClient(headers={SECRET_HEADER: SECRET}, timeout=20) as client:
            while True:
                if not pending:
                    await asyncio.sleep(0.01)
                    continue
                port = self.ports[next(turn) % BOTS]
                try:
                    answer = await client.post(f"http://127.0.0.1:{port}/hook", json=pending[0])
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
                    continue
                if answer.status_code == 200:
                    pending.popleft()


@pytest.mark.slow
@pytest.mark.soak
async def test_three_bots_survive_kills(
    api: FakeBotApi, tmp_path: Path, server: Server, database: URL, soak: bool
) -> None:
    if not soak:
        pytest.skip("only in `make soak`: a lease lasts longer than a test may take")
    api.fault_rate(seed=1, bad_gateway=0.1, flood=0.05, timeout=0.05, timeout_s=30, lost=0.5)
    people = [api.private_chat(n) for n in range(1, CHATS + 1)]
    bots, chance = Bots(api, tmp_path, database), random.Random(1)
    keepers = [asyncio.create_task(bots.keep(at)) for at in range(BOTS)]
    balancing, asking = asyncio.create_task(bots.balance()), asyncio.create_task(ask(people))
    try:
        for kill in range(KILLS):
            share = len(people) * QUESTIONS * (kill + 1) // (KILLS + 2)
            await api.wait_until(lambda: sum(map(len, map(answers, people))) >= share, PATIENCE_S)  # noqa: B023
            bots.kill(chance.randrange(BOTS))
            if kill == KILLS // 2:
                await asyncio.to_thread(server.restart)
        await asking
        await api.wait_until(lambda: not late(people), PATIENCE_S)
        await asyncio.sleep(2)  # for what might still come twice
    except TimeoutError:
        pytest.fail(f"{late(people)}; the bots ended so: {bots.ended}")
    finally:
        balancing.cancel()
        asking.cancel()
        await bots.stop(keepers)
    twice = 0
    for person in people:
        given = answers(person)
        twice += len(given) - QUESTIONS
        # In order, a repetition aside.
        assert list(dict.fromkeys(given)) == [question(person, at) for at in range(QUESTIONS)]
    print(f"{twice} of {CHATS * QUESTIONS} twice, {KILLS} kills, {len(api.calls)} calls")
    assert twice <= MAX_TWICE * CHATS * QUESTIONS
    codes = Counter(code for code, _said in bots.ended)
    assert codes[0] == BOTS
    # Whoever ended by itself began while the database was away.
    away = [said for code, said in bots.ended if code not in {0, -signal.SIGKILL}]
    assert all("see that the server runs" in said for said in away), away


@pytest.mark.slow
@pytest.mark.soak
def test_two_syncs_survive_kills(tmp_path: Path, database: URL, soak: bool) -> None:
    kills, chance = (SYNC_KILLS, random.Random(1)) if soak else (2, random.Random(2))
    shelf = Shelf(tmp_path, url=database)
    for at in range(FILES):
        text = "\n\n".join(story(f"{at}-{part}", 1) for part in range(3))
        shelf.write(f"{at:02}.txt", text)
    workers = {at: sync_process(shelf, tmp_path / str(at)) for at in range(2)}
    for _ in range(kills):
        time.sleep(chance.uniform(1, 4))
        at = chance.randrange(2)
        workers[at].send_signal(signal.SIGKILL)
        workers[at].wait()
        workers[at] = sync_process(shelf, tmp_path / str(at))
    assert [worker.wait(timeout=PATIENCE_S) for worker in workers.values()] == [0, 0]
    library = shelf.open()
    assert library.find_faults() == []
    stored = {document.path: document.id for document in library.documents()}
    assert {path: library.store.text(at) for path, at in stored.items()} == {
        path.name: path.read_text("utf-8") for path in shelf.folder.iterdir()
    }
    assert library.sync(shelf.folder).unchanged == FILES
    shelf.close()


def sync_process(shelf: Shelf, data: Path) -> subprocess.Popen[bytes]:
    """Start a sync with a folder of its own for what is derived, as on another machine."""
    assert shelf.url is not None
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.subprocesses.sync", str(data), str(shelf.folder)],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "ONRECORD_DATABASE_URL": shelf.url.render_as_string(hide_password=False),
        },
    )


def question(person: Person, at: int) -> str:
    return f"Question {at} of person {person.id}?"


def answers(person: Person) -> list[str]:
    """Return the first quotes of the answers, in their order."""
    found = [message.entity_texts("blockquote") for message in person.chat.sent]
    return [quotes[0] for quotes in found if quotes]


def late(people: list[Person]) -> list[list[str | None]]:
    """Return what was said to those who have not got all their answers."""
    texts = [[message.text for message in person.chat.sent] for person in people]
    return [
        said
        for person, said in zip(people, texts, strict=True)
        if len(set(answers(person))) < QUESTIONS
    ]


async def ask(people: list[Person]) -> None:
    """Let everybody ask their questions in their order, spread over the time."""
    order = [person for person in people for _ in range(QUESTIONS)]
    random.Random(1).shuffle(order)
    asked: Counter[int] = Counter()
    for person in order:
        person.send(question(person, asked[person.id]))
        asked[person.id] += 1
        await asyncio.sleep(ASKING_S / len(order))
