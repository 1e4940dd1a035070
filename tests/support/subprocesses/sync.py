"""One sync that can be killed: python -m tests.support.subprocesses.sync DATA FOLDER."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from index.core.settings import IndexSettings
from index.library import Library
from index.parsers import parse
from tests.support.embedder import HashEmbedder
from tests.support.silent import without_speakers

EMBEDDING_S = 0.05


def main(data: str, folder: str) -> None:
    embedder = HashEmbedder(before=lambda texts: time.sleep(EMBEDDING_S))
    library = Library(IndexSettings(_env_file=None, data=Path(data)), embedder, parse)
    without_speakers(library).sync(Path(folder))
    library.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
