"""Updates are kept until they are answered, messages until they arrived."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.storage import updates as inbox_module
from bot.storage.database import open_inbox
from bot.storage.messages import BEYOND_KNOWN, MAX_CANDIDATES, SENDING, WAITING, Outbox
from bot.storage.schema import messages, updates
from bot.storage.updates import DAY_S, Inbox
from index.core.errors import StoreError
from index.store.database import writing

GROUP = -1001000000001
PAYLOAD = {"text": "Yes.", "entities": []}


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    return Inbox(engine)


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine)


def message(number: int, chat_id: int = 1, message_id: int = 1) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private"}
    body = {"message_id": message_id, "chat": chat, "from": {"id": 7}, "text": "Who?"}
    return {"update_id": number, "message": body}


def test_updates_wait_in_the_order_in_which_they_came(inbox: Inbox) -> None:
    new = inbox.put([message(9), message(8)])
    assert [received.update_id for received in new] == [9, 8]
    assert [received.update_id for received in inbox.put([message(8), message(3)])] == [3]
    inbox.finish(8)
    left = inbox.unanswered()
    assert [received.update_id for received in left] == [9, 3]
    assert left[0].recovered
    assert (left[0].kind, left[0].chat_id, left[0].user_id) == ("message", 1, 7)
    assert left[0].raw == message(9)


def test_an_update_is_finished_once(inbox: Inbox) -> None:
    inbox.put([message(1), message(2)])
    inbox.bury(1, "ValueError")
    inbox.finish(1)
    assert inbox.counts() == {"dead": 1, "waiting": 1}


@pytest.mark.parametrize(
    "update", [{}, {"update_id": None}, {"update_id": "x"}, [], "x", 7, None, {"message": {}}]
)
def test_what_has_no_number_stops_nothing(inbox: Inbox, update: Any) -> None:
    assert len(inbox.put([update, message(1)])) == 1


@pytest.mark.parametrize(
    "body", [None, 7, "x", [], {"chat": 7}, {"chat": {"id": "x"}, "from": None, "message_id": {}}]
)
@pytest.mark.parametrize("kind", ["message", "callback_query", "unheard_of"])
def test_a_damaged_update_is_kept(inbox: Inbox, kind: str, body: Any) -> None:
    inbox.put([{"update_id": 1, kind: body}, {"update_id": 2}])
    assert [(received.update_id, received.lane) for received in inbox.unanswered()] == [
        (1, 0),
        (2, 0),
    ]


def test_old_queries_expire_and_old_messages_do_not(
    inbox: Inbox, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = {"id": "5", "from": {"id": 7}}
    inbox.put(
        [
            {"update_id": 1, "callback_query": query | {"message": message(0, 3)["message"]}},
            {"update_id": 2, "inline_query": query},
            {"update_id": 3, "chosen_inline_result": query},
            {"update_id": 4, "edited_message": message(0)["message"]},
            message(5),
        ]
    )
    assert inbox.expire_queries() == 0
    assert [received.lane for received in inbox.unanswered()] == [3, 7, 7, 1, 1]
    monkeypatch.setattr(inbox_module, "MAX_QUERY_AGE_S", -1.0)
    assert inbox.expire_queries() == 2
    assert [received.update_id for received in inbox.unanswered()] == [3, 4, 5]


def test_what_was_answered_is_forgotten_after_a_while(
    inbox: Inbox, outbox: Outbox, engine: Engine
) -> None:
    inbox.put([message(n) for n in range(4)])
    outbox.plan(1, 1, [PAYLOAD])
    inbox.finish(1)
    inbox.bury(2, "ValueError")
    inbox.finish(3)
    with writing(engine) as connection:
        old = update(updates).where(updates.c.update_id < 3)
        connection.execute(old.values(finished_at=time.time() - 7.1 * DAY_S, received_at=0))
        connection.execute(update(updates).where(updates.c.update_id == 0).values(finished_at=None))
    assert inbox.prune(keep_days=7) == 2
    with engine.connect() as connection:
        assert connection.execute(select(updates.c.update_id)).scalars().all() == [0, 3]
        assert not connection.execute(select(messages)).all()


def test_a_reply_is_sent_from_where_it_stopped(inbox: Inbox, outbox: Outbox) -> None:
    inbox.put([message(1), message(2)])
    assert outbox.unsent(1) is None
    first, second, third = outbox.plan(1, 1, [PAYLOAD | {"text": text} for text in "abc"])
    outbox.mark_sending(first.id)
    outbox.mark_sent(first.id, 5)
    outbox.mark_sending(second.id)
    left = outbox.unsent(1)
    assert left is not None
    assert [(letter.id, letter.status) for letter in left] == [
        (second.id, SENDING),
        (third.id, WAITING),
    ]
    assert left[0].payload["text"] == "b"
    for letter in left:
        outbox.mark_sent(letter.id, letter.id + 6)
    assert outbox.unsent(1) == []


def test_a_notice_is_no_reply(inbox: Inbox, outbox: Outbox) -> None:
    inbox.put([message(1)])
    outbox.add_notice(1, 1, PAYLOAD, 2)
    assert outbox.unsent(1) is None


def test_a_lost_message_is_looked_for_among_the_free_numbers(inbox: Inbox, outbox: Outbox) -> None:
    inbox.put([message(1, chat_id=1, message_id=40), message(2, chat_id=GROUP, message_id=900)])
    (letter,) = outbox.plan(1, 1, [PAYLOAD])
    assert outbox.candidates(letter.id) == []
    outbox.mark_sending(letter.id)
    assert outbox.candidates(letter.id) == [41, 42, 43]
    # 41 is a question of somebody else, 43 an answer to somebody else.
    inbox.put([message(3, chat_id=2, message_id=41)])
    (other,) = outbox.plan(3, 2, [PAYLOAD])
    outbox.mark_sending(other.id)
    outbox.mark_sent(other.id, 43)
    outbox.mark_sending(letter.id)
    assert outbox.candidates(letter.id) == [42, *range(44, 44 + BEYOND_KNOWN)]
    inbox.put([message(4, chat_id=2, message_id=1000)])
    assert outbox.candidates(letter.id) == [42, *range(44, 43 + MAX_CANDIDATES)]


def test_a_supergroup_has_numbers_of_its_own(inbox: Inbox, outbox: Outbox) -> None:
    inbox.put([message(1, chat_id=-5, message_id=40), message(2, chat_id=GROUP, message_id=900)])
    (letter,) = outbox.plan(1, -5, [PAYLOAD])
    outbox.move(letter.id, GROUP)
    outbox.mark_sending(letter.id)
    assert outbox.candidates(letter.id) == [901, 902, 903]


def test_another_programs_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("no database, but long enough to look at: " * 9)
    with pytest.raises(StoreError, match=r"bot\.db is not readable.*move it away"):
        open_inbox(tmp_path)
