"""The same contract over a file and a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from bot.storage.database import open_inbox
from tests.support.running import prepare_inbox


@pytest.fixture
def engine(folder: Path, url: URL | None) -> Iterator[Engine]:
    prepare_inbox(folder)
    opened = open_inbox(folder, url)
    yield opened
    opened.dispose()
