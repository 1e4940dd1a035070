"""One user's flood costs the others nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram.error import RetryAfter

from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from bot.telegram.client.retrying import RetryingRateLimiter
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.chat import handled
from tests.support.running import running

HELD_BACK_S = 10 * PATIENCE_S


async def test_a_chat_that_has_to_wait_holds_back_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    limiter = RetryingRateLimiter()

    async def send(chat_id: int) -> str:
        if chat_id == 1:
            raise RetryAfter(HELD_BACK_S)
        return "sent"

    def request(chat_id: int) -> asyncio.Task[object]:
        sending = limiter.process_request(
            send,
            (chat_id,),
            {},
            "sendMessage",
            {"chat_id": chat_id},
            None,  # type: ignore[arg-type]
        )
        return asyncio.create_task(sending)

    flooder = request(1)
    await asyncio.sleep(0)
    assert await asyncio.wait_for(request(2), PATIENCE_S) == "sent"
    assert not flooder.done()
    flooder.cancel()


async def test_what_one_user_sends_too_much_of_is_neither_kept_nor_answered(
    api: FakeBotApi, tmp_path: Path
) -> None:
    flooder, other = api.private_chat(1), api.private_chat(2)
    for number in range(30):
        flooder.send(f"/command{number}")
        flooder.send(f"Question {number}?")
        flooder.send_document(f"{number}.txt", b"The border is open.")
    other.send("Which borders?")
    async with running(
        api, folder=tmp_path, updates_per_minute=12, questions_per_minute=4, open_to_all=True
    ) as library:
        await api.wait_for(other)
        await handled(api, tmp_path)
    assert len(library.asked) <= 1 + 4
    assert len(flooder.chat.sent) <= 4 + 3  # the answers, and a refusal of each kind
    engine = open_inbox(tmp_path)
    counts = Inbox(engine).counts()
    engine.dispose()
    assert counts == {"answered": 13, "expired": 78}
    assert "Question 29" not in str((tmp_path / "bot.db").read_bytes())
