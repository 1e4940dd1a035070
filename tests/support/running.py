"""Runs the bot against the fake server: in this process, or in one of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.storage.database import FILE_NAME, open_inbox
from bot.telegram.app import serving
from tests.botapi import FakeBotApi
from tests.support import ROOT
from tests.support.folders import temporary_folder
from tests.support.library import StubLibrary


@cache
def empty_inbox() -> bytes:
    """Return the bot's database without updates; making one takes longer than many tests."""
    with temporary_folder() as folder:
        open_inbox(folder).dispose()
        return (folder / FILE_NAME).read_bytes()


def prepare_inbox(folder: Path) -> None:
    """Put an empty database where the bot would make one."""
    if folder.is_dir() and not (folder / FILE_NAME).exists():
        (folder / FILE_NAME).write_bytes(empty_inbox())


@asynccontextmanager
async def running(
    api: FakeBotApi,
    library: StubLibrary | None = None,
    folder: Path | None = None,
    collections: tuple[str, ...] = ("library",),
    free_at_end: bool = True,
    **settings: Any,
) -> AsyncIterator[StubLibrary]:
    """Run the bot; its inbox lies in a folder, by default the working directory.

    `free_at_end` lets questions that the library holds back be answered before the bot ends.
    """
    library = library or StubLibrary()
    given = BotSettings(
        _env_file=None,
        telegram_bot_token=api.token,
        telegram_api_url=f"{api.root}/",
        **settings,
    )
    conversation = Conversation(library, collections)
    prepare_inbox(folder or Path())
    async with serving(given, conversation, folder or Path(), first_delay_s=0.01):
        try:
            yield library
        finally:
            if free_at_end and isinstance(library, StubLibrary):
                library.free.set()


async def spawn(
    api: FakeBotApi,
    folder: Path,
    *arguments: str,
    token: str | None = None,
    cwd: Path = ROOT,
    **settings: object,
) -> asyncio.subprocess.Process:
    """Start the bot as a process, which looks for a `.env` file in `cwd`.

    Args:
        arguments: see `tests.support.process`.
        token: in place of the server's.
        settings: variables without the prefix ONRECORD_.
    """
    environment = {
        "TELEGRAM_BOT_TOKEN": token or api.token,
        "TELEGRAM_API_URL": api.root,
        "PYTHONPATH": str(ROOT),
        "MALLOC_ARENA_MAX": "2",  # as `share_memory` does for `onrecord`
    }
    environment |= {f"ONRECORD_{name.upper()}": str(value) for name, value in settings.items()}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "error", "-m", "tests.support.process", str(folder), *arguments),
        stderr=asyncio.subprocess.PIPE,
        cwd=cwd,
        env=os.environ | environment,
    )


async def introduced(api: FakeBotApi) -> None:
    """Wait until the commands and descriptions of the bot are set."""
    await api.wait_until(lambda: ("short_description", "ar") in api.world.descriptions)
