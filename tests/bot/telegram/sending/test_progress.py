"""The typing action is shown for as long as it is true."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram import Chat, Message
from telegram.ext import ExtBot

from bot.telegram.sending.progress import show_typing, typing
from tests.botapi import FakeBotApi

ANN, GROUP = 1, -1001000000001


@pytest.fixture
async def client(api: FakeBotApi) -> AsyncIterator[ExtBot[None]]:
    api.private_chat(ANN)
    api.group(GROUP)
    async with ExtBot(api.token, base_url=api.base_url) as bot:
        yield bot


def question(client: ExtBot[None], chat: Chat) -> Message:
    message = Message(1, datetime.now(tz=UTC), chat)
    message.set_bot(client)
    return message


async def test_it_is_repeated_in_a_private_chat(api: FakeBotApi, client: ExtBot[None]) -> None:
    api.fail_next("sendChatAction", 502)
    message = question(client, Chat(ANN, Chat.PRIVATE))
    task = asyncio.create_task(show_typing(message, refresh_s=0.001))
    await api.wait_until(lambda: len(api.world.chats[ANN].actions) >= 3)
    assert task.cancel()


async def test_it_comes_once_in_a_group(api: FakeBotApi, client: ExtBot[None]) -> None:
    await show_typing(question(client, Chat(GROUP, Chat.SUPERGROUP)), refresh_s=0.001)
    assert api.world.chats[GROUP].actions == ["typing"]


async def test_it_ends_with_the_answer(client: ExtBot[None]) -> None:
    before = asyncio.all_tasks()
    async with typing(question(client, Chat(ANN, Chat.PRIVATE))):
        (task,) = asyncio.all_tasks() - before
    await asyncio.wait([task])
    assert task.cancelled()
