"""How long a sync takes in a running process, and where the time goes.

    python -m tests.benchmarks.sync FOLDER [--model] [--runs N]

FOLDER is copied first. Each run changes the copy and syncs it; the figures are medians of the runs
in milliseconds. Without --model passages are embedded as hashed words, which costs next to nothing.
Speakers are found and files are parsed on several threads, so their times add up to more than all;
"processor" is what this process took of all processors, without those that parse.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from statistics import median
from threading import Lock
from time import perf_counter, process_time
from typing import Any

from rich.console import Console
from rich.table import Table

from index.attribution.tagger import Tagger
from index.core.settings import IndexSettings
from index.ingest import indexer
from index.ingest.sandbox import ParserProcess
from index.library import Library
from index.search.search_index import SearchIndex
from index.store.store import Store
from tests.support.embedder import HashEmbedder

RUNS = 5
CHANGE = "\n\nThe red fox of number {} sleeps in the mill.\n"


class Clock:
    """Seconds spent in each phase since it was last read."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._counting = Lock()

    def watch(self, owner: Any, name: str, phase: str) -> None:
        """Count the time of a function to a phase from now on."""
        timed = getattr(owner, name)

        @wraps(timed)
        def run(*arguments: Any, **named: Any) -> Any:
            begun = perf_counter()
            try:
                return timed(*arguments, **named)
            finally:
                with self._counting:
                    self.spent[phase] = self.spent.get(phase, 0.0) + perf_counter() - begun

        setattr(owner, name, run)

    def read(self) -> dict[str, float]:
        """Return the seconds by phase and begin anew."""
        spent, self.spent = self.spent, {}
        return spent


def main(folder: Path, model: bool, runs: int) -> None:
    """Sync a copy of the folder again and again, and print the table."""
    clock = Clock()
    for owner, name, phase in (
        (indexer, "list_folder", "list"),
        (ParserProcess, "prepare", "parse, split"),
        (Tagger, "find", "speakers"),
        (Store, "files", "read files"),
        (Store, "put", "store"),
        (Store, "prune", "prune"),
        (SearchIndex, "refresh", "refresh"),
        (SearchIndex, "save", "save"),
    ):
        clock.watch(owner, name, phase)
    with tempfile.TemporaryDirectory() as made:
        documents = Path(made, "documents")
        shutil.copytree(folder, documents)
        settings = IndexSettings(data=Path(made, "index"))
        library = Library(settings, None if model else HashEmbedder(dimension=384, max_tokens=256))
        clock.watch(library.embedder, "embed_passages", "embed")
        rows = {"first": _measure(library, documents, clock, 1, lambda _: None)}
        paths = sorted(path for path in documents.rglob("*.txt"))
        for name, change in _changes(paths).items():
            rows[name] = _measure(library, documents, clock, runs, change)
        status = library.status()
        library.close()
    _print(rows, f"{status.documents:,} documents, {status.passages:,} passages")


def _changes(paths: list[Path]) -> dict[str, Callable[[int], None]]:
    def change(at: int) -> None:
        with paths[at].open("a", encoding="utf-8") as opened:
            opened.write(CHANGE.format(at))

    def rename(at: int) -> None:
        location = paths[-1 - at]
        location.rename(location.with_name(f"renamed-{at}.txt"))

    def remove(at: int) -> None:
        paths[len(paths) // 2 + at].unlink()

    return {
        "nothing": lambda _: None,
        "one changed": change,
        "one renamed": rename,
        "one removed": remove,
    }


def _measure(
    library: Library, folder: Path, clock: Clock, runs: int, change: Callable[[int], None]
) -> dict[str, float]:
    """The median of each phase and of all, in milliseconds, and of the passages embedded."""
    told = []
    for at in range(runs):
        change(at)
        clock.read()
        begun, used = perf_counter(), process_time()
        report = library.sync(folder)
        whole = {"all": perf_counter() - begun, "processor": process_time() - used}
        told.append({**whole, **clock.read(), "passages": report.embedded})
    return {
        name: median(one.get(name, 0.0) for one in told) * (1 if name == "passages" else 1000)
        for name in dict.fromkeys(name for one in told for name in one)
    }


def _print(rows: dict[str, dict[str, float]], size: str) -> None:
    table = Table("ms", *rows, title=f"{size}; {os.cpu_count()} cores, {platform.machine()}")
    for name in dict.fromkeys(name for row in rows.values() for name in row):
        table.add_row(name, *(f"{row.get(name, 0):,.1f}" for row in rows.values()))
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", action="store_true", help="embed with the real model")
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    main(given.folder, given.model, given.runs)
