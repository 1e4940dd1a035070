"""Each update is taken by one bot, each chat in its order, and what a dead one left by another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, update

from bot.storage.database import open_inbox
from bot.storage.schema import replicas
from bot.storage.shared.claims import Claims
from bot.storage.updates import Inbox
from index.store.database import writing


@pytest.fixture
def ann(engine: Engine) -> Claims:
    return joined(engine)


@pytest.fixture
def bob(engine: Engine) -> Claims:
    return joined(engine)


def joined(engine: Engine) -> Claims:
    claims = Claims(engine, lease_s=600.0)
    claims.join()
    return claims


def message(number: int, chat_id: int = 1) -> dict[str, Any]:
    body = {"message_id": number, "chat": {"id": chat_id, "type": "private"}, "from": {"id": 7}}
    return {"update_id": number, "message": body}


def put(claims: Claims, *raw: dict[str, Any]) -> None:
    Inbox(claims.engine, claims.arrived).put(raw)


def taken(claims: Claims, room: int = 9) -> list[int]:
    return [received.update_id for received in claims.take(room)]


def expire(claims: Claims) -> None:
    """Let the lease of a bot be over, as if it had been silent."""
    with writing(claims.engine) as connection:
        mine = replicas.c.name == claims.name
        connection.execute(update(replicas).where(mine).values(until=0.0))


def test_an_update_is_taken_once(ann: Claims, bob: Claims) -> None:
    put(ann, message(1), message(2))
    assert taken(bob) == [1, 2]
    assert taken(ann) == taken(bob) == []


def test_a_chat_stays_with_its_bot(ann: Claims, bob: Claims) -> None:
    put(ann, message(1))
    assert taken(ann) == [1]
    put(bob, message(2), message(3, chat_id=2))
    assert taken(bob) == [3]
    assert taken(ann) == [2]


def test_a_chat_is_let_go_when_nothing_happens(
    ann: Claims, bob: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.shared.claims.IDLE_S", -1.0)
    put(ann, message(1))
    assert taken(ann) == [1]
    ann.tidy()
    put(bob, message(2))
    assert taken(bob) == []  # the first is not answered yet
    assert taken(ann) == [2]
    for number in (1, 2):
        Inbox(ann.engine).finish(number)
    ann.tidy()
    put(bob, message(3))
    assert taken(bob) == [3]


def test_a_full_bot_leaves_chats_to_others(ann: Claims, bob: Claims) -> None:
    put(ann, *(message(number, chat_id=number) for number in (1, 2, 3)))
    assert len(taken(ann, room=1)) == 1
    assert taken(ann, room=0) == []
    assert len(taken(bob)) == 2


def test_what_a_dead_bot_left_is_taken_over_in_order(ann: Claims, bob: Claims) -> None:
    put(ann, message(1), message(2))
    taken(ann)
    put(bob, message(3))
    assert taken(bob) == []
    expire(ann)
    received = bob.take(9)
    assert [(one.update_id, one.recovered) for one in received] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert not ann.renew()
    put(ann, message(4))
    assert taken(ann) == []
    assert taken(bob) == [4]
    ann.join()
    assert taken(ann) == []


def test_leaving_gives_back_at_once(ann: Claims, bob: Claims) -> None:
    put(ann, message(1))
    taken(ann)
    ann.leave()
    assert not ann.hold
    assert taken(bob) == [1]


def test_a_lease_is_renewed(ann: Claims) -> None:
    assert ann.hold
    assert ann.renew()
    assert ann.hold


def test_what_failed_is_taken_again(ann: Claims) -> None:
    put(ann, message(1))
    taken(ann)
    ann.fail(1)
    (again,) = ann.take(9)
    assert again.recovered


def test_a_press_that_telegram_has_forgotten_is_not_taken(ann: Claims) -> None:
    press = {"update_id": 1, "callback_query": {"id": "1", "from": {"id": 7}}}
    put(ann, press, message(2))
    with writing(ann.engine) as connection:
        from bot.storage.schema import updates  # noqa: PLC0415

        connection.execute(update(updates).values(received_at=time.time() - 60))
    assert taken(ann) == [2]


class TestAtOnce:
    """Many bots at the same moment, on a server."""

    @pytest.fixture
    def engines(self, tmp_path: Path, database: URL) -> Iterator[list[Engine]]:
        opened = [open_inbox(tmp_path, database) for _ in range(4)]
        yield opened
        for engine in opened:
            engine.dispose()

    def test_each_update_is_taken_once_and_in_order(self, engines: list[Engine]) -> None:
        bots = [joined(engine) for engine in engines]
        chats, rounds = 10, 20

        def run(at: int) -> list[int]:
            mine: list[int] = []
            for turn in range(rounds):
                for chat in range(chats):
                    if (turn + chat) % len(bots) == at:
                        put(bots[at], message(turn * chats + chat, chat_id=chat + 1))
                mine += taken(bots[at])
            return mine

        with ThreadPoolExecutor(len(bots)) as pool:
            lists = list(pool.map(run, range(len(bots))))
        lists += [taken(bot) for bot in bots]
        everything = [number for one in lists for number in one]
        assert sorted(everything) == list(range(chats * rounds))
        holders = {number % chats: set() for number in everything}
        for at, one in enumerate(lists):
            for number in one:
                holders[number % chats].add(at % len(bots))
        assert all(len(of) == 1 for of in holders.values())
