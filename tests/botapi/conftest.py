"""A running server and a client of the library the bot uses."""

from collections.abc import AsyncIterator

import pytest
from telegram.ext import (
    ExtBot,
)

from tests.botapi import FakeBotApi


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[ExtBot[None]]:
    async with ExtBot(api.token, base_url=api.base_url, base_file_url=api.base_file_url) as client:
        yield client
