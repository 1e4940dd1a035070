"""An index file is looked at without being changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreError
from index.inspection import find_faults, read_schema
from tests.index.shelf import Shelf


def test_an_index(shelf: Shelf) -> None:
    shelf.open()
    schema = read_schema(shelf.data / "index.db")
    assert schema.found == schema.latest
    assert schema.latest is not None
    assert find_faults(shelf.data / "index.db") == []


def test_an_index_in_use_is_read_with_what_was_just_written(shelf: Shelf) -> None:
    shelf.write("fox.txt", "The red fox sleeps in the old mill.")
    library = shelf.open()
    library.sync(shelf.folder)
    assert find_faults(shelf.data / "index.db") == []
    assert [document.path for document in library.documents()] == ["fox.txt"]


def test_another_programs_database(tmp_path: Path) -> None:
    file = tmp_path / "index.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    before = file.read_bytes()
    assert read_schema(file).found is None
    assert file.read_bytes() == before


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "index.db"
    file.write_bytes(b"no database by any means" * 99)
    with pytest.raises(StoreError, match="not a readable index"):
        read_schema(file)


def test_faults_are_named_and_limited(shelf: Shelf) -> None:
    for number in range(60):
        shelf.write(f"{number}.txt", f"Fox {number} sleeps in mill {number}. " * 40)
    shelf.sync()
    shelf.close()
    file = shelf.data / "index.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_passages_document_id'")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'sentences'")
    faults = find_faults(file)
    assert 1 <= len(faults) <= 10
    assert "never used" in faults[0]


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open"):
        read_schema(tmp_path / "index.db")
    assert list(tmp_path.iterdir()) == []
