"""Syncs that can be killed, one for each line on standard input.

python -m tests.support.subprocesses.crash DATA FOLDER

What takes long to import is imported once, before any thread exists; each sync is a fork of that.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from index.core.settings import IndexSettings
from index.library import Library
from index.parsers import parse
from tests.support.embedder import HashEmbedder

EMBEDDING_S = 0.004


def main(data: str, folder: str) -> None:
    """Print the id of each process that syncs, and what it ended with."""
    parse("a.md", b"Loaded.")
    parse("a.txt", b"Loaded.")
    for _ in sys.stdin:
        if pid := os.fork():
            print(pid, flush=True)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
        else:
            sync(Path(data), Path(folder))
            os._exit(0)


def sync(data: Path, folder: Path) -> None:
    embedder = HashEmbedder(before=lambda texts: time.sleep(EMBEDDING_S))
    Library(IndexSettings(_env_file=None, data=data), embedder, parse).sync(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
