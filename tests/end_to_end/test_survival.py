"""No question is lost, whatever happens to the process and to the server."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.botapi import FakeBotApi, Person
from tests.support.running import spawn

QUESTIONS = 5
CHATS, KILLS = 20, 2
SOAK_CHATS, SOAK_KILLS = 200, 10
ASKING_S, PATIENCE_S = 5.0, 180.0


@pytest.mark.slow
@pytest.mark.soak
async def test_questions_survive_kills(api: FakeBotApi, tmp_path: Path, soak: bool) -> None:
    chats, kills = (SOAK_CHATS, SOAK_KILLS) if soak else (CHATS, KILLS)
    api.fault_rate(seed=1, bad_gateway=0.1, flood=0.05, timeout=0.05, timeout_s=30, lost=0.5)
    people = [api.private_chat(n) for n in range(1, chats + 1)]
    process = await start(api, tmp_path)
    asking = asyncio.create_task(ask(people))
    try:
        for kill in range(1, kills + 1):
            share = len(people) * QUESTIONS * kill // (kills + 1)
            await api.wait_until(lambda: sum(map(count, people)) >= share, PATIENCE_S)  # noqa: B023
            process.kill()
            await process.communicate()
            process = await start(api, tmp_path)
        await asking
        await api.wait_until(
            lambda: all(len(set(answers(person))) == QUESTIONS for person in people), PATIENCE_S
        )
        await asyncio.sleep(1)  # for what might still come twice
    finally:
        asking.cancel()
        process.terminate()
        _, log = await process.communicate()
    twice = 0
    for person in people:
        given = answers(person)
        twice += len(given) - QUESTIONS
        # In order, a repetition aside.
        assert list(dict.fromkeys(given)) == [question(person, n) for n in range(QUESTIONS)]
    # A kill may fall between sending and the note of it.
    assert twice <= max(kills, 5)
    assert process.returncode == 0
    assert "Traceback" not in log.decode()
    print(f"{twice} of {chats * QUESTIONS} twice, {len(api.calls)} calls")


def question(person: Person, number: int) -> str:
    return f"What is number {number} of {person.id}?"


def answers(person: Person) -> list[str]:
    """Return the questions that were answered, in the order of the answers."""
    return [text for message in person.chat.sent for text in message.entity_texts("blockquote")]


def count(person: Person) -> int:
    return len(person.chat.sent)


async def start(api: FakeBotApi, folder: Path) -> asyncio.subprocess.Process:
    return await spawn(
        api,
        folder,
        "0.005",
        messages_per_s=500,
        concurrent_updates=64,
        queue_size=1000,
        waiting_per_user=QUESTIONS,
        long_line=1000,
        request_timeout_s=2,
    )


async def ask(people: list[Person]) -> None:
    """Let everybody ask their questions in their order, spread over the time."""
    order = [person for person in people for _ in range(QUESTIONS)]
    random.Random(1).shuffle(order)
    asked: Counter[int] = Counter()
    for person in order:
        person.send(question(person, asked[person.id]))
        asked[person.id] += 1
        await asyncio.sleep(ASKING_S / len(order))
