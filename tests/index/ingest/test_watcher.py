"""A folder is followed by one process while another answers from it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.core.settings import DEFAULT_MODEL
from index.library import Library
from tests.support import PATIENCE_S, ROOT
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.waiting import eventually


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    yield made
    made.close()


@contextmanager
def watching(shelf: Shelf, *options: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"ONRECORD_DATA": str(shelf.data), "PYTHONUNBUFFERED": "1"}
    command = [
        "-m",
        "tests.support.subprocesses.watcher",
        "index",
        "watch",
        str(shelf.folder),
        *options,
    ]
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(library: Library, expected: dict[str, str]) -> None:
    """Wait until the documents are these; each state that is seen on the way is whole."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        documents = library.documents()
        answer = library.ask("Where does the fox sleep?")
        for quote in answer.quotes + answer.closest:
            assert quote.text.startswith("The fox ")
        if {document.path: document.metadata.title or "" for document in documents} == expected:
            break
        assert time.monotonic() < deadline, documents
        time.sleep(0.05)


def story(title: str) -> str:
    return f"{title}\n\nThe fox {title} sleeps in the mill.\n"


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--poll",)])
def test_answers_follow_the_folder(shelf: Shelf, options: tuple[str, ...]) -> None:
    shelf.write("a.txt", story("Ann"))
    library = shelf.open()
    with watching(shelf, *options) as process:
        wait_for(library, {"a.txt": "Ann"})
        shelf.write("b.txt", story("Bob"))
        wait_for(library, {"a.txt": "Ann", "b.txt": "Bob"})
        shelf.write("bad.txt", b"\xff\xff")
        shelf.write("a.txt", story("Ada Lovelace"))
        wait_for(library, {"a.txt": "Ada Lovelace", "b.txt": "Bob"})
        (shelf.folder / "b.txt").rename(shelf.folder / "c.txt")
        wait_for(library, {"a.txt": "Ada Lovelace", "c.txt": "Bob"})
        (shelf.folder / "c.txt").unlink()
        wait_for(library, {"a.txt": "Ada Lovelace"})
        eventually(lambda: not library.find_faults())
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    lines = out.splitlines()
    assert lines[0] == "1 added; 1 passages embedded"
    assert lines[-1] == "stopped"
    assert len(lines) <= 12
    assert errors.count("failed: bad.txt: ") == 1
    assert library.find_faults() == []


@pytest.mark.slow
def test_it_does_not_follow_itself_and_ends_by_interrupt(shelf: Shelf) -> None:
    shelf.write("a.txt", story("Ann"))
    environment = os.environ | {"ONRECORD_DATA": str(shelf.folder / "index")}
    command = ["-m", "tests.support.subprocesses.watcher", "index", "watch", str(shelf.folder)]
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline().startswith("1 added")
            time.sleep(3)
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=PATIENCE_S)[0] == "stopped\n"
            assert process.returncode == 0
        finally:
            process.kill()
