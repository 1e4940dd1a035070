"""A sync that is killed at any moment tears nothing, and what it finished is not done again."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from index.core.files import sha256_of
from index.store.integrity import REBUILD
from tests.support import ROOT
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.subprocesses.run import story

ROUNDS, SOAK_ROUNDS = 10, 100
FILES = 40
KILL_WITHIN = 0.6  # of the work of a whole sync
MIN_KILLED = 0.8


@contextmanager
def syncing(shelf: Shelf) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-m",
        "tests.support.subprocesses.crash",
        str(shelf.data),
        str(shelf.folder),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


def sync_and_kill(process: subprocess.Popen[str], work_s: float = 0.0) -> float:
    """Begin a sync that dies once it worked for so long; return for how long, 0 if it died."""
    process.stdin.write(f"{work_s}\n")
    process.stdin.flush()
    code, worked_s = process.stdout.readline().split()
    assert int(code) in {0, -signal.SIGPROF}
    return 0.0 if int(code) else float(worked_s)


def change(shelf: Shelf, chance: random.Random, turn: int) -> dict[str, str]:
    """Change, add, rename and remove files; return what the folder holds then."""
    for at in chance.sample(range(FILES), FILES // 2):
        text = "\n\n".join(story(f"{at}-{part}", turn) for part in range(4))
        shelf.write(f"{at:02}.txt", text)
    for _ in range(3):
        held = sorted(shelf.folder.iterdir())
        chance.choice(held).rename(shelf.folder / f"renamed-{chance.randrange(10)}.txt")
        chance.choice(sorted(shelf.folder.iterdir())).unlink()
    return {path.name: path.read_text(encoding="utf-8") for path in shelf.folder.iterdir()}


def embedded(shelf: Shelf) -> set[str]:
    """Return the hashes of the texts that have a vector."""
    with closing(sqlite3.connect(shelf.data / "index.db")) as connection:
        return {row[0] for row in connection.execute("SELECT sha256 FROM embeddings")}


@pytest.mark.slow
@pytest.mark.soak
def test_kills_tear_nothing(shelf: Shelf, soak: bool) -> None:
    rounds = SOAK_ROUNDS if soak else ROUNDS
    chance, killed, finished = random.Random(1), 0, 0
    with syncing(shelf) as process:
        change(shelf, chance, rounds)
        whole_s = sync_and_kill(process)
        assert whole_s
        for turn in range(rounds):
            expected = change(shelf, chance, turn)
            killed += not sync_and_kill(process, chance.uniform(0.001, KILL_WITHIN * whole_s))

            survivor = shelf.open()
            findings = survivor.find_faults()
            assert all(finding.remedy == REBUILD for finding in findings), findings
            stored = survivor.store.files("library")
            done = {
                path: file.document_id
                for path, file in stored.items()
                if file.sha256 == sha256_of(expected.get(path, ""))
            }
            finished += len(done)
            assert all(survivor.store.text(done[path]) == expected[path] for path in done)

            rest = HashEmbedder()
            known = embedded(shelf)
            survivor.close()
            mended = shelf.open(rest)
            report = mended.sync(shelf.folder)
            assert report.unchanged >= len(done)
            assert not {sha256_of(text) for text in rest.texts} & known
            assert mended.find_faults() == []
            after = mended.store.files("library")
            assert {path: mended.store.text(after[path].document_id) for path in after} == expected
            assert all(after[path].document_id == kept for path, kept in done.items())
            mended.close()
    assert killed >= MIN_KILLED * rounds
    assert finished > rounds
