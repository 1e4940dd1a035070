"""The same contract over a file and a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.support.folders import Shelf


@pytest.fixture
def shelf(tmp_path: Path, url: URL | None) -> Iterator[Shelf]:
    made = Shelf(tmp_path, url=url)
    yield made
    made.close()
