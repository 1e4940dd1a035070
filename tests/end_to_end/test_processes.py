"""Several processes share an index, and any of them may die at any moment."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from index.core.files import sha256_of
from index.library import Library
from tests.support import PATIENCE_S, ROOT
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf, counts
from tests.support.subprocesses.run import NAMES, TURNS, story
from tests.support.waiting import eventually

QUESTION = "Where does the red fox sleep at night?"
SENTENCE = re.compile(r"The red fox (\w+) sleeps in mill \d on night (\d+)\.")
TURNS_SEEN = 5


@contextmanager
def running(shelf: Shelf, action: str, sleep_s: float = 0) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-m",
        "tests.support.subprocesses.run",
        action,
        shelf.data,
        shelf.folder,
    ]
    process = subprocess.Popen(
        [*map(str, command), str(sleep_s)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
        process.stdin.close()


def finish(process: subprocess.Popen[str]) -> None:
    process.wait(PATIENCE_S)
    assert process.returncode == 0, process.stderr.read()[-2000:]


def contents(library: Library) -> dict[str, tuple[str, list[str]]]:
    """Return text and passages of each document."""
    ids = library.store.passages.ids().get("library", [])
    passages = library.store.passages.read([int(at) for at in ids])
    return {
        document.path: (
            library.store.text(document.id),
            [passage.text for passage in passages if passage.document.id == document.id],
        )
        for document in library.documents()
    }


@pytest.mark.slow
def test_answers_are_whole_while_another_process_writes(shelf: Shelf) -> None:
    for name in NAMES:
        shelf.write(f"{name}.txt", story(name, 0))
    shelf.sync()
    library, turns = shelf.open(), set[int]()

    def ask() -> set[int]:
        """Return the turns that are quoted."""
        answer = library.ask(QUESTION)
        assert answer.quotes, answer.reason
        found = [(quote, SENTENCE.fullmatch(quote.text)) for quote in answer.quotes]
        assert all(match for _quote, match in found)
        assert all(quote.document.path == f"{match[1]}.txt" for quote, match in found)
        return {int(match[2]) for _quote, match in found}

    def has_seen_enough() -> bool:
        turns.update(ask())
        return len(turns) >= TURNS_SEEN or writer.poll() is not None

    with running(shelf, "rewrite") as writer:
        assert eventually(has_seen_enough, pause_s=0)
        writer.stdin.close()
        finish(writer)
    assert ask() == {int((shelf.data / TURNS).read_text())}


@pytest.mark.slow
def test_processes_that_create_the_index_at_once_do_not_hinder_each_other(shelf: Shelf) -> None:
    shelf.write("a.txt", story("ann", 0))
    with (
        running(shelf, "sync") as one,
        running(shelf, "sync") as two,
        running(shelf, "sync") as three,
    ):
        for process in (one, two, three):
            finish(process)
    assert shelf.paths() == ["a.txt"]
    assert shelf.open().ask(QUESTION).quotes


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("turn", range(5))
def test_after_a_kill_finished_documents_stay_and_the_rest_is_done(shelf: Shelf, turn: int) -> None:
    for at in range(60):
        text = "\n\n".join(story(f"{at}-{part}", turn) + "\n\n" + "word " * 60 for part in range(5))
        shelf.write(f"{at:02}.txt", text)
    whole = Shelf(shelf.root / "whole")
    reference = whole.open()
    reference.sync(shelf.folder)
    expected = contents(reference)
    embedded = set(whole.embedder.texts)

    with running(shelf, "sync", sleep_s=0.05) as process:
        assert eventually((shelf.data / "index.db").exists, pause_s=0.01)
        time.sleep(random.Random(turn).uniform(0, 1.5))
        process.kill()
        process.wait()

    survivor = shelf.open()
    done = contents(survivor)
    assert all(expected[path] == content for path, content in done.items())
    kept = {text for text in embedded if survivor.store.known_embeddings([sha256_of(text)])}
    rest = HashEmbedder()
    report = shelf.sync(embedder=rest)
    assert counts(report).get("unchanged", 0) == len(done)
    assert counts(report).get("added", 0) == len(expected) - len(done)
    assert set(rest.texts) == embedded - kept
    mended = shelf.open()
    assert contents(mended) == expected
    assert [q.text for q in mended.ask(QUESTION).quotes] == [
        q.text for q in reference.ask(QUESTION).quotes
    ]
    whole.close()


@pytest.mark.slow
def test_the_program_starts_without_pytorch() -> None:
    check = "import sys, bot.cli.app; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)
