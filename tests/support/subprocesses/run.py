"""An index used by a process of its own.

python -m tests.support.subprocesses.run ACTION DATA FOLDER [SLEEP_S]
"""

from __future__ import annotations

import sys
import time
from itertools import count
from pathlib import Path
from threading import Event, Thread

from index.core.settings import IndexSettings
from index.library import Library
from tests.support.embedder import HashEmbedder

NAMES = ("ann", "bob")
TURNS = "turns"
"""The file that has the last turn of those that rewrite."""
SENTENCES = 6


def story(name: str, turn: int) -> str:
    """Return a document of which every sentence tells the turn it is of."""
    lines = [f"The red fox {name} sleeps in mill {at} on night {turn}." for at in range(SENTENCES)]
    return "\n\n".join(lines)


def rewrite(library: Library, folder: Path) -> int:
    """Rewrite and sync the documents until standard input ends; return the last turn."""
    over = Event()
    Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    for turn in count(1):
        for name in NAMES:
            (folder / f"{name}.txt").write_text(story(name, turn), encoding="utf-8")
        library.sync(folder)
        if over.is_set():
            break
    return turn


def main(action: str, data: str, folder: str, sleep_s: str = "0") -> None:
    embedder = HashEmbedder(before=lambda texts: time.sleep(float(sleep_s)))
    library = Library(IndexSettings(_env_file=None, data=Path(data)), embedder)
    if action == "sync":
        library.sync(Path(folder))
    elif action == "rewrite":
        Path(data, TURNS).write_text(str(rewrite(library, Path(folder))))
    library.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
