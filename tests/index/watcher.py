"""`onrecord` with an embedder that needs no model: python -m tests.index.watcher ARGUMENTS."""

from __future__ import annotations

from bot import cli
from index import library
from index.settings import DEFAULT_MODEL
from tests.index.embedder import HashEmbedder

library.LazyEmbedder = lambda *_: HashEmbedder(name=DEFAULT_MODEL)

if __name__ == "__main__":
    cli.main()
