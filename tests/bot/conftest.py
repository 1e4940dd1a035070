"""What the tests of the bot share: a server to talk to, and a log to read."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot import logs
from bot.inbox import open_inbox
from tests.botapi import TOKEN, FakeBotApi


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return what the bot logs, as the operator sees it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure(SecretStr(TOKEN), stream=stream)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    for name in logs.LEVELS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Return the bot's database, in the working directory as the bot of `running` has it."""
    monkeypatch.chdir(tmp_path)
    opened = open_inbox(tmp_path)
    yield opened
    opened.dispose()
