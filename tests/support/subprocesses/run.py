"""An index used by a process of its own.

python -m tests.support.subprocesses.run ACTION DATA FOLDER [SLEEP_S]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from index.core.settings import IndexSettings
from index.library import Library
from tests.support.embedder import HashEmbedder

ROUNDS = 8
SENTENCES = 6


def story(name: str, turn: int) -> str:
    """Return a document of which every sentence tells the turn it is of."""
    lines = [f"The red fox {name} sleeps in mill {at} on night {turn}." for at in range(SENTENCES)]
    return "\n\n".join(lines)


def main(action: str, data: str, folder: str, sleep_s: str = "0") -> None:
    embedder = HashEmbedder(before=lambda texts: time.sleep(float(sleep_s)))
    library = Library(IndexSettings(_env_file=None, data=Path(data)), embedder)
    if action == "sync":
        library.sync(Path(folder))
    elif action == "rewrite":
        for turn in range(1, ROUNDS):
            for name in ("ann", "bob"):
                Path(folder, f"{name}.txt").write_text(story(name, turn), encoding="utf-8")
            library.sync(Path(folder))
    library.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
