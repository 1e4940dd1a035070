"""No question is lost, whatever happens to the process and to the server."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from index.core.settings import IndexSettings
from index.library import Library
from tests.botapi import FakeBotApi, Person
from tests.support.running import spawn

QUESTIONS = (
    "Which borders did the Taliban reach?",
    "When was the Taliban-led government ousted?",
    "How many districts has the Taliban captured?",
)
CHATS, KILLS = 20, 2
SOAK_CHATS, SOAK_KILLS = 200, 10
ASKING_S, PATIENCE_S = 5.0, 180.0


@pytest.mark.slow
@pytest.mark.soak
async def test_questions_survive_kills(api: FakeBotApi, tmp_path: Path, soak: bool) -> None:
    chats, kills = (SOAK_CHATS, SOAK_KILLS) if soak else (CHATS, KILLS)
    api.fault_rate(seed=1, bad_gateway=0.1, flood=0.05, timeout=0.05, timeout_s=30, lost=0.5)
    people = [api.private_chat(n) for n in range(1, chats + 1)]
    expected = answers_of_the_library(tmp_path)
    process = await start(api, tmp_path)
    logs: list[bytes] = []
    asking = asyncio.create_task(ask(people))
    try:
        for kill in range(1, kills + 1):
            share = len(people) * len(QUESTIONS) * kill // (kills + 1)
            await api.wait_until(lambda: sum(map(count, people)) >= share, PATIENCE_S)  # noqa: B023
            process.kill()
            logs.append((await process.communicate())[1])
            process = await start(api, tmp_path)
        await asking
        await api.wait_until(
            lambda: all(len(set(answers(person))) == len(QUESTIONS) for person in people),
            PATIENCE_S,
        )
        await asyncio.sleep(1)  # for what might still come twice
    finally:
        asking.cancel()
        process.terminate()
        logs.append((await process.communicate())[1])
    twice = 0
    for person in people:
        given = answers(person)
        twice += len(given) - len(QUESTIONS)
        # In order, a repetition aside.
        assert list(dict.fromkeys(given)) == expected
    # A kill may fall between sending and the note of it.
    assert twice <= max(kills, 5)
    assert process.returncode == 0
    assert len(logs) == kills + 1
    assert not [log for log in logs if b"Traceback" in log or b"ERROR" in log]
    print(f"{twice} of {chats * len(QUESTIONS)} twice, {len(api.calls)} calls")


def answers_of_the_library(folder: Path) -> list[str]:
    """Index the article that ships, as the bot will; return the first quote for each question."""
    library = Library(IndexSettings(_env_file=None, data=folder))
    library.index_seeds()
    quotes = [library.ask(question).quotes[0].text for question in QUESTIONS]
    library.close()
    assert len(set(quotes)) == len(QUESTIONS)
    return quotes


def answers(person: Person) -> list[str]:
    """Return the first quotes of the answers, in their order."""
    found = [message.entity_texts("blockquote") for message in person.chat.sent]
    return [quotes[0] for quotes in found if quotes]


def count(person: Person) -> int:
    return len(person.chat.sent)


async def start(api: FakeBotApi, folder: Path) -> asyncio.subprocess.Process:
    return await spawn(
        api,
        folder,
        "real",
        messages_per_s=500,
        concurrent_updates=64,
        queue_size=1000,
        waiting_per_user=len(QUESTIONS),
        long_line=1000,
        # A busy machine must not let a message arrive after it was looked for.
        request_timeout_s=5,
    )


async def ask(people: list[Person]) -> None:
    """Let everybody ask their questions in their order, spread over the time."""
    order = [person for person in people for _ in QUESTIONS]
    random.Random(1).shuffle(order)
    asked: Counter[int] = Counter()
    for person in order:
        person.send(QUESTIONS[asked[person.id]])
        asked[person.id] += 1
        await asyncio.sleep(ASKING_S / len(order))
