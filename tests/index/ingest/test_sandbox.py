"""A file can crash, hang or fill the process that parses it, and nothing more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Timer

import pytest

from index.core.documents import Metadata
from index.core.errors import DocumentError, InterruptionError
from index.ingest.prepare import Limits, Tokens, preparing
from index.ingest.sandbox import ParserProcess
from index.ingest.worker import Packing
from index.parsers import parse
from index.parsers.ocr import reporting
from tests.support import PATIENCE_S, ROOT
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf, counts
from tests.support.waiting import eventually

FOX = "The red fox sleeps in the mill."
HASTE_S = 3.0
MARKDOWN = b"""---
title: Foxes
date: 2021-07-10
author: "Ann \xf0\x9f\x98\x80"
---
## Where

The red fox sleeps.\r\n\r\nIt rains.
"""


LIMITS = Limits(10**6, 1000, 100)


def packing() -> Packing:
    embedder = HashEmbedder()
    return Packing(embedder.tokenizer, embedder.max_tokens, LIMITS)


@pytest.fixture
def process() -> Iterator[ParserProcess]:
    made = ParserProcess(512, PATIENCE_S, packing, "tests.support.subprocesses.misbehaving")
    yield made
    made.close()


@pytest.fixture
def hasty() -> Iterator[ParserProcess]:
    """A process that gives a file little time."""
    made = ParserProcess(512, HASTE_S, packing, "tests.support.subprocesses.misbehaving")
    yield made
    made.close()


def said(process: ParserProcess, what: str) -> str:
    return process.prepare("a.bad", what.encode(), Metadata()).parsed.text


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] == "Z"


class TestDocuments:
    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "data"), [("a.md", MARKDOWN), ("b.txt", FOX.encode())])
    def test_they_are_those_of_the_parser(
        self, process: ParserProcess, name: str, data: bytes
    ) -> None:
        known = Metadata(title="Known", published=date(2020, 1, 1))
        prepared = process.prepare(name, data, known)
        embedder = HashEmbedder()
        assert prepared == preparing(parse, Tokens.of(embedder), LIMITS)(name, data, known)
        assert prepared.parsed.metadata.title == "Known"
        assert prepared.prefixes[0].startswith("2020-01-01 · Known")

    @pytest.mark.slow
    @pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"Photo: AP"])
    def test_errors_are_those_of_the_parser(self, process: ParserProcess, data: bytes) -> None:
        with pytest.raises(DocumentError) as expected:
            parse("a.txt", data)
        with pytest.raises(DocumentError) as raised:
            process.prepare("a.txt", data, Metadata())
        assert str(raised.value) == str(expected.value)
        assert raised.value.name == "a.txt"

    @pytest.mark.slow
    def test_one_process_serves_many(self, process: ParserProcess) -> None:
        assert process.pid is None
        process.prepare("a.txt", b"One is here.", Metadata())
        first = process.pid
        for _ in range(20):
            process.prepare("a.txt", b"One is here.", Metadata())
        assert process.pid == first

    @pytest.mark.slow
    def test_it_loads_no_model(self, process: ParserProcess) -> None:
        loaded = json.loads(said(process, "modules"))
        assert not {"torch", "faiss", "transformers", "onnxruntime", "sqlalchemy"} & set(loaded)


@pytest.mark.slow
class TestLimits:
    @pytest.mark.parametrize(
        ("what", "reason"),
        [
            ("hoard", "takes more than 512 MB of memory to read; .*ONRECORD_PARSE_MEMORY_MB"),
            ("swell", "takes more than 512 MB|holds more than 100 MB of text; split the file"),
            ("segfault", r"its parser crashed \(SIGSEGV\)"),
            ("kill", r"its parser crashed \(SIGKILL\)"),
            ("leave", r"its parser crashed \(exit code 3\)"),
            (
                "fail",
                r"its parser failed \(RuntimeError: traceback of a library\); .* save",
            ),
            ("garble", "its parser gave no document"),
            ("miscount", "its parser gave no document"),
        ],
    )
    def test_each_is_one_line_and_the_next_file_is_read(
        self, process: ParserProcess, capfd: pytest.CaptureFixture[str], what: str, reason: str
    ) -> None:
        with pytest.raises(DocumentError, match=f"^a.bad: .*{reason}") as raised:
            said(process, what)
        assert len(str(raised.value).splitlines()) == 1
        assert process.prepare("b.txt", FOX.encode(), Metadata()).parsed.text == FOX
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("what", ["hang", "burn"])  # for an hour, for ever
    def test_none_takes_more_than_its_time(self, hasty: ParserProcess, what: str) -> None:
        reason = "takes longer than 3 s to read; split the file or raise ONRECORD_PARSE_SECONDS"
        with pytest.raises(DocumentError, match=f"^a.bad: {reason}"):
            said(hasty, what)
        assert hasty.prepare("b.txt", FOX.encode(), Metadata()).parsed.text == FOX

    def test_no_file_can_be_written(self, process: ParserProcess, tmp_path: Path) -> None:
        with pytest.raises(DocumentError):
            said(process, f"write {tmp_path / 'x'}")
        assert not (tmp_path / "x").exists() or not (tmp_path / "x").read_bytes()

    def test_what_libraries_print_is_not_seen(
        self, process: ParserProcess, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert said(process, "chatter") == "Said enough."
        assert capfd.readouterr() == ("", "")

    def test_settings_and_secrets_stay_outside(
        self, process: ParserProcess, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("TELEGRAM_BOT_TOKEN", "ONRECORD_DATA", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "secret")
        report = said(process, "report")
        assert "secret" not in report
        limits = json.loads(report)["limits"]
        assert limits["RLIMIT_AS"] == 512_000_000
        assert limits["RLIMIT_CORE"] == limits["RLIMIT_FSIZE"] == 0
        assert limits["RLIMIT_NOFILE"] <= 64
        assert 0 < limits["RLIMIT_CPU"] - PATIENCE_S < 60  # what it took so far

    def test_time_is_that_of_each_file(self, hasty: ParserProcess) -> None:
        said(hasty, "report")
        time.sleep(HASTE_S)
        assert said(hasty, "chatter") == "Said enough."


@pytest.mark.slow
class TestEnd:
    def test_closing_ends_the_process(self, process: ParserProcess) -> None:
        said(process, "chatter")
        pid = process.pid
        process.close()
        process.close()
        assert process.pid is None
        assert gone(pid)

    def test_one_that_died_between_two_files_is_begun_again(self, process: ParserProcess) -> None:
        said(process, "chatter")
        os.kill(process.pid, signal.SIGKILL)
        process._process.wait(PATIENCE_S)
        assert said(process, "chatter") == "Said enough."

    @pytest.mark.parametrize("what", ["chatter", "burn"])
    def test_it_ends_with_the_one_that_began_it(self, what: str) -> None:
        program = (
            "import sys, threading, time\n"
            "from index.core.documents import Metadata\n"
            "from tests.index.ingest.test_sandbox import packing\n"
            "from index.ingest.sandbox import ParserProcess\n"
            "worker = 'tests.support.subprocesses.misbehaving'\n"
            "made = ParserProcess(512, 60.0, packing, worker)\n"
            "made.prepare('a.txt', b'One is here.', Metadata())\n"
            "print(made.pid, flush=True)\n"
            f"made.prepare('a.bad', b'{what}', Metadata())\n"
            "time.sleep(60)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as parent:
            pid = int(parent.stdout.readline())
            time.sleep(0.3)
            parent.kill()
        assert eventually(lambda: gone(pid))


@pytest.mark.slow
def test_an_interruption_ends_what_is_read(process: ParserProcess) -> None:
    said(process, "chatter")
    pid = process.pid
    Timer(0.3, process.interrupt).start()
    for what in ("burn", "chatter"):
        with pytest.raises(InterruptionError):
            said(process, what)
    assert gone(pid)


@pytest.mark.slow
def test_pages_are_reported_and_whoever_watches_may_end_it(process: ParserProcess) -> None:
    done: list[tuple[int, int]] = []
    with reporting(lambda *pages: done.append(pages)):
        assert said(process, "look") == "Two pages."
    assert done == [(1, 2)]
    with reporting(lambda *_: 1 // 0), pytest.raises(ZeroDivisionError):
        said(process, "look")
    assert said(process, "chatter") == "Said enough."


class TestLibrary:
    @pytest.mark.slow
    def test_it_parses_in_a_process_and_ends_it(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", b"\xff")
        library = shelf.open(parse=None)
        assert counts(library.sync(shelf.folder)) == {"added": 1, "failed": 1}
        pids = [process.pid for process in library._parser.processes if process.pid]
        assert len(pids) == 1  # a second one ends with the run
        library.close()
        assert gone(pids[0])

    def test_nothing_to_parse_begins_no_process(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        library = shelf.open(parse=None)
        library.sync(shelf.folder)
        assert not any(process.pid for process in library._parser.processes)

    @pytest.mark.slow
    def test_the_limits_are_settings(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX * 1000)
        library = shelf.open(parse=None, parse_seconds=0.001)
        (failed,) = library.sync(shelf.folder).failed
        assert "takes longer than 0.001 s" in failed.reason
