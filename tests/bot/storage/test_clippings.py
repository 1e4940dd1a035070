"""What a chat keeps is its own, once, within its limit, and without the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.storage.clippings import LOCAL, Clippings, Outcome
from bot.storage.erasure import Forgetting
from bot.storage.updates import Inbox
from index.store.certificates import Certificate, certificate_id, certificate_of
from tests.bot.storage.test_erasure import message, words_in
from tests.support.library import quote

FIRST, SECOND, THIRD = (
    certificate_of(quote(f"The zanzibarine quote number {at}.", start=100 * at)) for at in range(3)
)


@pytest.fixture
def kept(engine: Engine) -> Clippings:
    return Clippings(engine)


def ids(kept: Clippings, chat_id: int) -> list[str]:
    return [one.certificate.id for one in kept.part(chat_id)]


def test_a_second_press_keeps_no_second_one(kept: Clippings) -> None:
    assert kept.keep(1, 1, FIRST, 9) is Outcome.KEPT
    assert kept.keep(1, 2, FIRST, 9) is Outcome.KNOWN
    assert ids(kept, 1) == [FIRST.id]


def test_no_chat_sees_or_removes_what_another_keeps(kept: Clippings) -> None:
    kept.keep(1, 1, FIRST, 9)
    kept.keep(-2, 1, SECOND, 9)
    assert (ids(kept, 1), ids(kept, -2), ids(kept, 3)) == ([FIRST.id], [SECOND.id], [])
    assert kept.find(-2, FIRST.id) is None
    assert not kept.remove(-2, FIRST.id)
    assert kept.remove(1, FIRST.id)
    assert (kept.count(1), kept.count(-2)) == (0, 1)


def test_the_last_kept_comes_first_and_a_chat_has_a_limit(kept: Clippings) -> None:
    outcomes = [kept.keep(1, 1, one, 2) for one in (FIRST, SECOND, THIRD, SECOND)]
    assert outcomes == [Outcome.KEPT, Outcome.KEPT, Outcome.FULL, Outcome.KNOWN]
    assert ids(kept, 1) == [SECOND.id, FIRST.id]
    assert [one.certificate.id for one in kept.part(1, None, 1, 1)] == [FIRST.id]
    assert kept.keep(2, 1, THIRD, 0) is Outcome.FULL


def test_a_place_comes_back_as_it_was_kept_and_no_word_is_stored(
    kept: Clippings, engine: Engine, tmp_path: Path
) -> None:
    kept.keep(1, 7, FIRST, 9)
    found = kept.find(1, FIRST.id)
    assert found is not None
    assert found.user_id == 7
    assert isinstance(found.certificate, Certificate)
    assert found.certificate.is_intact
    assert found.certificate.span == FIRST.span
    assert certificate_id(quote("The zanzibarine quote number 0.", start=0)).replace("-", "") == (
        found.certificate.id
    )
    engine.dispose()
    assert b"zanzibarine" not in words_in(tmp_path)


def test_those_kept_on_the_web_are_seen_by_collection(kept: Clippings) -> None:
    kept.keep(LOCAL, None, FIRST, 9)
    assert kept.count(LOCAL, ("library", "press")) == 1
    assert kept.part(LOCAL, ("press",)) == []


def test_a_group_keeps_them_as_a_supergroup(kept: Clippings) -> None:
    kept.keep(-2, -2, FIRST, 9)
    kept.keep(-2, 5, SECOND, 9)
    kept.move(-2, -1002)
    assert [one.user_id for one in kept.part(-1002)] == [5, -1002]
    assert kept.count(-2) == 0


def test_who_is_forgotten_leaves_the_groups_theirs(kept: Clippings, engine: Engine) -> None:
    Inbox(engine).put([message(1, 22, 22)])
    kept.keep(22, 22, FIRST, 9)
    kept.keep(-5, 22, FIRST, 9)
    kept.keep(-5, 6, SECOND, 9)
    assert Forgetting(engine).forget(22, 1)["clippings"] == 1
    assert kept.count(22) == 0
    assert [one.user_id for one in kept.part(-5)] == [6, None]
