"""Whatever goes wrong, the command line prints one line, and ends with 1."""

from __future__ import annotations

import errno
import io
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.cli import app as cli
from bot.cli.failures import explain
from bot.storage.database import open_inbox
from bot.storage.updates import Inbox
from index.core.errors import SpanError
from index.core.settings import DEFAULT_MODEL
from index.store.databases.sqlite import fault_of
from tests.bot.cli.test_index import logging_is_restored
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

assert logging_is_restored  # after each test here, too
QUESTIONS = b"Where does the red fox sleep?\n\xff\xfe no\n\xc3\nWhere is it late?\n"
COMMANDS: list[tuple[str, ...]] = [
    ("ask", "Where does the red fox sleep?"),
    ("ask", "--json", "-"),
    ("run",),
    ("check", "It is late in 2003."),
    ("feedback",),
    ("doctor", "--deep"),
    ("backup", "backup.zip"),
    ("index", "list"),
    ("index", "show", "1"),
    ("index", "show", "9" * 30),
    ("index", "sync", "documents"),
    ("index", "verify"),
    ("index", "rebuild"),
]
STATEMENTS = [
    ("index.db", "UPDATE embeddings SET vector = x'00'"),
    ("index.db", "UPDATE documents SET published = 'then'"),
    ("index.db", "UPDATE documents SET text = x'ff00'"),
    ("index.db", "UPDATE sentences SET start = -5"),
    ("index.db", 'UPDATE sentences SET "end" = 1000000000'),
    ("index.db", "UPDATE facts SET value = 'x' WHERE name = 'dimension'"),
    ("index.db", "UPDATE passages SET \"end\" = 'x'"),
    ("index.db", "DELETE FROM revisions"),
    ("index.db", "DROP TABLE passages"),
    ("bot.db", "UPDATE updates SET payload = '{'"),
    ("bot.db", "DROP TABLE votes"),
]
DAMAGES: list[Callable[[Path, random.Random], Any]] = [
    lambda file, _: file.write_bytes(b""),
    lambda file, _: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    lambda file, chance: file.write_bytes(chance.randbytes(file.stat().st_size)),
    lambda file, _: file.write_text("<html>not found</html>"),
    lambda file, _: (file.unlink(), file.mkdir()),
    lambda file, _: file.unlink(),
]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A shelf with an index, a question that waits, and commands that work on it."""
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    for number in range(4):
        made.write(f"{number}.txt", f"The red fox sleeps in mill {number}. It is late in 2003.")
    made.sync()
    engine = open_inbox(made.data)
    Inbox(engine).put([{"update_id": 7, "message": {"message_id": 1, "text": "Where?"}}])
    engine.dispose()
    made.close()
    monkeypatch.chdir(tmp_path)
    for place in ("index.models.following", "bot.doctor.index"):
        monkeypatch.setattr(f"{place}.open_embedder", lambda *_: made.embedder)
    monkeypatch.setenv("ONRECORD_READER", "embedding")
    monkeypatch.setenv("ONRECORD_MIN_CONFIDENCE", "0")
    monkeypatch.setenv("ONRECORD_DATA", str(made.data))
    return made


@pytest.fixture
def onrecord(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """A function that runs a command as a shell would: exit code, output, errors."""

    def run(*arguments: str, stdin: bytes = QUESTIONS) -> tuple[int, str, str]:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
        monkeypatch.setattr("sys.argv", ["onrecord", *arguments])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        monkeypatch.setattr("sys.stdout", streams[0])
        monkeypatch.setattr("sys.stderr", streams[1])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        shown = []
        for stream in streams:
            stream.flush()
            shown.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
        return code, shown[0], shown[1]

    return run


def check(ended: tuple[int, str, str]) -> None:
    code, output, errors = ended
    assert code in {0, 1}
    assert "Traceback" not in output + errors
    told = [line for line in errors.splitlines() if line.startswith("error: ") and ";" not in line]
    assert told == []  # each has a remedy


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files(
    shelf: Shelf,
    onrecord: Callable[..., tuple[int, str, str]],
    fuzz_seed: str,
    damage: Callable[[Path, random.Random], Any],
) -> None:
    chance = random.Random(f"failures {fuzz_seed}")
    whole = shelf.root / "whole"
    shutil.copytree(shelf.data, whole)
    for file in sorted(path for path in whole.rglob("*") if path.is_file()):
        for command in chance.sample(COMMANDS, 2):
            shutil.rmtree(shelf.data)
            shutil.copytree(whole, shelf.data)
            damage(shelf.data / file.relative_to(whole), chance)
            check(onrecord(*command))


@pytest.mark.slow
@pytest.mark.parametrize(("file", "statement"), STATEMENTS)
def test_values_that_we_never_write(
    shelf: Shelf, onrecord: Callable[..., tuple[int, str, str]], file: str, statement: str
) -> None:
    with closing(sqlite3.connect(shelf.data / file)) as connection:
        connection.execute(statement)
        connection.commit()
    shutil.rmtree(shelf.derived)
    for command in COMMANDS[:1] + random.Random(statement).sample(COMMANDS, 3) + [("doctor",)]:
        check(onrecord(*command))


class TestInput:
    def test_lines_that_are_no_text(
        self, shelf: Shelf, onrecord: Callable[..., tuple[int, str, str]]
    ) -> None:
        code, output, errors = onrecord("ask", "--json", "-")
        answers = [json.loads(line) for line in output.splitlines()]
        assert [bool(answer["quotes"]) for answer in answers] == [True, False, False, True]
        assert code == 1
        assert errors.count("is no text in UTF-8") == 2

    def test_in_a_conversation(
        self, shelf: Shelf, onrecord: Callable[..., tuple[int, str, str]]
    ) -> None:
        code, output, _ = onrecord("run")
        assert code == 0
        assert output.count("▌ The red fox sleeps in mill") >= 1
        assert output.count("is no text in UTF-8") == 2
        assert output.count("> ") == 4

    @pytest.mark.slow
    def test_in_questions_to_measure_on(
        self, shelf: Shelf, onrecord: Callable[..., tuple[int, str, str]]
    ) -> None:
        given = b'{"question": "Where?", "answers": []}\n\xff\xfe\n'
        code, output, errors = onrecord(
            "eval", "documents", "-", "--json", "--no-silences", stdin=given
        )
        assert code == 1
        assert json.loads(output)["questions"] == 1
        assert "left out: -, line 2: no text in UTF-8" in errors

    @pytest.mark.parametrize("command", ["ask", "check", "verify"])
    def test_arguments(
        self, shelf: Shelf, onrecord: Callable[..., tuple[int, str, str]], command: str
    ) -> None:
        code, _, errors = onrecord(command, "\udcff")
        assert code == 1
        assert "is no text in UTF-8; save or type it" in errors


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "make room"),
        (PermissionError(errno.EACCES, "Permission denied", "a.txt"), "a.txt: Permission denied"),
        (OSError(errno.EROFS, "Read-only file system"), "may read and write"),
        (OperationalError("SELECT secret", {}, sqlite3.Error("torn")), "restore a backup"),
        (SpanError("not a span"), "report it"),
        (ValueError("\n".join("ab") * 1000), "ValueError: a b"),
        (MemoryError(), "not enough memory"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "doctor --deep"),
    ],
)
def test_the_line(error: Exception, words: str) -> None:
    line = explain(error)
    assert words in line
    assert len(line.splitlines()) == 1
    assert "secret" not in line
    assert len(line) < 1000


def test_a_folder_that_cannot_be_written_is_not_called_damaged(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").close()
    with closing(sqlite3.connect(f"file:{tmp_path}/a.db?mode=ro", uri=True)) as connection:
        with pytest.raises(sqlite3.Error) as told:
            connection.execute("CREATE TABLE t (a)")
        assert "may read and write" in fault_of(told.value, "move it away")
    with pytest.raises(sqlite3.Error) as told:
        sqlite3.connect(tmp_path / "none" / "a.db")
    assert "may read and write" in fault_of(told.value, "move it away")


def test_updates_of_a_server_that_sends_anything(tmp_path: Path) -> None:
    engine = open_inbox(tmp_path)
    huge = {"id": 1 << 80}
    sent = [None, 5, "x", [], {}, {"update_id": "x"}, {"update_id": 1 << 80}]
    new = Inbox(engine).put([*sent, {"update_id": 1, "message": {"chat": huge, "from": huge}}])
    engine.dispose()
    assert [(update.update_id, update.chat_id) for update in new] == [(1, None)]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_nobody_takes(shelf: Shelf) -> None:
    command = [sys.executable, "-m", "bot", "index", "list"]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert b"make room" in ended.stderr
