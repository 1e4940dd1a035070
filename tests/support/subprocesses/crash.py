"""Syncs that die in the middle, one for each line on standard input.

python -m tests.support.subprocesses.crash DATA FOLDER

A line has the seconds of processor time that its sync may take, 0 for no limit: however busy the
machine is, it gets equally far. Then a signal that nothing handles ends it, as SIGKILL would. What
takes long to import is imported once, before any thread exists; each sync is a fork of that.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from index.core.settings import IndexSettings
from index.library import Library
from index.parsers import parse
from index.store.duplicates import band_hashes
from tests.support.embedder import HashEmbedder
from tests.support.silent import without_speakers


def main(data: str, folder: str) -> None:
    """Print what each sync ended with, and the seconds of processor time that it took."""
    parse("a.md", b"Loaded.")
    parse("a.txt", b"Loaded.")
    band_hashes(frozenset({0}))
    for line in sys.stdin:
        if pid := os.fork():
            _, status, used = os.wait4(pid, 0)
            print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, flush=True)
        else:
            signal.setitimer(signal.ITIMER_PROF, float(line))
            sync(Path(data), Path(folder))
            os._exit(0)


def sync(data: Path, folder: Path) -> None:
    library = Library(IndexSettings(_env_file=None, data=data), HashEmbedder(), parse)
    without_speakers(library).sync(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
