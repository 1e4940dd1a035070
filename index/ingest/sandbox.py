"""Prepares files in a process of its own, where a hostile file can do no more than fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Timer
from typing import BinaryIO, cast

from pydantic import TypeAdapter

from index.core.documents import Metadata
from index.core.errors import (
    DocumentError,
    InterruptionError,
    NotInstalledError,
    SpanError,
)
from index.core.settings import IndexSettings
from index.ingest import wire
from index.ingest.prepare import Limits, Prepared
from index.ingest.worker import (
    MAX_REPLY_BYTES,
    METADATA,
    OCR_LIMITS,
    PACKING,
    PAGES,
    Packing,
    Reply,
    read_frame,
    write_frame,
)
from index.models import Embedder
from index.parsers.ocr import OFF, Ocr, report

_ERROR = TypeAdapter(tuple[str, str])
_GRACE_SECONDS = 1.0
_FRAMES: dict[int, int] = {
    Reply.DOCUMENT: 2,
    Reply.ERROR: 1,
    Reply.PAGES: 1,
    Reply.NOT_INSTALLED: 1,
}
_KEPT_VARIABLES = """
PATH HOME LANG LANGUAGE TZ TMPDIR TEMP TMP SYSTEMROOT LD_LIBRARY_PATH DYLD_LIBRARY_PATH
PYTHONHOME PYTHONUTF8 TESSDATA_PREFIX
"""
_VARIABLES = frozenset(_KEPT_VARIABLES.split())


class ParserProcess:
    """Parses and cuts files, one at a time, in a process that starts when it is first needed.

    One process serves many files. After a crash or an exceeded limit the next file gets a new one.
    Each file may take `memory_mb` megabytes, those of the interpreter included, and `seconds` of
    wall clock and of processor time, and one that is read by OCR the time for that as well.
    `packing` is called when a process starts; `worker` is the module that the process runs.
    """

    def __init__(
        self,
        memory_mb: int,
        seconds: float,
        packing: Callable[[], Packing],
        worker: str = "index.ingest.worker",
        ocr: Ocr = OFF,
    ) -> None:
        self._packing = packing
        self._ocr = ocr
        self._memory_mb = memory_mb
        self._seconds = seconds
        self._worker = worker
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: weakref.finalize[..., ParserProcess] | None = None
        self._using = Lock()
        self._interrupted = Event()

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def prepare(self, name: str, data: bytes, metadata: Metadata) -> Prepared:
        """Return the document in a file; fields of `metadata` win over those of the file.

        Raises:
            DocumentError: it cannot be parsed, a limit was exceeded, or the parser crashed.
            InterruptionError: see `interrupt`.
        """
        with self._using:
            try:
                return self._read(name, *self._ask(name, data, metadata))
            except (ValueError, IndexError, TypeError, SpanError) as error:
                self._stop()  # whatever answers there by now, it is no parser of ours
                raise DocumentError(name, "its parser gave no document; save it anew") from error

    def interrupt(self) -> None:
        """End the process at once, and prepare no other file."""
        self._interrupted.set()
        process = self._process
        if process is not None:
            _kill(process)

    def rest(self) -> None:
        """End the process; the next file gets a new one."""
        with self._using:
            self._stop()

    def close(self) -> None:
        """Interrupt the file in progress, if there is one, and end the process."""
        if self._using.locked():
            self.interrupt()
        with self._using:
            self._stop()

    def _ask(self, name: str, data: bytes, metadata: Metadata) -> list[bytes]:
        process, late = self._start(), Event()
        if self._interrupted.is_set():  # before the process could be killed
            self._stop()
            raise InterruptionError

        def give_up() -> None:
            late.set()
            _kill(process)

        timers = [Timer(self._seconds, give_up)]
        timers[0].start()
        reply, code = None, 0
        try:
            _send(process, name.encode(), METADATA.dump_json(metadata), data)
            while (reply := _receive(process)) and reply[0][0] == Reply.PAGES:
                if len(timers) == 1:  # OCR begins
                    timers[0].cancel()
                    timers.append(Timer(self._seconds + self._ocr.seconds, give_up))
                    timers[1].start()
                report(*PAGES.validate_json(reply[1], strict=True))
        finally:
            for timer in timers:
                timer.cancel()
                timer.join()
            # Pages are the last reply if they are none, or whoever watches them ended this.
            if late.is_set() or not reply or reply[0][0] in {Reply.TOO_MUCH_MEMORY, Reply.PAGES}:
                code = self._stop()
        if self._interrupted.is_set():
            raise InterruptionError
        if reply:
            return reply
        raise DocumentError(name, self._explain(code, late.is_set()))

    def _read(self, name: str, first: bytes, *content: bytes) -> Prepared:
        kind = Reply(first[0])
        if kind is Reply.DOCUMENT:
            return wire.load(*content)
        if kind is Reply.ERROR:
            raise DocumentError(*_ERROR.validate_json(*content, strict=True))
        if kind is Reply.NOT_INSTALLED:
            raise NotInstalledError(*_ERROR.validate_json(*content, strict=True))
        if kind is Reply.TOO_MUCH_MEMORY:
            raise DocumentError(
                name,
                f"takes more than {self._memory_mb:,} MB of memory to read; split the file or "
                "raise ONRECORD_PARSE_MEMORY_MB",
            )
        most = f"{MAX_REPLY_BYTES / 1e6:,.0f} MB"
        raise DocumentError(name, f"holds more than {most} of text; split the file")

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._process is None:
            ocr = OCR_LIMITS.dump_json(self._ocr).decode()
            limits = (str(self._memory_mb), str(self._seconds), ocr)
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", self._worker, *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the process that waits for the document
            )
            self._ending = weakref.finalize(self, _end, self._process)
            _send(self._process, PACKING.dump_json(self._packing()))
            read_frame(cast("BinaryIO", self._process.stdout), 0)  # comes when it is ready
        return self._process

    def _stop(self) -> int:
        """End the process and return its exit code; 0 if there is none."""
        process, self._process = self._process, None
        if process is None or self._ending is None:
            return 0
        self._ending()
        return process.wait()

    def _explain(self, code: int, late: bool) -> str:
        if late or code == -getattr(signal, "SIGXCPU", 0):
            return (
                f"takes longer than {self._seconds:g} s to read; split the file or raise "
                "ONRECORD_PARSE_SECONDS"
            )
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return (
            f"its parser crashed ({how}): the file is damaged, or needs more than the "
            f"{self._memory_mb:,} MB of ONRECORD_PARSE_MEMORY_MB; save it anew or raise that"
        )


def open_process(settings: IndexSettings, embedder: Embedder) -> ParserProcess:
    """Return a process within the limits of the settings, for passages that fit a model."""
    limits = Limits.of(settings)
    return ParserProcess(
        settings.parse_memory_mb,
        settings.parse_seconds,
        lambda: Packing(embedder.tokenizer, embedder.max_tokens, limits),
        ocr=Ocr(settings.ocr_languages, settings.ocr_pages, settings.ocr_seconds),
    )


def _send(process: subprocess.Popen[bytes], *frames: bytes) -> None:
    with suppress(BrokenPipeError):
        for frame in frames:
            write_frame(cast("BinaryIO", process.stdin), frame)


def _receive(process: subprocess.Popen[bytes]) -> list[bytes] | None:
    """The frames of a reply, None if the process ends before the reply does."""
    inbox = cast("BinaryIO", process.stdout)
    if not (first := read_frame(inbox, 1)):
        return None
    rest = [read_frame(inbox, MAX_REPLY_BYTES) for _ in range(_FRAMES.get(first[0], 0))]
    frames = [frame for frame in (first, *rest) if frame is not None]
    return frames if len(frames) == len(rest) + 1 else None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and those it started, such as Tesseract."""
    if hasattr(os, "killpg") and process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _environment() -> dict[str, str]:
    """The variables of the process: our import path, and none that may hold a secret."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _VARIABLES or name.startswith("LC_")
    }
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    ours = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TOKENIZERS_PARALLELISM": "false"}
    return kept | threads | ours


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes of a process, which ends it unless it is busy; else kill it."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):  # unsent bytes are still in the buffer
                stream.close()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(process)
        process.wait()
