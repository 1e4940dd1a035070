"""What the tests of the index share: a shelf of documents, and an environment without settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.core.settings import SEEDS
from tests.index.shelf import Shelf, temporary_folder
from tests.index.web import Site, serve


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory, where there is one: on a disk most of the time goes into flushing it."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as made:
        yield made


@pytest.fixture(scope="session")
def seed() -> Path:
    return next(SEEDS.glob("000_*.txt"))
