"""What the tests of the bot share: a server to talk to, a log to read, a record of what ran."""

import io
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.monitoring import logs
from bot.storage.inbox import open_inbox
from tests.bot.driven import Driven, is_whole
from tests.bot.scripted import ScriptedLibrary
from tests.botapi import TOKEN, FakeBotApi

LAST = "test_handlers.py"


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    # aiogram takes seconds to import, and most quick tests talk to no server.
    from tests.botapi.second_opinion import doubts  # noqa: PLC0415

    async with FakeBotApi() as server:
        yield server
    assert doubts(server) == []


@pytest.fixture(scope="session", autouse=True)
def driven() -> Iterator[Driven]:
    """Record which handlers are called in this session."""
    record = Driven()
    with record.recording():
        yield record


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        item.config.stash.setdefault(DESELECTED, []).append(item)


DESELECTED = pytest.StashKey[list[pytest.Item]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the test of the record after all others, where all others run."""
    last = [item for item in items if item.path.name == LAST]
    items[:] = [item for item in items if item.path.name != LAST] + last
    if not is_whole(items, config.stash.get(DESELECTED, [])):
        skip = pytest.mark.skip(reason="only a part of the tests of the bot runs")
        for item in last:
            if item.name == "test_all_handlers_are_driven_over_http":
                item.add_marker(skip)


@pytest.fixture
def library() -> ScriptedLibrary:
    """Return a library that answers a handful of questions."""
    return ScriptedLibrary()


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
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory, where the bot of `running` has its inbox."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """Return the bot's database."""
    opened = open_inbox(folder)
    yield opened
    opened.dispose()
