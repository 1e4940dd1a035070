"""A clock that jumps does no harm, and no table grows for ever."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine, func, insert, select

from bot.cli import backup
from bot.storage import pruning
from bot.storage.erasure import Forgetting
from bot.storage.exchanges import Exchange, Exchanges, LinkedQuestions, Presses
from bot.storage.pruning import Pruning
from bot.storage.schema import audit, linked_questions, presses, updates
from bot.storage.updates import DAY_S, Inbox
from bot.telegram.app import keep_small
from index.core.errors import StoreError
from index.core.scope import Scope
from index.store import certificates, lock
from index.store.database import execute, fetch
from tests.support import PATIENCE_S
from tests.support.folders import Shelf

YEARS_S = 10 * 365 * DAY_S
Put = Callable[[float], None]


@pytest.fixture
def put_clock(monkeypatch: pytest.MonkeyPatch) -> Put:
    """A function that puts the clock forward or back by seconds from now."""
    real = time.time
    return lambda by_s: monkeypatch.setattr(time, "time", lambda: real() + by_s)


def ask(engine: Engine, number: int, **sent: int) -> Exchange:
    message = {"message_id": number, "chat": {"id": 5}, "from": {"id": 5}, "text": "Where?"} | sent
    Inbox(engine).put([{"update_id": number, "message": message}])
    asked = Exchange(number, 5, 5, f"Question {number}?", Scope(), (), True)
    exchange = Exchanges(engine).add(asked)
    Inbox(engine).finish(number)
    return exchange


def numbers(engine: Engine) -> list[int]:
    return [row.update_id for row in fetch(engine, select(updates.c.update_id))]


class TestClock:
    def test_put_forward_it_makes_nothing_old(
        self, engine: Engine, put_clock: Put, caplog: pytest.LogCaptureFixture
    ) -> None:
        pruner = Pruning(engine)
        ask(engine, 1)
        put_clock(YEARS_S)
        ask(engine, 2)
        assert pruner.prune(7) == 0
        assert numbers(engine) == [1, 2]
        assert "the clock was put forward by 87600 hours" in caplog.text

    def test_put_back_again_it_leaves_nothing_for_ever(
        self, engine: Engine, put_clock: Put
    ) -> None:
        put_clock(YEARS_S)
        ask(engine, 1)
        put_clock(0)
        assert Pruning(engine).prune(7) == 0
        put_clock(8 * DAY_S)
        assert Pruning(engine).prune(7) == 1

    def test_ahead_from_the_start_it_makes_nothing_old(
        self, engine: Engine, put_clock: Put
    ) -> None:
        now = int(time.time())
        for number in (1, 2):
            ask(engine, number, date=now - 2 * int(DAY_S))
        put_clock(YEARS_S)
        ask(engine, 3, date=now)  # its time of arrival is wrong
        for _ in range(3):
            assert Pruning(engine).prune(7) == 0
        assert numbers(engine) == [1, 2, 3]
        put_clock(6 * DAY_S)
        ask(engine, 4, date=now + 6 * int(DAY_S))
        assert Pruning(engine).prune(5) == 2
        assert numbers(engine) == [3, 4]  # the third counts from now on

    def test_after_a_long_silence_the_next_message_lets_old_ones_go(
        self, engine: Engine, put_clock: Put
    ) -> None:
        now = int(time.time())
        ask(engine, 1, date=now)
        put_clock(30 * DAY_S)
        assert Pruning(engine).prune(7) == 0
        ask(engine, 2, date=now + 30 * int(DAY_S))
        assert Pruning(engine).prune(7) == 1
        assert numbers(engine) == [2]

    def test_put_back_the_last_question_is_the_last(self, engine: Engine, put_clock: Put) -> None:
        ask(engine, 1)
        put_clock(-3600)
        ask(engine, 2)
        last = Exchanges(engine).last(5, 5, 7200)
        assert last is not None
        assert last.question == "Question 2?"

    def test_put_back_a_button_may_be_pressed(self, engine: Engine, put_clock: Put) -> None:
        exchange = ask(engine, 1)
        for number in (2, 3):
            Inbox(engine).put([{"update_id": number, "callback_query": {}}])
        assert Presses(engine).claim(2, exchange.id, "more")
        Inbox(engine).finish(2)
        assert not Presses(engine).claim(3, exchange.id, "more")
        put_clock(-3600)
        assert Presses(engine).claim(3, exchange.id, "more")
        assert len(fetch(engine, select(presses))) == 2

    def test_the_same_second_again_replaces_nothing_that_was_kept(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Stopped(backup.datetime):  # type: ignore[name-defined, misc]
            @classmethod
            def now(cls, _zone: object) -> object:
                return cls(2021, 7, 10)

        shelf.write("a.txt", "The red fox sleeps in the mill.")
        shelf.sync()
        shelf.close()
        archive = shelf.root / "backup.zip"
        backup.backup(archive, shelf.data)
        monkeypatch.setattr(backup, "datetime", Stopped)
        for _ in range(3):
            backup.restore(archive, shelf.data)
        assert len(list(shelf.data.glob("replaced-*/index.db"))) == 3


class TestGrowth:
    def test_links_and_acts_of_admins(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pruning, "MAX_ROWS", {linked_questions: 3, audit: 2})
        links = LinkedQuestions(engine)
        keys = [links.keep(f"Question {number}?") for number in range(9)]
        act = {"at": 0.0, "actor": 1, "act": "give", "target": 2, "detail": "admin"}
        execute(engine, insert(audit), [act] * 5)
        Pruning(engine).prune(7)
        assert [links.find(key) is not None for key in keys] == [False] * 6 + [True] * 3
        assert [row.id for row in fetch(engine, select(audit.c.id))] == [4, 5]

    def test_what_was_forgotten_while_it_waited(self, engine: Engine, put_clock: Put) -> None:
        inbox = Inbox(engine)
        message = {"message_id": 1, "chat": {"id": 5}, "from": {"id": 5}, "text": "Where?"}
        for number in (1, 2, 3):
            inbox.put([{"update_id": number, "message": message}])
        Forgetting(engine).forget(5, 2)
        put_clock(8 * DAY_S)
        assert Inbox(engine).prune(7) == 1
        assert numbers(engine) == [2, 3]  # they wait

    def test_certificates(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(certificates, "MAX_CERTIFICATES", 2)
        shelf.write("a.txt", "The fox sleeps. The dog runs. The owl flies. The cat eats.")
        shelf.sync()
        library = shelf.open()
        for words in ("fox sleeps", "dog runs", "owl flies", "cat eats"):
            library.certify(library.ask(f"Where does the {words}?").quotes[:1])
        library.sync(shelf.folder)
        query = select(func.count()).select_from(certificates.certificates)
        assert fetch(library.store._engine, query)[0][0] == 2


def test_a_wait_for_a_lock_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lock, "_SILENT_S", 0.01)
    held, until = threading.Event(), time.monotonic() + PATIENCE_S

    def hold() -> None:
        with FileLock(tmp_path / "writing.lock"):
            held.set()
            while not caplog.text and time.monotonic() < until:
                time.sleep(0.01)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    with lock.WriteLock(tmp_path / "writing.lock"):
        thread.join()
    assert f"waiting for another process that writes in {tmp_path}" in caplog.text


async def test_a_database_that_is_busy_does_not_end_the_pruning(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class StoppedError(Exception):
        pass

    async def stop(_seconds: float) -> None:
        raise StoppedError

    def busy(*_given: object) -> int:
        raise StoreError("in use")

    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(Pruning, "prune", busy)
    monkeypatch.setattr("bot.telegram.app.asyncio.sleep", stop)
    with pytest.raises(StoppedError):
        await keep_small(Pruning(engine), 7)
    assert "old questions are not forgotten yet: in use" in caplog.text
