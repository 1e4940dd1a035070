"""Calls fail when told to."""

from datetime import timedelta
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.ext import (
    ExtBot,
)

from tests.botapi import Clock, FakeBotApi
from tests.botapi.client import call


async def test_planned_faults(
    api: FakeBotApi, bot: ExtBot[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    ann = api.private_chat(1)
    api.fail_next("sendMessage", 502, times=2)
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(1, "a")
    api.fail_next("sendMessage", 429, retry_after=7)
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(1, "a")
    assert flood.value.retry_after == timedelta(seconds=7)
    api.fail_next("sendMessage", 403, chat_id=2)
    await bot.send_message(1, "a")
    assert [call.status for call in api.called("sendMessage")] == [502, 502, 429, 200]
    assert len(ann.chat.sent) == 1


async def test_a_late_answer_hides_a_sent_message(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann = api.private_chat(1)
    api.fail_next("sendMessage", timeout_s=30)
    with pytest.raises(TimedOut):
        await bot.send_message(1, "a", read_timeout=0.1)
    assert [message.text for message in await api.wait_for(ann)] == ["a"]


async def test_a_lost_call_is_not_obeyed(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann = api.private_chat(1)
    api.fail_next("sendMessage", timeout_s=30, lost=True)
    with pytest.raises(TimedOut):
        await bot.send_message(1, "a", read_timeout=0.1)
    api.fail_next("sendMessage", timeout_s=0.01, lost=True)
    with pytest.raises(NetworkError):
        await bot.send_message(1, "a")
    assert not ann.chat.sent


async def test_fault_rates_are_seeded() -> None:
    async def statuses(seed: int) -> list[int]:
        async with FakeBotApi() as api:
            api.private_chat(1)
            api.fault_rate(seed=seed, bad_gateway=0.3, flood=0.2)
            return [
                (await call(api, "sendMessage", chat_id=1, text="a")).status_code for _ in range(20)
            ]

    drawn = await statuses(1)
    assert set(drawn) == {200, 429, 502}
    assert drawn == await statuses(1)


async def test_flood_control_and_its_clock() -> None:
    async with FakeBotApi(flood_control=True, clock=Clock(speed=0.0)) as api:
        api.private_chat(1)
        group = api.group()

        async def send(chat_id: int) -> Any:
            return (await call(api, "sendMessage", chat_id=chat_id, text="a")).json()

        assert [(await send(1))["ok"] for _ in range(4)] == [True, True, True, False]
        assert (await send(1))["parameters"] == {"retry_after": 1}
        api.clock.advance(1)
        assert (await send(1))["ok"]
        for _ in range(20):
            assert (await send(group.id))["ok"]
            api.clock.advance(1)
        assert (await send(group.id))["parameters"] == {"retry_after": 40}
