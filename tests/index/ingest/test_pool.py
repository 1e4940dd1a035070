"""Files are prepared beside each other, ahead of their turn, and come out in their order."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from index.core.documents import Metadata
from index.core.errors import DocumentError
from index.core.files import FileStat, StoredFile
from index.ingest.pool import Ahead, ParserPool
from index.ingest.prepare import Prepared
from index.parsers import PARSERS_VERSION
from index.sources.files import FoundFile, find_file
from tests.support import PATIENCE_S
from tests.support.folders import Shelf, counts

MAX_BYTES = 1000


class Meeting:
    """Holds up two until both are there, whichever they are; the others after them pass."""

    def __init__(self) -> None:
        self.met = Event()
        self.barrier = Barrier(2, self.met.set)

    def wait(self) -> None:
        if not self.met.is_set():
            self.barrier.wait(PATIENCE_S)


class Process:
    """Returns the bytes of a file instead of a document, or an error for "bad"."""

    def __init__(self, meeting: Meeting | None = None) -> None:
        self.prepared: list[str] = []
        self.rests = 0
        self.meeting = meeting

    def prepare(self, name: str, data: bytes, metadata: Metadata, *_siblings: object) -> Any:
        if self.meeting is not None:
            self.meeting.wait()
        self.prepared.append(name)
        if data == b"bad":
            raise DocumentError(name, "bad")
        return data

    def rest(self) -> None:
        self.rests += 1


def pool_of(*processes: Process) -> ParserPool:
    waiting = iter(processes)
    return ParserPool(lambda: next(waiting), len(processes))  # type: ignore[arg-type, return-value]


def write(folder: Path, **texts: str) -> list[FoundFile]:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return [find_file(folder / f"{name}.txt", folder) for name in texts]


def take(ahead: Ahead, files: Sequence[FoundFile]) -> list[Prepared]:
    return [ahead.prepare(file.path, file.location.read_bytes(), Metadata(), {}) for file in files]


def test_the_next_file_is_prepared_beside_the_first(tmp_path: Path) -> None:
    files = write(tmp_path, a="A", b="B", c="C", d="D")
    meeting = Meeting()
    processes = Process(meeting), Process(meeting)
    ahead = Ahead(pool_of(*processes), MAX_BYTES)
    ahead.expect(files, {})
    assert take(ahead, files) == [b"A", b"B", b"C", b"D"]
    assert sorted(processes[0].prepared + processes[1].prepared) == [f.path for f in files]
    ahead.end()
    assert sum(process.rests for process in processes) == 1


def test_a_file_that_is_another_by_its_turn_is_prepared_again(tmp_path: Path) -> None:
    files = write(tmp_path, a="A", b="B")
    ahead = Ahead(pool_of(Process()), MAX_BYTES)
    ahead.expect(files, {})
    assert ahead.prepare(files[0].path, b"changed", Metadata()) == b"changed"
    files[1].location.unlink()
    assert ahead.prepare(files[1].path, b"B", Metadata()) == b"B"


def test_an_error_comes_in_its_turn(tmp_path: Path) -> None:
    files = write(tmp_path, a="A", b="bad", c="C")
    ahead = Ahead(pool_of(Process(), Process()), MAX_BYTES)
    ahead.expect(files, {})
    assert take(ahead, files[:1]) == [b"A"]
    with pytest.raises(DocumentError, match="bad"):
        take(ahead, files[1:2])
    assert take(ahead, files[2:]) == [b"C"]


def test_files_that_nobody_asks_for_hold_up_nothing(tmp_path: Path) -> None:
    files = write(tmp_path, a="A", b="B", c="C", d="D", e="E")
    ahead = Ahead(pool_of(Process()), MAX_BYTES)
    ahead.expect(files, {})
    assert take(ahead, [files[0], files[3]]) == [b"A", b"D"]
    assert take(ahead, [files[1], files[4]]) == [b"B", b"E"]  # out of order: in its turn


def test_unchanged_files_are_not_prepared(tmp_path: Path) -> None:
    files = write(tmp_path, a="A", b="B", c="C")
    process = Process()
    ahead = Ahead(pool_of(process), MAX_BYTES)
    ahead.expect(files, {files[1].path: stored(files[1].path, files[1].stat)})
    assert take(ahead, [files[0], files[2]]) == [b"A", b"C"]
    assert sorted(process.prepared) == [files[0].path, files[2].path]


def test_large_files_wait_until_there_is_room(tmp_path: Path) -> None:
    files = write(tmp_path, **{name: name * MAX_BYTES for name in "abcd"})
    processes = [Process() for _ in files]
    ahead = Ahead(pool_of(*processes), MAX_BYTES)
    ahead.expect(files, {})
    begun = []
    for file in files:
        assert take(ahead, [file]) == [file.location.read_bytes()]
        for thread in threading.enumerate():
            if thread.name == "parsing":
                thread.join()
        begun.append(sum(len(process.prepared) for process in processes))
    assert begun == [3, 4, 4, 4]  # two more than have had their turn


def test_one_file_after_another_needs_one_process() -> None:
    processes = Process(), Process()
    prepare = pool_of(*processes)
    for name in "abc":
        prepare(name, b"", Metadata())
    assert sorted(len(process.prepared) for process in processes) == [0, 3]


@pytest.mark.slow
def test_a_folder_is_indexed_alike(shelf: Shelf) -> None:
    for at in range(12):
        shelf.write(f"{at:02}.txt", f"The red fox number {at} sleeps in the mill.")
    shelf.write("05.txt", b"\xff")
    library = shelf.open(parse=None)
    assert counts(library.sync(shelf.folder)) == {"added": 11, "failed": 1}
    assert [d.path for d in library.documents()] == [f"{at:02}.txt" for at in range(12) if at != 5]
    ids = [document.id for document in library.documents()]
    assert ids == sorted(ids)
    library.close()


def stored(path: str, stat: FileStat) -> StoredFile:
    return StoredFile(1, path, "sync", stat, "", PARSERS_VERSION)
