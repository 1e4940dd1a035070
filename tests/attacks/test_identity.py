"""Another store's search index, or an older or foreign database, is never taken for our own."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.database import open_inbox
from index.core.errors import StoreError
from index.library import Library
from tests.support.folders import Shelf

ANIMALS = ("fox", "dog", "owl", "cat", "hen", "rat", "bee", "cow", "pig", "eel")


def stories(place: str) -> list[str]:
    return [f"The {animal} sleeps in the {place} of number {animal}." for animal in ANIMALS]


def fill(shelf: Shelf, texts: list[str]) -> None:
    shutil.rmtree(shelf.folder)
    for at, text in enumerate(texts):
        shelf.write(f"{at}.txt", text)
    shelf.sync()
    shelf.close()


def copy(source: Path, target: Path) -> None:
    """Replace a database as people do, with `cp`."""
    shutil.copy(source / "index.db", target)


def first_quotes(library: Library) -> list[str]:
    answers = [library.ask(f"Where does the {animal} sleep?") for animal in ANIMALS]
    return [answer.quotes[0].text if answer.quotes else "" for answer in answers]


def test_derived_files_of_a_store_that_was_moved_away(shelf: Shelf) -> None:
    fill(shelf, stories("mill"))
    shelf.close()
    (shelf.data / "index.db").unlink()
    fill(shelf, stories("barn")[::-1])
    assert first_quotes(shelf.open()) == stories("barn")
    assert shelf.open().find_faults() == []


@pytest.mark.slow
def test_an_older_store_beside_later_derived_files(shelf: Shelf) -> None:
    fill(shelf, stories("mill"))
    copy(shelf.data, shelf.root)
    fill(shelf, stories("barn"))
    copy(shelf.root, shelf.data)
    assert shelf.open().find_faults() == []
    assert first_quotes(shelf.open()) == stories("mill")
    # From here on it counts the same revisions as before, of other passages.
    fill(shelf, stories("tower")[::-1])
    assert first_quotes(shelf.open()) == stories("tower")
    assert shelf.open().find_faults() == []


@pytest.mark.slow
def test_derived_files_that_are_newer_by_the_same_number_of_changes(shelf: Shelf) -> None:
    fill(shelf, stories("mill"))
    copy(shelf.data, shelf.root)
    fill(shelf, stories("barn"))
    shutil.copytree(shelf.derived, shelf.root / "derived")
    copy(shelf.root, shelf.data)
    fill(shelf, stories("tower")[::-1])
    shutil.rmtree(shelf.derived)
    shutil.copytree(shelf.root / "derived", shelf.derived)
    assert first_quotes(shelf.open()) == stories("tower")


@pytest.mark.slow
def test_a_database_restored_alone(shelf: Shelf) -> None:
    fill(shelf, stories("mill"))
    shutil.rmtree(shelf.derived)
    assert shelf.open().find_faults() == []
    assert first_quotes(shelf.open()) == stories("mill")


@pytest.mark.parametrize("name", ["index.db", "bot.db"])
def test_an_empty_file_is_no_database(tmp_path: Path, shelf: Shelf, name: str) -> None:
    shelf.data.mkdir()
    file = shelf.data / name
    for make in (file.touch, lambda: make_tables(file, "PRAGMA user_version = 7")):
        make()
        with pytest.raises(StoreError, match=rf"{name} is empty.*restore a backup"):
            open_it(shelf, name)


@pytest.mark.parametrize(
    ("name", "schema"), [("index.db", "0003"), ("bot.db", "0008"), ("index.db", "0099")]
)
def test_a_database_of_another_program(shelf: Shelf, name: str, schema: str) -> None:
    shelf.data.mkdir()
    script = "CREATE TABLE notes (a); CREATE TABLE alembic_version (version_num);"
    make_tables(shelf.data / name, f"{script} INSERT INTO alembic_version VALUES ('{schema}')")
    with pytest.raises(StoreError, match=rf"{name} is another program's database"):
        open_it(shelf, name)


def make_tables(file: Path, script: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)


def open_it(shelf: Shelf, name: str) -> None:
    if name == "bot.db":
        open_inbox(shelf.data)
    else:
        shelf.open()
