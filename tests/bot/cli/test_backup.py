"""A backup is one file that brings everything back, and a restore loses nothing."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from index.core.errors import StoreError
from index.core.settings import DEFAULT_MODEL
from tests.bot.cli.test_index import logging_is_restored, run
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

assert logging_is_restored  # after each test here, too
FOX = "The red fox sleeps in the mill."
UPDATE = {"update_id": 7, "message": {"message_id": 1, "chat": {"id": 5}, "text": "Where?"}}


@pytest.fixture
def shelf(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A shelf with a document, a question, an upload and a fitted value, all in its folder."""
    monkeypatch.delenv("ONRECORD_HOME")
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    made.write("a.txt", FOX)
    made.sync()
    engine = open_inbox(made.data)
    Inbox(engine).put([UPDATE])
    engine.dispose()
    (made.data / "uploads" / "chat_5").mkdir(parents=True)
    (made.data / "uploads" / "chat_5" / "b.txt").write_text("sent", encoding="utf-8")
    (made.data / "fitted.json").write_text("{}", encoding="utf-8")
    yield made
    made.close()


@pytest.fixture
def archive(shelf: Shelf) -> Path:
    file = shelf.root / "backup.zip"
    assert run(shelf, "backup", file).exit_code == 0
    return file


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def questions(shelf: Shelf) -> list[int]:
    engine = open_inbox(shelf.data)
    try:
        return [update.update_id for update in Inbox(engine).unanswered()]
    finally:
        engine.dispose()


def refused(shelf: Shelf, *arguments: object) -> str:
    error = run(shelf, *arguments).exception
    assert isinstance(error, StoreError)
    assert len(str(error).splitlines()) == 1
    return str(error)


def test_a_lost_folder_is_brought_back(shelf: Shelf, archive: Path) -> None:
    shelf.close()
    shutil.rmtree(shelf.data)
    assert run(shelf, "restore", archive).exit_code == 0
    assert shelf.paths() == ["a.txt"]
    assert questions(shelf) == [7]
    assert (shelf.data / "uploads" / "chat_5" / "b.txt").read_text("utf-8") == "sent"
    assert (shelf.data / "fitted.json").read_text("utf-8") == "{}"
    assert shelf.open().find_faults() == []
    assert mode(archive) == 0o600
    assert {mode(shelf.data / name) for name in ("index.db", "bot.db")} == {0o600}


@pytest.mark.slow
def test_after_a_restore_the_first_question_brings_all_up_to_date(
    shelf: Shelf, archive: Path
) -> None:
    for path in shelf.data.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert run(shelf, "restore", archive).exit_code == 0
    (shelf.data / "fitted.json").unlink()  # the archive of these tests holds no real one
    library = shelf.open()
    assert library.ask("Where does the red fox sleep?").answered
    assert library.find_faults() == []


def test_what_came_later_is_kept_beside_it(shelf: Shelf, archive: Path) -> None:
    shelf.write("a.txt", "The brown dog sleeps in the barn.")
    shelf.sync()
    shelf.close()
    output = run(shelf, "restore", archive).stdout
    restored = shelf.open()
    assert restored.store.text(restored.documents()[0].id) == FOX
    (kept,) = shelf.data.glob("replaced-*")
    assert str(kept) in output
    assert {"index.db", "bot.db", "uploads", "fitted.json"} <= {p.name for p in kept.iterdir()}
    later = Shelf(shelf.root, shelf.embedder)
    with_dog = later.open(data=kept)
    assert "dog" in with_dog.store.text(with_dog.documents()[0].id)
    later.close()


def test_a_backup_while_somebody_writes_is_of_one_state(shelf: Shelf) -> None:
    library = shelf.open()
    shelf.write("b.txt", "The owl sleeps in the tower.")
    library.sync(shelf.folder)  # its changes are in the second file of the database
    file = shelf.root / "backup.zip"
    assert run(shelf, "backup", file).exit_code == 0
    assert "is in use; stop the bot" in refused(shelf, "restore", file)
    assert not list(shelf.data.glob("*rest*"))
    shelf.close()
    shutil.rmtree(shelf.data)
    assert run(shelf, "restore", file).exit_code == 0
    assert shelf.paths() == ["a.txt", "b.txt"]


@pytest.mark.slow
def test_a_damaged_database_is_no_backup(shelf: Shelf, archive: Path) -> None:
    before = archive.read_bytes()
    shelf.close()
    database = shelf.data / "index.db"
    data = bytearray(database.read_bytes())
    data[4096 * 4 :] = b"\xee" * (len(data) - 4096 * 4)
    database.write_bytes(data)
    assert "damaged" in refused(shelf, "backup", archive)
    assert archive.read_bytes() == before
    assert run(shelf, "restore", archive).exit_code == 0
    assert shelf.paths() == ["a.txt"]


@pytest.mark.parametrize(
    "members",
    [
        {"a.txt": b"x"},
        {"index.db": b"x"},
        {"index.db": b""},
        {"index.db": b"", "uploads/../../a.txt": b"x"},
        {"index.db": b"", "/etc/a.txt": b"x"},
    ],
)
def test_a_file_that_is_no_backup_changes_nothing(shelf: Shelf, members: dict[str, bytes]) -> None:
    file = shelf.root / "other.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    shelf.close()
    refused(shelf, "restore", file)
    assert shelf.paths() == ["a.txt"]
    assert not (shelf.root.parent / "a.txt").exists()


def test_flipped_bytes_change_nothing(shelf: Shelf, archive: Path) -> None:
    shelf.close()
    whole = archive.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        ends = [one.header_offset for one in packed.infolist()][1:]
    for at in (whole.index(b"bot.db"), *(end - 9 for end in ends), len(whole) - 9):
        archive.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        refused(shelf, "restore", archive)
    assert not list(shelf.data.glob("replaced-*"))
    assert shelf.paths() == ["a.txt"]


def test_places_where_no_backup_can_be(shelf: Shelf) -> None:
    assert "outside of" in refused(shelf, "backup", shelf.data / "index.db")
    assert "cannot be read" in refused(shelf, "restore", shelf.root / "none.zip")
    assert "holds no index" in refused(shelf, "backup", "x.zip", "--data", shelf.folder)
