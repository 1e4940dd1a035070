"""An index file is looked at without being changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from index.core.errors import StoreError
from index.store.database import MIGRATIONS
from index.store.databases.sqlite import read_schema
from index.store.store import Store
from tests.support.folders import Shelf


def test_an_index(shelf: Shelf) -> None:
    shelf.open()
    schema = read_schema(shelf.data / "index.db", MIGRATIONS)
    assert schema.found == schema.latest
    assert schema.latest is not None


def test_another_programs_database(tmp_path: Path) -> None:
    file = tmp_path / "index.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    before = file.read_bytes()
    assert read_schema(file, MIGRATIONS).found is None
    assert file.read_bytes() == before


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "index.db"
    file.write_bytes(b"no database by any means" * 99)
    with pytest.raises(StoreError, match="is not readable"):
        read_schema(file, MIGRATIONS)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open"):
        read_schema(tmp_path / "index.db", MIGRATIONS)
    assert list(tmp_path.iterdir()) == []


def test_a_commit_is_on_the_disk_before_the_program_goes_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "index.db")
    engine: Engine = store._engine
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
    store.close()
