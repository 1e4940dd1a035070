"""Several parser processes, which prepare files ahead of their turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, LifoQueue
from threading import Thread
from typing import Any

from index.core.errors import DocumentError
from index.core.files import StoredFile
from index.core.settings import IndexSettings
from index.ingest.prepare import Prepare, Prepared
from index.ingest.sandbox import ParserProcess, open_process
from index.ingest.stored import is_current
from index.models import Embedder
from index.models.onnx import processors
from index.sources.files import FoundFile, read_file, read_siblings, read_sidecar

_MAX_PROCESSES = 8

_Outcome = Future[tuple[tuple[Any, ...], Prepared | DocumentError]]
"""What was read of a file, as `Prepare` takes it, and what came of it."""


class ParserPool:
    """Parser processes, one for each file that is prepared at the same time; see `Prepare`."""

    def __init__(self, open_one: Callable[[], ParserProcess], size: int) -> None:
        """Start none yet: `open_one` returns a process that starts when it is first needed."""
        self.processes = [open_one() for _ in range(size)]
        # The last one that was free comes first: one file after another needs one process.
        self._free = LifoQueue[ParserProcess]()
        for process in reversed(self.processes):
            self._free.put(process)

    def __call__(self, *file: Any) -> Prepared:
        process = self._free.get()
        try:
            return process.prepare(*file)
        finally:
            self._free.put(process)

    def rest(self) -> None:
        """End the processes that have nothing to do, but one."""
        idle: list[ParserProcess] = []
        with suppress(Empty):
            while True:
                idle.append(self._free.get_nowait())
        for process in reversed(idle):
            if process is not idle[0]:
                process.rest()
            self._free.put(process)

    def interrupt(self) -> None:
        """End all processes at once, and prepare no other file."""
        for process in self.processes:
            process.interrupt()

    def close(self) -> None:
        """Interrupt the files in progress, and end all processes."""
        for process in self.processes:
            process.close()


def open_pool(settings: IndexSettings, embedder: Embedder) -> ParserPool:
    """Return as many processes as there are processors; see `open_process`."""
    size = min(processors(), _MAX_PROCESSES)
    return ParserPool(lambda: open_process(settings, embedder), size)


class Ahead:
    """Prepares the next files of a run while those before them are embedded and stored.

    As many wait for their turn as there are processes, unless together they are larger than two of
    the largest files. A file that is another by its turn, or that could not be read, is prepared in
    its turn. Without a pool all files are.
    """

    def __init__(self, prepare: Prepare, max_bytes: int) -> None:
        self._prepare = prepare
        self._max_bytes = max_bytes
        self._pool = prepare if isinstance(prepare, ParserPool) else None
        self._waiting: deque[FoundFile] = deque()
        self._begun: deque[tuple[FoundFile, _Outcome]] = deque()
        self._names: set[str] = set()  # of the files that are waiting or begun

    def expect(self, files: Iterable[FoundFile], stored: Mapping[str, StoredFile]) -> None:
        """Prepare files, in this order, once the first is asked for; those unchanged are not."""
        new = [file for file in files if not _is_unchanged(file, stored.get(file.path))]
        if self._pool is not None and len(new) > 1:
            self._waiting, self._names = deque(new), {file.path for file in new}

    def end(self) -> None:
        """Expect no more files, and end the processes that were there for many."""
        self._waiting.clear()
        self._names.clear()
        self._begun.clear()
        if self._pool is not None:
            self._pool.rest()

    def prepare(self, name: str, *rest: Any) -> Prepared:
        """Return the document in a file; see `Prepare`."""
        file = (name, *rest)
        if name in self._names:
            future = self._turn_of(name)
            with suppress(OSError):
                found, prepared = future.result()
                if found == file:
                    if isinstance(prepared, DocumentError):
                        raise prepared
                    return prepared
        return self._prepare(*file)

    def _turn_of(self, name: str) -> _Outcome:
        """The file of that name; those before it will not be asked for any more."""
        while True:
            self._begin()
            passed, future = self._begun.popleft()
            self._names.discard(passed.path)
            if passed.path == name:
                self._begin()
                return future

    def _begin(self) -> None:
        size = len(self._pool.processes) if self._pool else 0
        while len(self._begun) < size and self._waiting:
            begun_bytes = sum(file.stat.size_bytes for file, _ in self._begun)
            if self._begun and begun_bytes + self._waiting[0].stat.size_bytes > 2 * self._max_bytes:
                break
            file, outcome = self._waiting.popleft(), _Outcome()
            self._begun.append((file, outcome))
            # The run may end while the last files are prepared: nothing waits for them then.
            run = copy_context().run
            Thread(target=run, args=(self._run, file, outcome), daemon=True, name="parsing").start()

    def _run(self, file: FoundFile, outcome: _Outcome) -> None:
        try:
            data = read_file(file, self._max_bytes)
            metadata, _ = read_sidecar(file)
            read = file.path, data, metadata, read_siblings(file, data, self._max_bytes)
            try:
                outcome.set_result((read, self._prepare(*read)))
            except DocumentError as error:
                outcome.set_result((read, error))
        except BaseException as error:  # noqa: BLE001  # it is raised where the result is asked for
            outcome.set_exception(error)


def _is_unchanged(file: FoundFile, before: StoredFile | None) -> bool:
    return before is not None and before.stat == file.stat and is_current(before)
