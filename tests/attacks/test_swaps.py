"""Files and folders that are swapped for links or pipes are neither followed nor waited for."""

from __future__ import annotations

import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.cli import backup
from bot.conversation.conversation import collection_of
from bot.scheduling import uploads
from bot.scheduling.uploads import Intake, write
from bot.storage.uploads import Limits, Offer, Uploads
from index.core.errors import DocumentError, StoreError
from index.core.settings import IndexSettings
from index.ingest import indexer
from index.library import Library
from index.sources.archives import _open
from index.sources.files import FoundFile
from tests.support.folders import Shelf
from tests.support.samples import zipped

FOX = "The red fox sleeps in the mill."
SECRET = "The safe opens with the number seven."


@contextmanager
def not_waited_for(pipes_in: Path) -> Iterator[None]:
    """Let what waits for a pipe go on after a while, so that the test fails instead."""

    def write() -> None:
        for pipe in filter(Path.is_fifo, pipes_in.rglob("*")):
            os.close(os.open(pipe, os.O_RDWR))

    timer = threading.Timer(5, write)
    timer.start()
    try:
        yield
        assert timer.is_alive()
    finally:
        timer.cancel()


def link_file(location: Path, secrets: Path) -> None:
    location.unlink()
    location.symlink_to(secrets / location.name)


def link_folder(location: Path, secrets: Path) -> None:
    shutil.rmtree(location.parent)
    location.parent.symlink_to(secrets)


def link_folder_above(location: Path, secrets: Path) -> None:
    shutil.rmtree(location.parent.parent)
    location.parent.parent.symlink_to(secrets.parent)


def make_pipe(location: Path, _secrets: Path) -> None:
    location.unlink()
    os.mkfifo(location)


SWAPS = [link_file, link_folder, link_folder_above, make_pipe]
Swap = Callable[[Path, Path], None]


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A folder like deep/er, of secrets."""
    folder = tmp_path / "secrets" / "er"
    folder.mkdir(parents=True)
    for name in ("a.txt", "a.txt.meta.yaml"):
        (folder / name).write_text(SECRET, encoding="utf-8")
    return folder


@pytest.mark.parametrize("swapped", ["a.txt", "a.txt.meta.yaml"])
@pytest.mark.parametrize("swap", SWAPS)
def test_between_listing_and_reading(
    shelf: Shelf, secrets: Path, monkeypatch: pytest.MonkeyPatch, swap: Swap, swapped: str
) -> None:
    shelf.write("b.txt", FOX)
    shelf.write("deep/er/a.txt", FOX)
    shelf.write("deep/er/a.txt.meta.yaml", "title: the fox")
    shelf.sync()
    (shelf.folder / "deep" / "er" / "a.txt").write_text(f"{FOX} It is late.", encoding="utf-8")
    location = shelf.folder / "deep" / "er" / swapped
    read_file, read_sidecar = indexer.read_file, indexer.read_sidecar

    def swap_first(file: FoundFile, *limit: int) -> bytes:
        if file.path.endswith("a.txt") and swapped == "a.txt":
            swap(location, secrets)
        return read_file(file, *limit)

    def swap_sidecar_first(file: FoundFile) -> object:
        if file.path.endswith("a.txt") and swapped != "a.txt":
            swap(location, secrets)
        return read_sidecar(file)

    monkeypatch.setattr(indexer, "read_file", swap_first)
    monkeypatch.setattr(indexer, "read_sidecar", swap_sidecar_first)
    with not_waited_for(shelf.root):
        report = shelf.sync()
    assert [error.name for error in report.failed] == ["deep/er/a.txt"]
    assert report.removed == 0
    library = shelf.open()
    assert {library.store.text(found.id) for found in library.documents()} == {FOX}


@pytest.mark.parametrize("swap", SWAPS)
def test_an_archive_between_listing_and_reading(
    shelf: Shelf, secrets: Path, monkeypatch: pytest.MonkeyPatch, swap: Swap
) -> None:
    shelf.write("deep/er/a.zip", zipped({"a.txt": FOX}))
    (secrets / "a.zip").write_bytes(zipped({"a.txt": SECRET}))
    read_file = indexer.read_file

    def swap_first(file: FoundFile, *limit: int) -> bytes:
        swap(file.location, secrets)
        _open.cache_clear()
        return read_file(file, *limit)

    monkeypatch.setattr(indexer, "read_file", swap_first)
    with not_waited_for(shelf.root):
        report = shelf.sync()
    assert [error.name for error in report.failed] == ["deep/er/a.zip/a.txt"]
    assert shelf.paths() == []


def test_a_link_to_a_file_of_the_folder_is_read_at_its_end(shelf: Shelf) -> None:
    shelf.write("deep/a.txt", FOX)
    (shelf.folder / "b.txt").symlink_to("deep/a.txt")
    (shelf.root / "link").symlink_to(shelf.folder)
    report = shelf.open().sync(shelf.root / "link")
    assert not report.failed
    assert report.added == 2


@pytest.mark.parametrize("moment", ["written", "announced"])
@pytest.mark.parametrize("swap", [link_file, link_folder, make_pipe])
async def test_an_upload_is_not_taken_from_elsewhere(
    shelf: Shelf,
    secrets: Path,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    swap: Swap,
    moment: str,
) -> None:
    library = shelf.open()
    folder = (shelf.data / "uploads").resolve()
    intake = Intake(library, Uploads(engine), folder, Limits(20, 9, 99))
    swapped: list[Path] = []

    def swap_upload(now: str) -> None:
        for location in [] if now != moment or swapped else list(folder.rglob("*.txt")):
            swapped.append(location)
            shutil.copy(secrets / "a.txt", secrets / location.name)
            swap(location, secrets)

    def write_and_swap(location: Path, data: bytes) -> None:
        write(location, data)
        swap_upload("written")

    async def download() -> bytes:
        return FOX.encode()

    monkeypatch.setattr(uploads, "write", write_and_swap)
    offer = Offer(7, 1, 1, "a.txt", 9, download)
    with intake.line.place() as place, not_waited_for(shelf.root):
        taking = intake.take(offer, place, lambda _: None, lambda _: swap_upload("announced"))
        with pytest.raises(DocumentError, match=r"was changed|cannot be read|not a regular|a link"):
            await taking
    assert swapped
    assert library.documents([collection_of(1)]) == []
    intake.close()


def test_a_backup_holds_no_file_of_elsewhere(shelf: Shelf, secrets: Path) -> None:
    shelf.write("a.txt", FOX)
    shelf.sync()
    shelf.close()
    sent = shelf.data / "uploads"
    (sent / "chat_1").mkdir(parents=True)
    (sent / "chat_1" / "a.txt").write_text(FOX, encoding="utf-8")
    (sent / "chat_1" / "b.txt").symlink_to(secrets / "a.txt")
    (sent / "chat_2").symlink_to(secrets)
    os.mkfifo(sent / "c.txt")
    with not_waited_for(shelf.root):
        backup.backup(shelf.root / "backup.zip", shelf.data)
    with zipfile.ZipFile(shelf.root / "backup.zip") as archive:
        assert set(archive.namelist()) == {"index.db", "uploads/chat_1/a.txt"}


def test_pipes_in_place_of_files_are_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.data.mkdir()
    pipe = shelf.data / "index.db"
    os.mkfifo(pipe)
    archive = tmp_path / "backup.zip"
    os.mkfifo(archive)
    with not_waited_for(shelf.root):
        with pytest.raises(StoreError, match="no regular file"):
            Library(IndexSettings(_env_file=None, data=shelf.data), shelf.embedder)
        with pytest.raises(StoreError, match="no regular file"):
            backup.backup(tmp_path / "new.zip", shelf.data)
        with pytest.raises(StoreError, match="not a regular file"):
            backup.restore(archive, shelf.data)
