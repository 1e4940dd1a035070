"""What several bots on one database count and remember together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import URL, Engine

from bot.scheduling.quota import Quota
from bot.settings import BotSettings
from bot.storage.access import Access, Grant
from bot.storage.chats import Chats
from bot.storage.database import open_inbox
from bot.storage.exchanges import Exchange, Exchanges, Presses
from bot.storage.pruning import MAX_JUMP_S, Pruning
from bot.storage.schema import quotas
from bot.storage.shared.changes import Changes
from bot.storage.shared.quotas import SharedTimes
from bot.storage.updates import Inbox
from index.core.scope import Scope
from index.store.database import fetch
from tests.support.library import quote


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_is_counted_together(engine: Engine) -> None:
    clock = Clock()
    one, other = (Quota(3, shared=SharedTimes(engine, "questions", clock)) for _ in range(2))
    inline = Quota(3, shared=SharedTimes(engine, "inline", clock))
    assert [bot.take(7) for bot in (one, other, one)] == [0.0, 0.0, 0.0]
    assert other.take(7) == 60.0
    assert one.take(8) == inline.take(7) == 0.0
    clock.now += 61
    assert other.take(7) == 0.0


def test_old_minutes_are_forgotten(engine: Engine) -> None:
    clock = Clock()
    Quota(3, shared=SharedTimes(engine, "questions", clock)).take(7)
    assert clock.now + MAX_JUMP_S < 1.7e9
    Pruning(engine).prune(7)
    assert not fetch(engine, quotas.select())


def test_rights_and_silence_reach_the_other_bots(engine: Engine) -> None:
    settings = BotSettings(_env_file=None, owner=1)
    one, other = Access(engine, settings), Access(engine, settings)
    chats, others = Chats(engine), Chats(engine)
    changes = Changes(engine, (other.read, others.read))
    changes.follow()
    one.give(1, 5, Grant.BLOCKED)
    chats.hush(9)
    assert not other.is_blocked(5, None)
    changes.follow()
    assert other.is_blocked(5, None)
    assert others.is_quiet(9)
    one.take(1, 5, Grant.BLOCKED)
    chats.wake(9)
    changes.follow()
    assert not other.is_blocked(5, None)
    assert not others.is_quiet(9)


def test_a_right_that_is_given_twice_at_once_is_given_once(engine: Engine) -> None:
    settings = BotSettings(_env_file=None, owner=1)
    one, other = Access(engine, settings), Access(engine, settings)
    assert one.give(1, 5, Grant.UPLOADS)
    assert other.give(1, 5, Grant.UPLOADS)
    assert Access(engine, settings).has(5, Grant.UPLOADS)


def test_of_taps_at_once_on_several_bots_one_is_obeyed(tmp_path: Path, database: URL) -> None:
    engines = [open_inbox(tmp_path, database) for _ in range(6)]
    Inbox(engines[0]).put([{"update_id": number, "message": {}} for number in range(7)])
    shown = Exchange(0, 1, 7, "Who?", Scope(), (quote(),), True)
    exchange = Exchanges(engines[0]).add(shown)

    def tap(at: int) -> bool:
        return Presses(engines[at]).claim(at + 1, exchange.id, "more")

    with ThreadPoolExecutor(len(engines)) as pool:
        assert sum(pool.map(tap, range(len(engines)))) == 1
    for engine in engines:
        engine.dispose()
