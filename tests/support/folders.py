"""A folder of documents, and libraries made of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from index.core.settings import IndexSettings
from index.ingest import IndexReport
from index.library import Library
from index.parsers import Parse, parse
from index.store.store import Store
from tests.support.embedder import HashEmbedder
from tests.support.silent import without_speakers


@dataclass
class Shelf:
    """Keeps what it opened, so that the fixture can close it.

    Attributes:
        embedder: that of the libraries it opens, unless they bring their own.
        speakers: whether these look for who says what, which takes time.
        url: a database on a server; None for files.
    """

    root: Path
    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    opened: list[Library] = field(default_factory=list)
    speakers: bool = False
    url: URL | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self.root / "documents"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def derived(self) -> Path:
        return self.data / "derived"

    def write(self, path: str, content: str | bytes) -> Path:
        location = self.folder / path
        location.parent.mkdir(parents=True, exist_ok=True)
        location.write_bytes(content.encode() if isinstance(content, str) else content)
        return location

    def open(
        self, embedder: HashEmbedder | None = None, parse: Parse | None = parse, **changed: Any
    ) -> Library:
        """Open a library that parses in this process, for speed; None: in one of its own."""
        values = {"data": self.data, "min_confidence": 0.0, "reader": "embedding"} | changed
        if self.url is not None:
            values["database_url"] = self.url.render_as_string(hide_password=False)
        prepare_index(Path(values["data"]))
        settings = IndexSettings(_env_file=None, **values)
        library = Library(settings, embedder or self.embedder, parse)
        if not self.speakers:
            without_speakers(library)
        self.opened.append(library)
        return library

    def sync(self, **changed: Any) -> IndexReport:
        """Sync with a library of its own, as each run of the program does."""
        return self.open(**changed).sync(self.folder, allow_empty=True)

    def fill(self, make: Callable[[Shelf], object]) -> Library:
        """Return a library of what `make` puts on a shelf; it is made once, and then copied."""
        shutil.copytree(filled_by(make), self.root, dirs_exist_ok=True)
        return self.open()

    def paths(self) -> list[str]:
        return [document.path for document in self.open().documents()]

    def close(self) -> None:
        for library in self.opened:
            library.close()


_kept = ExitStack()


@cache
def filled_by(make: Callable[[Shelf], object]) -> Path:
    """Return the folder of a shelf that is filled, and closed."""
    made = Shelf(_kept.enter_context(temporary_folder()))
    make(made)
    made.close()
    return made.root


def forget_filled() -> None:
    """Delete the folders that are kept to be copied."""
    filled_by.cache_clear()
    _kept.close()


@cache
def empty_index() -> bytes:
    """Return an index without documents; making one takes longer than most tests."""
    with temporary_folder() as folder:
        Store(folder / "index.db").close()
        return (folder / "index.db").read_bytes()


def prepare_index(data: Path) -> None:
    """Put an empty index where a library would make one, unless the folder is there already."""
    if data.parent.is_dir() and not data.exists():
        data.mkdir()
        (data / "index.db").write_bytes(empty_index())


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder in memory, where the system has one, else on the disk."""
    memory = Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def counts(report: IndexReport) -> dict[str, int]:
    """Return what a run did, without the zeros."""
    names = ("added", "updated", "renamed", "removed", "unchanged")
    told = {name: getattr(report, name) for name in names} | {
        "failed": len(report.failed),
        "unknown": report.unknown.total(),
    }
    return {name: count for name, count in told.items() if count}
