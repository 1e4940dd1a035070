"""Calls to Telegram whose caller goes away."""

from __future__ import annotations

import asyncio
import random

from telegram.ext import ExtBot

from bot.settings import BotSettings
from bot.telegram.client.connection import observed_requests
from tests.bot.monitoring.test_observer import Notes
from tests.botapi import FakeBotApi


async def test_cancelled_callers_keep_no_connection(api: FakeBotApi) -> None:
    given = {"concurrent_updates": 2, "request_timeout_s": 20, "telegram_bot_token": api.token}
    settings = BotSettings(_env_file=None, **given)
    request, polls = observed_requests(settings, Notes())
    generator = random.Random(1)
    async with ExtBot(
        api.token, base_url=api.base_url, request=request, get_updates_request=polls
    ) as bot:
        ann = api.private_chat(1)
        for _ in range(30):
            calls = [asyncio.create_task(bot.send_chat_action(ann.id, "typing")) for _ in range(8)]
            await asyncio.sleep(generator.uniform(0, 0.02))
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
        await bot.send_message(ann.id, "still here")
    assert len(ann.chat.sent) == 1


async def test_a_stop_gives_up_what_still_runs(api: FakeBotApi) -> None:
    settings = BotSettings(_env_file=None, telegram_bot_token=api.token)
    request, polls = observed_requests(settings, Notes())
    async with ExtBot(
        api.token, base_url=api.base_url, request=request, get_updates_request=polls
    ) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await api.polled()
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        assert len(polls.running) == 1
    assert not polls.running
    await asyncio.sleep(0)
