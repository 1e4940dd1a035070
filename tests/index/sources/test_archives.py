"""Archives: each member is a document, within limits, and nothing else of them is read."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from zipfile import ZipInfo

import pytest

from index.core.errors import DocumentError
from index.sources import archives
from tests.support.folders import Shelf, counts
from tests.support.samples import samples, zipped

FOX = "The red fox sleeps in the mill at night."
DOG = "A dog barks at the river, and nobody knows why."


class TestMembers:
    def test_each_is_a_document_with_its_own_path(self, shelf: Shelf) -> None:
        shelf.write("a/pack.zip", zipped({"fox.txt": FOX, "deep/er/dog.md": DOG}))
        library = shelf.open()
        assert counts(library.sync(shelf.folder)) == {"added": 2}
        assert shelf.paths() == ["a/pack.zip/deep/er/dog.md", "a/pack.zip/fox.txt"]
        quote = library.ask("Where does the red fox sleep?").quotes[0]
        assert (quote.document.path, quote.text) == ("a/pack.zip/fox.txt", FOX)
        assert library.find_faults() == []

    @pytest.mark.slow
    def test_of_every_format(self, shelf: Shelf) -> None:
        members = {f"file{suffix}": data for suffix, data in samples().items()}
        shelf.write("pack.zip", zipped(members))
        assert counts(shelf.sync()) == {"added": len(members)}

    def test_one_that_was_added_by_itself(self, shelf: Shelf) -> None:
        location = shelf.write("pack.zip", zipped({"fox.txt": FOX}))
        assert counts(shelf.open().add([location])) == {"added": 1}
        assert shelf.paths() == ["pack.zip/fox.txt"]

    def test_what_a_folder_leaves_out_an_archive_does_too(self, shelf: Shelf) -> None:
        members = {
            "__MACOSX/._fox.txt": "x",
            ".hidden/fox.txt": FOX,
            "~$fox.docx": "x",
            "deep/page.html": f"<p>{FOX}</p>",
            "deep/page_files/frame.html": f"<p>{DOG}</p>",
            "clip.mp4": "x",
            "folder/": "",
        }
        shelf.write("pack.zip", zipped(members))
        assert counts(shelf.sync()) == {"added": 1, "unknown": 1}
        assert shelf.paths() == ["pack.zip/deep/page.html"]

    def test_metadata_beside_a_member_or_beside_the_archive(self, shelf: Shelf) -> None:
        beside = {"fox.txt": FOX, "fox.txt.meta.yaml": "title: Foxes", "dog.txt": DOG}
        shelf.write("pack.zip", zipped(beside))
        shelf.write("pack.zip.meta.yaml", "title: Animals")
        shelf.sync()
        titles = {found.path: found.metadata.title for found in shelf.open().documents()}
        assert titles == {"pack.zip/fox.txt": "Foxes", "pack.zip/dog.txt": "Animals"}


class TestChanges:
    def test_an_unchanged_archive_is_not_read_again(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.write("pack.zip", zipped({"fox.txt": FOX, "dog.txt": DOG}))
        shelf.sync()
        monkeypatch.setattr("index.sources.files.read_member", None)
        assert counts(shelf.sync()) == {"unchanged": 2}

    @pytest.mark.slow
    def test_members_that_changed_moved_or_went(self, shelf: Shelf) -> None:
        location = shelf.write("pack.zip", zipped({"a.txt": FOX, "b.txt": DOG, "c.txt": FOX + DOG}))
        shelf.sync()
        location.write_bytes(zipped({"a.txt": DOG + FOX, "moved.txt": DOG}))
        os.utime(location, (1, 1))
        assert counts(shelf.sync()) == {"updated": 1, "renamed": 1, "removed": 1}

    def test_a_damaged_archive_keeps_its_documents(self, shelf: Shelf) -> None:
        location = shelf.write("pack.zip", zipped({"a.txt": FOX}))
        shelf.sync()
        location.write_bytes(b"PK\3\4 torn")
        report = shelf.sync()
        assert counts(report) == {"failed": 1}
        assert str(report.failed[0]).startswith("pack.zip: not a zip archive, or a damaged one")
        assert shelf.paths() == ["pack.zip/a.txt"]


class TestLimits:
    def reasons(self, shelf: Shelf, data: bytes) -> dict[str, str]:
        shelf.write("pack.zip", data)
        return {error.name: error.reason for error in shelf.sync().failed}

    def test_an_archive_in_an_archive(self, shelf: Shelf) -> None:
        told = self.reasons(shelf, zipped({"in.zip": zipped({"a.txt": FOX}), "b.txt": DOG}))
        assert told == {"pack.zip/in.zip": "an archive in an archive, which is not read; unpack it"}
        assert shelf.paths() == ["pack.zip/b.txt"]

    def test_too_many_members(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
        told = self.reasons(shelf, zipped(dict.fromkeys("abc", FOX)))
        assert told == {"pack.zip": "3 files in it, the limit is 2; split it"}

    @pytest.mark.slow
    @pytest.mark.parametrize("count", [20_000, 70_000])
    def test_a_list_of_members_that_would_fill_the_memory(self, shelf: Shelf, count: int) -> None:
        # Of more than 65,535 members the size of the list is told at another place.
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for at in range(count):
                archive.writestr(ZipInfo(f"{at:0200}.txt"), b"")
        location = shelf.write("pack.zip", made.getvalue())
        tracemalloc.start()
        with pytest.raises(DocumentError, match=r"its list of files takes .*, the limit is 3 MB"):
            archives.list_members("pack.zip", location.resolve())
        _, most_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most_bytes < 1_000_000

    def test_a_bomb(self, shelf: Shelf) -> None:
        told = self.reasons(shelf, zipped({"a.txt": b" " * 15_000_000}))
        assert "unpacks to more than 200 times its size" in told["pack.zip"]

    def test_all_together_too_large(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 50)
        told = self.reasons(shelf, zipped({"a.txt": FOX, "b.txt": DOG}))
        assert "the limit is 0 MB; split it" in told["pack.zip"]

    def test_one_member_too_large(self, shelf: Shelf) -> None:
        big = f"{FOX} ".encode() + os.urandom(200_000)
        shelf.write("pack.zip", zipped({"big.txt": big, "b.txt": DOG}))
        report = shelf.sync(max_file_mb=0.1)
        assert [error.name for error in report.failed] == ["pack.zip/big.txt"]
        assert report.added == 1

    def test_a_member_that_holds_more_than_it_says(self, shelf: Shelf) -> None:
        data = bytearray(zipped({"a.txt": FOX * 50, "b.txt": DOG}))
        size = len(FOX * 50).to_bytes(4, "little")
        shelf.write("pack.zip", bytes(data).replace(size, (10).to_bytes(4, "little")))
        assert counts(shelf.sync()) == {"added": 1, "failed": 1}

    def test_members_with_a_password_are_one_line(self, shelf: Shelf) -> None:
        data = bytearray(zipped({"a.txt": FOX, "b.txt": DOG}))
        at = -1
        while (at := data.find(b"PK\1\2", at + 1)) >= 0:
            data[at + 8] |= 1
        told = self.reasons(shelf, bytes(data))
        assert told == {"pack.zip": "protected by a password (2 files in it); unpack it yourself"}


class TestNames:
    def made(self, name: bytes, *, utf_8: bool = False) -> bytes:
        """Return an archive whose member has these bytes for its name."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("x" * len(name), FOX)
        flag = (0x800 if utf_8 else 0).to_bytes(2, "little")
        data = made.getvalue().replace(b"x" * len(name), name)
        for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            start = data.index(mark) + at
            data = data[:start] + flag + data[start + 2 :]
        return data

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("übung.txt".encode(), "übung.txt"),
            ("übung.txt".encode("cp437"), "übung.txt"),
            ("отчёт.txt".encode("cp866"), "отчёт.txt"),
            (b"a\\b.txt", "a/b.txt"),
        ],
    )
    def test_encodings_that_are_not_declared(self, shelf: Shelf, name: bytes, shown: str) -> None:
        shelf.write("pack.zip", self.made(name))
        shelf.sync()
        assert shelf.paths() == [f"pack.zip/{shown}"]

    def test_a_declared_one(self, shelf: Shelf) -> None:
        shelf.write("pack.zip", self.made("отчёт.txt".encode(), utf_8=True))
        shelf.sync()
        assert shelf.paths() == ["pack.zip/отчёт.txt"]

    def test_one_that_a_terminal_would_obey(self, shelf: Shelf) -> None:
        shelf.write("pack.zip", zipped({"\x1b[2J.txt": FOX, "a.txt": FOX}))
        report = shelf.sync()
        assert counts(report) == {"added": 1, "failed": 1}
        assert str(report.failed[0]).isprintable()

    def test_paths_that_lead_out_name_a_document_and_write_nothing(self, shelf: Shelf) -> None:
        shelf.write("pack.zip", zipped({"../../escaped.txt": FOX, "/root.txt": DOG}))
        shelf.sync()
        assert shelf.paths() == ["pack.zip/escaped.txt", "pack.zip/root.txt"]
        assert not (shelf.root / "escaped.txt").exists()

    def test_a_link_in_it_is_left_out(self, shelf: Shelf) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            link = ZipInfo("link.txt")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
            archive.writestr("a.txt", FOX)
        shelf.write("pack.zip", made.getvalue())
        assert counts(shelf.sync()) == {"added": 1}

    def test_one_without_a_name_is_left_out(self, shelf: Shelf) -> None:
        shelf.write("pack.zip", zipped({"%": DOG, "a.txt": FOX}).replace(b"%", b"\0"))
        assert counts(shelf.sync()) == {"added": 1}
        assert shelf.paths() == ["pack.zip/a.txt"]
