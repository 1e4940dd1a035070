"""What cannot be read here and now keeps what was read of it before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from index import parsers
from index.core.documents import Metadata
from index.core.errors import NotInstalledError
from index.ingest.sandbox import open_process
from tests.index.store.test_store import execute
from tests.support.folders import Shelf, counts
from tests.support.samples import samples

FOX = "The red fox sleeps in the mill."
BOOK = samples(wanted=(".epub",))[".epub"]
OTHER_BOOK = samples(["A dog barks at the river."], (".epub",))[".epub"]


@pytest.fixture
def read(shelf: Shelf) -> Shelf:
    """A shelf on which a book and a text were read."""
    shelf.write("a.txt", FOX)
    shelf.write("b.epub", BOOK)
    assert counts(shelf.sync()) == {"added": 2}
    return shelf


def lose_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on as on a machine on which the parser of books cannot be loaded."""
    monkeypatch.setitem(parsers.PARSERS, ".epub", "gone_with_the_wind:parse")


def outdate(shelf: Shelf) -> None:
    shelf.open().close()
    execute(shelf.data / "index.db", "UPDATE documents SET parsers_version = 1")


@pytest.mark.parametrize("content", [BOOK, OTHER_BOOK])
def test_without_the_package_of_a_parser(
    read: Shelf, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdate(read)
    lose_parser(monkeypatch)
    (read.folder / "b.epub").unlink()
    read.write("b.epub", content)
    report = read.sync()
    assert counts(report) == {"updated": 1, "failed": 1}
    assert str(report.failed[0]) == (
        "b.epub: the package index.parsers.gone_with_the_wind that reads it is missing here; "
        "install onrecord again; what was read of it before stays"
    )
    assert read.paths() == ["a.txt", "b.epub"]
    assert read.open().ask("Where does the red fox sleep?").answered


def test_a_new_file_without_its_parser_is_told(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_parser(monkeypatch)
    shelf.write("b.epub", BOOK)
    (failed,) = shelf.sync().failed
    assert failed.reason.endswith("is missing here; install onrecord again")
    assert shelf.paths() == []


def test_the_same_bytes_that_this_version_cannot_read(read: Shelf) -> None:
    outdate(read)
    report = read.sync(max_sentences=1)
    assert counts(report) == {"updated": 1, "failed": 1}
    assert report.failed[0].reason.endswith(
        "raise ONRECORD_MAX_SENTENCES; what was read of it before stays"
    )
    assert read.paths() == ["a.txt", "b.epub"]


def test_other_bytes_without_text_lose_their_document(read: Shelf) -> None:
    read.write("b.epub", b"no book")
    assert counts(read.sync()) == {"removed": 1, "unchanged": 1, "failed": 1}
    assert read.paths() == ["a.txt"]


@pytest.mark.slow
def test_the_process_that_parses_says_so(tmp_path: Path, shelf: Shelf) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "lxml.py").write_text("raise ImportError('no lxml', name='lxml')")
    sys.path.insert(0, str(tmp_path / "half"))
    try:
        library = shelf.open()
        process = open_process(library._settings, library.embedder)
        with pytest.raises(NotInstalledError, match="the package lxml that reads it is missing"):
            process.prepare("b.epub", BOOK, Metadata())
        process.close()
    finally:
        sys.path.pop(0)
