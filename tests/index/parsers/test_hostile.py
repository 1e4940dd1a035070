"""A folder of files made to do harm: one line each, and the rest is indexed."""

from __future__ import annotations

import io
import os
import socket
import sqlite3
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import event

from index.core.errors import StoreError
from index.library import Library
from index.parsers import SUFFIXES, parse
from tests.support.folders import Shelf, counts
from tests.support.samples import PROSE, samples, zipped

FOX = "The red fox sleeps in the mill."
MEMORY_MB = 768
SECONDS = 30.0
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89" + b"\0" * 64
LAUGHS = '<!DOCTYPE r [<!ENTITY a0 "haha haha ">' + "".join(
    f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12)
) + "]>"  # fmt: skip


def bomb(name: str) -> bytes:
    """Return a zip file of a hundred kilobytes whose member is a hundred megabytes."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(100):
            member.write(b" " * 1_000_000)
    return made.getvalue()


def within(suffix: str, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the sample of a format with one of its members changed."""
    with zipfile.ZipFile(io.BytesIO(samples()[suffix])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    return zipped(members)


def laughing(xml: bytes) -> bytes:
    """Return XML that says all of the entity in its first paragraph."""
    text = xml.decode().partition("?>")[2] or xml.decode()
    return (LAUGHS + text.replace("The red fox", "&a11;", 1)).encode()


def long_pdf() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    for page in range(10_000):
        canvas.drawString(72, 700, f"{PROSE[0][:60]} It is page {page}.")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: bomb("word/document.xml"),
    "bomb.epub": lambda: bomb("META-INF/container.xml"),
    "laughs.docx": lambda: within(".docx", "word/document.xml", laughing),
    "laughs.epub": lambda: within(".epub", "OEBPS/a.xhtml", laughing),
    "picture.pdf": lambda: PNG,
    "picture.html": lambda: PNG,
    "picture.docx": lambda: PNG,
    "pages.txt": lambda: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + b"\0" * 100,
    "archive.html": lambda: zipped({"a.txt": FOX}),
    "archive.md": lambda: zipped({"a.txt": FOX}),
    "archive.epub": lambda: zipped({"../../../tmp/onrecord-escaped.txt": FOX}),
    "archive.docx": lambda: zipped({"/tmp/onrecord-escaped.txt": FOX}),
    "nul.txt": lambda: FOX.encode() + b"\0" * 1000,
    "nul.csv": lambda: b"\0" * 1000,
    "nul.json": lambda: b"\0" * 1000,
    "deep.json": lambda: b"[" * 500_000,
    "deep.jsonl": lambda: b'{"a":' * 500_000,
}
"""What cannot be a document, by name."""


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if Path(name).suffix in SUFFIXES])
def test_it_is_one_line_and_the_rest_is_indexed(shelf: Shelf, name: str) -> None:
    shelf.write(name, FILES[name]())
    shelf.write("a.txt", FOX)
    begun = time.monotonic()
    library = shelf.open(parse=None, parse_memory_mb=MEMORY_MB, parse_seconds=SECONDS)
    report = library.sync(shelf.folder)
    assert time.monotonic() - begun < SECONDS + 60
    assert counts(report) == {"added": 1, "failed": 1}
    line = str(report.failed[0])
    assert line.startswith(f"{name}: ")
    assert len(line.splitlines()) == 1
    assert "crashed" not in line
    assert "haha" not in line
    assert not Path("/tmp/onrecord-escaped.txt").exists()


@pytest.mark.parametrize("name", ["a.html", "a.xhtml"])
def test_a_web_page_has_no_entities_of_its_own(name: str) -> None:
    page = f"{LAUGHS}<html><body><p>{FOX} &a11;</p></body></html>"
    text = parse(name, page.encode()).text
    assert f"{FOX} &a11;" in text
    assert "haha" not in text


GROSS: dict[str, Callable[[], bytes]] = {
    "nested.html": lambda: b"<div>" * 100_000 + FOX.encode() + b"</div>" * 100_000,
    "long.pdf": long_pdf,
    "wide.csv": lambda: b"text\n" + b"a," * 2_000_000,
    "line.txt": lambda: b"word " * 200_000,
    "marks.txt": lambda: b"!?.,;-" * 80_000 + FOX.encode(),
    "numbers.txt": lambda: b"1. " * 200_000 + FOX.encode(),
    "emoji.txt": ("😀😃" * 120_000 + FOX).encode,
    "opening.txt": lambda: (b"!" * 1400 + b"abc ") * 400,
    "quotes.md": lambda: b">" * 200_000 + FOX.encode(),
    "brackets.md": lambda: b"[" * 100_000 + FOX.encode(),
}
"""What is too much, or may just be read."""


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in GROSS if Path(name).suffix in SUFFIXES])
def test_too_much_of_something_is_read_or_refused(shelf: Shelf, name: str) -> None:
    shelf.write(name, GROSS[name]())
    shelf.write("z.txt", FOX)
    library = shelf.open(parse=None, parse_memory_mb=MEMORY_MB, parse_seconds=SECONDS)
    report = library.sync(shelf.folder)
    assert len(report.failed) + report.added == 2
    assert "z.txt" in shelf.paths()
    assert library.find_faults() == []


class TestFolder:
    def test_links(self, shelf: Shelf) -> None:
        shelf.write("sub/a.txt", FOX)
        (shelf.root / "secret.txt").write_text(FOX, encoding="utf-8")
        links = {
            "inside.txt": shelf.folder / "sub" / "a.txt",
            "itself.txt": shelf.folder / "itself.txt",
            "nowhere.txt": shelf.root / "none",
            "outside.txt": shelf.root / "secret.txt",
            "sub/up": shelf.folder,
            "sub/root": Path("/"),
            "folder.txt": shelf.folder,
        }
        for name, target in links.items():
            (shelf.folder / name).symlink_to(target)
        report = shelf.sync()
        assert counts(report) == {"added": 2, "failed": 3}
        told = {error.name: error.reason for error in report.failed}
        assert "a link out of the folder; copy the file here" in told["outside.txt"]
        assert "symbolic links" in told["itself.txt"]
        assert "no such file; remove the link" in told["nowhere.txt"]
        assert shelf.paths() == ["inside.txt", "sub/a.txt"]

    def test_a_link_out_that_is_named_is_read(self, shelf: Shelf) -> None:
        target = shelf.root / "other.txt"
        target.write_text(FOX, encoding="utf-8")
        (shelf.folder / "link.txt").symlink_to(target)
        assert counts(shelf.open().add([shelf.folder / "link.txt"])) == {"added": 1}

    def test_metadata_from_outside_is_not_read(self, shelf: Shelf) -> None:
        secret = shelf.root / "secret"
        secret.write_text("title: secret", encoding="utf-8")
        (shelf.folder / "a.txt.meta.yaml").symlink_to(secret)
        shelf.write("a.txt", FOX)
        assert "a link out of the folder" in str(shelf.sync().failed[0])

    def test_what_is_no_file_is_not_waited_for(self, shelf: Shelf) -> None:
        os.mkfifo(shelf.folder / "pipe.txt")
        os.mkfifo(shelf.folder / "a.txt.meta.yaml")
        shelf.write("a.txt", FOX)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(shelf.folder / "socket.txt"))
            report = shelf.sync()
        assert counts(report) == {"added": 1, "failed": 2}
        reason = "not a regular file; take it out of the folder"
        assert {error.reason for error in report.failed} == {reason}

    @pytest.mark.parametrize("name", ["a\nb.txt", "\x1b[2J.txt", "\u202etxt.exe.txt", "\x07.txt"])
    def test_names_that_a_terminal_would_obey(self, shelf: Shelf, name: str) -> None:
        shelf.write(name, FOX)
        shelf.write("good.txt", FOX)
        report = shelf.sync()
        assert counts(report) == {"added": 1, "failed": 1}
        line = str(report.failed[0])
        assert "control characters; rename it" in line
        assert line.isprintable()

    def test_names_of_people_are_no_harm(self, shelf: Shelf) -> None:
        names = ["a b.txt", "É.txt", "דוח.txt", "👩\u200d💻.txt", "-rf.txt", "'; --.txt", "%s.txt"]
        for name in names:
            shelf.write(name, FOX)
        assert counts(shelf.sync()) == {"added": len(names)}
        assert shelf.paths() == sorted(names)


@pytest.mark.slow
class TestFullDisk:
    def fill(self, library: Library, pages: int) -> None:
        """Let the database grow to so many pages, and no more."""

        def limit(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(library.store._engine, "connect", limit)
        library.store._engine.dispose()

    def test_it_is_one_line_and_the_rest_follows_when_there_is_room(self, shelf: Shelf) -> None:
        for at in range(300):
            shelf.write(f"{at:03}.txt", f"{FOX} It is number {at}. " * 20)
        full = shelf.open()
        self.fill(full, 120)
        with pytest.raises(
            StoreError, match=r"index.db cannot be written: .*full; see that"
        ) as got:
            full.sync(shelf.folder)
        assert len(str(got.value).splitlines()) == 1
        full.close()
        done = len(shelf.paths())
        assert 0 < done < 300
        library = shelf.open()
        assert counts(library.sync(shelf.folder)) == {"added": 300 - done, "unchanged": done}
        assert library.find_faults() == []

    def test_a_derived_index_that_cannot_be_written_is_one_line(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.write("a.txt", FOX)
        library = shelf.open()

        def full(*_: object) -> None:
            raise RuntimeError("Error in write: No space left on device\nin some.cpp")

        with monkeypatch.context() as patched:
            patched.setattr("faiss.write_index", full)
            with pytest.raises(StoreError, match="the documents are stored: see that the disk"):
                library.sync(shelf.folder)
        assert library.ask("Where does the red fox sleep?").quotes
        shelf.sync()
        assert shelf.open().find_faults() == []
