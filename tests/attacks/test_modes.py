"""What we write is for its owner alone, whatever the umask and whatever it was before."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import backup
from bot.scheduling.uploads import write
from bot.storage.alone import alone
from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from index.core.settings import DEFAULT_MODEL
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

FOX = "The red fox sleeps in the mill."


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return files and folders that others may look into."""
    return [
        f"{stat.filemode(path.lstat().st_mode)} {path.relative_to(folder)}"
        for path in folder.rglob("*")
        if path.lstat().st_mode & 0o077
    ]


@pytest.mark.slow
def test_all_that_a_library_and_a_bot_write(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", HashEmbedder(name=DEFAULT_MODEL))
    shelf.write("a.txt", FOX)
    data = tmp_path / "at" / "some" / "place"
    library = shelf.open(data=data)
    library.sync(shelf.folder)
    corpus = shelf.open(data=data / "eval" / "corpus")
    corpus.sync(shelf.folder)
    engine = open_inbox(data)
    Inbox(engine).put([{"update_id": 7}])
    write(data / "uploads" / "chat_1" / "a.txt", FOX.encode())
    with alone(data):
        assert (data / "index.db-wal").exists()
        assert (data / "bot.db-wal").exists()
        assert open_to_others(data.parent.parent) == []
    engine.dispose()
    shelf.close()
    backup.backup(tmp_path / "kept" / "backup.zip", data)
    backup.restore(tmp_path / "kept" / "backup.zip", data)
    backup.restore(tmp_path / "kept" / "backup.zip", tmp_path / "new")
    for folder in ("at", "kept", "new"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700
        assert open_to_others(tmp_path / folder) == []


def test_files_that_were_open_to_others_are_closed(shelf: Shelf) -> None:
    shelf.write("a.txt", FOX)
    library = shelf.open()
    library.sync(shelf.folder)
    names = [shelf.data / f"index.db{ending}" for ending in ("", "-wal", "-shm")]
    for name in names:
        name.chmod(0o666)
    shelf.open()
    assert [stat.S_IMODE(name.stat().st_mode) for name in names] == [0o600] * 3
