"""What one process leaves, the next one takes up."""

from __future__ import annotations

import asyncio
import io
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.storage.database import open_inbox
from bot.storage.messages import Outbox
from bot.storage.updates import Inbox
from bot.telegram.processor import MAX_ATTEMPTS
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.library import BORDERS, StubLibrary
from tests.support.process import LET_GO
from tests.support.running import running, spawn


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_inbox(tmp_path)
    yield opened
    opened.dispose()


@pytest.mark.parametrize(
    "poison",
    [
        {"message": {"message_id": 5}},
        {"message": 7},
        {"message": {"message_id": 5, "date": "today", "chat": {"id": 1, "type": "private"}}},
        {"unheard_of": {}},
    ],
)
async def test_an_update_that_cannot_be_read_stalls_nothing(
    api: FakeBotApi, tmp_path: Path, engine: Engine, log: io.StringIO, poison: dict[str, object]
) -> None:
    ann = api.private_chat(1)
    async with running(api, folder=tmp_path):
        api.world.updates.allowed = frozenset()
        api.push_update(poison)
        ann.send("Which borders?")
        await api.wait_for(ann)
        await api.wait_until(lambda: not api.world.updates.pending)
    counts = Inbox(engine).counts()
    assert counts.pop("answered", 0) + counts.pop("dead", 0) == 2
    assert not counts
    assert "Which borders" not in log.getvalue()


async def test_a_failure_is_put_aside(
    api: FakeBotApi, tmp_path: Path, engine: Engine, log: io.StringIO
) -> None:
    ann = api.private_chat(1)
    async with running(api, StubLibrary(error=RuntimeError("broken")), tmp_path):
        ann.send("Which borders?")
        await api.wait_for(ann)
    assert Inbox(engine).counts() == {"dead": 1}
    async with running(api, folder=tmp_path) as library:
        asked = ann.send("And then?")
        await api.wait_for(ann, after=asked)
    assert library.asked == ["And then?"]


async def test_the_unanswered_come_first_and_in_order(
    api: FakeBotApi, tmp_path: Path, engine: Engine
) -> None:
    people = [api.private_chat(n) for n in range(1, 4)]
    for number in range(9):
        people[number % 3].send(f"Question {number}?")
    Inbox(engine).put(list(api.world.updates.pending))
    for person in people:
        person.send(f"Late question of {person.id}?")
    library = StubLibrary(echo=True)
    async with running(api, library, tmp_path, queue_size=3):
        for person in people:
            await api.wait_for(person, 4)
    assert library.asked[:3] == [f"Question {number}?" for number in range(3)]
    for number, person in enumerate(people):
        texts = [message.entity_texts("blockquote")[0] for message in person.chat.sent]
        assert texts == [
            *(f"Question {n}?" for n in range(number, 9, 3)),
            f"Late question of {person.id}?",
        ]
    assert not Inbox(engine).unanswered()


@pytest.mark.parametrize("arrived", [False, True])
async def test_a_message_that_may_have_arrived_is_looked_for(
    api: FakeBotApi, tmp_path: Path, engine: Engine, arrived: bool
) -> None:
    """As after `kill -9` between the request and its answer."""
    ann, bob = api.private_chat(1), api.private_chat(2)
    ann.send("Which borders?")
    inbox, outbox = Inbox(engine), Outbox(engine)
    (received,) = inbox.put(list(api.world.updates.pending))
    (letter,) = outbox.plan(received.update_id, ann.id, [{"text": "Iran.", "entities": []}])
    outbox.mark_sending(letter.id)
    bob.send("And which others?")
    if arrived:
        async with running(api, folder=tmp_path / "other", allowed={bob.id}):
            await api.wait_for(ann)
        ann.chat.sent[0].text = "Iran."
        ann.chat.sent[0].entities = []
    async with running(api, folder=tmp_path) as library:
        await api.wait_until(lambda: "Iran." in [message.text for message in ann.chat.sent])
        asked = ann.send("And then?")
        (reply,) = await api.wait_for(ann, after=asked)
    assert [message.text for message in ann.chat.sent][:-1] == ["Iran."]
    assert reply.entity_texts("blockquote") == [BORDERS]
    assert "Which borders?" not in library.asked
    assert outbox.unsent(received.update_id) == []


async def test_a_question_that_ends_the_process_is_given_up(
    api: FakeBotApi, tmp_path: Path, engine: Engine, log: io.StringIO
) -> None:
    ann = api.private_chat(1)
    ann.send("Which borders?")
    inbox = Inbox(engine)
    (received,) = inbox.put(list(api.world.updates.pending))
    for _ in range(MAX_ATTEMPTS):
        inbox.count_attempt(received.update_id)
    async with running(api, folder=tmp_path) as library:
        asked = ann.send("And then?")
        await api.wait_for(ann, after=asked)
    assert library.asked == ["And then?"]
    assert "ended the process 3 times" in log.getvalue()


async def test_a_stop_ends_what_was_begun_and_leaves_the_rest(
    api: FakeBotApi, tmp_path: Path, engine: Engine
) -> None:
    ann = api.private_chat(1)
    process = await spawn(api, tmp_path, "held", drain_s=PATIENCE_S)
    texts = [f"Question {n}?" for n in range(4)]
    for text in texts:
        ann.send(text)
    await api.wait_until(lambda: bool(ann.chat.actions))
    process.send_signal(signal.SIGTERM)
    (tmp_path / LET_GO).touch()
    await process.communicate()
    assert process.returncode == 0
    assert len(ann.chat.sent) == 1
    assert len(Inbox(engine).unanswered()) == 3
    async with running(api, StubLibrary(echo=True), tmp_path):
        await api.wait_for(ann, 4)
    assert [message.entity_texts("blockquote") for message in ann.chat.sent] == [
        [text] for text in texts
    ]


async def test_a_stop_does_not_wait_for_ever(
    api: FakeBotApi, tmp_path: Path, engine: Engine
) -> None:
    library = StubLibrary()
    library.free.clear()
    ann = api.private_chat(1)
    async with running(api, library, tmp_path, free_at_end=False, drain_s=0.0):
        ann.send("Which borders?")
        await api.wait_until(lambda: bool(ann.chat.actions))
    library.free.set()
    assert len(Inbox(engine).unanswered()) == 1
    assert not ann.chat.sent


async def test_an_outage_of_sending_only_delays(api: FakeBotApi, tmp_path: Path) -> None:
    ann = api.private_chat(1)
    async with running(api, folder=tmp_path):
        api.fail_next("sendMessage", 502, times=15)
        ann.send("Which borders?")
        await api.wait_for(ann)
    assert len(ann.chat.sent) == 1


async def test_a_group_that_moved_is_followed(api: FakeBotApi, tmp_path: Path) -> None:
    library = StubLibrary()
    library.free.clear()
    group = api.group(-5)
    async with running(api, library, tmp_path):
        ann = api.private_chat(1)
        ann.send("@onrecord_bot which borders?", chat=group)
        await api.wait_until(lambda: bool(group.actions))
        moved = ann.migrate(group, -1001000000009)
        library.free.set()
        await api.wait_for(moved)
    await asyncio.sleep(0)
    assert not group.sent
