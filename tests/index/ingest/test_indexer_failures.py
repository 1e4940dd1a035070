"""What cannot be read or written is named, and the rest of the folder is indexed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.folders import Shelf, counts, temporary_folder

NOBODY = 65534
FOX = "The red fox sleeps in the mill."
DOG = "A dog barks at the river."


class TestFailures:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"abc \xff\xfe", "byte 0xff at offset 4"),
            (b"", "empty"),
            (b"\n \n", "empty"),
            (b"\x7fELF\x00\x01", "binary"),
            (b"Photo: AP\n", "nothing to quote"),
        ],
    )
    def test_a_bad_file_is_named_and_the_rest_goes_on(
        self, shelf: Shelf, content: bytes, reason: str
    ) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", content)
        shelf.write("c.txt", DOG)
        report = shelf.sync()
        assert counts(report) == {"added": 2, "failed": 1}
        assert str(report.failed[0]).startswith("b.txt: ")
        assert reason in report.failed[0].reason
        assert shelf.paths() == ["a.txt", "c.txt"]

    def test_front_matter_that_cannot_be_built_does_not_stop_the_rest(self, shelf: Shelf) -> None:
        shelf.write("a.txt", f"---\ntitle: 0x{'f' * 4000}\n---\n\n{FOX}\n")
        shelf.write("b.txt", DOG)
        shelf.sync()
        assert "b.txt" in shelf.paths()

    def test_one_that_went_bad_loses_its_document(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        shelf.write("a.txt", b"\xff\xff")
        assert counts(shelf.sync()) == {"removed": 1, "failed": 1}
        assert shelf.paths() == []
        shelf.write("a.txt", FOX)
        assert counts(shelf.sync()) == {"added": 1}

    def test_a_large_file_is_refused_unread(self, shelf: Shelf) -> None:
        with shelf.write("a.txt", FOX).open("r+b") as file:
            file.truncate(1 << 40)  # sparse: a terabyte that takes no room
        shelf.write("b.txt", DOG)
        report = shelf.sync(max_file_mb=0.5)
        assert counts(report) == {"added": 1, "failed": 1}
        assert "1,099,512 MB, the limit is 0.5 MB" in str(report.failed[0])
        assert "ONRECORD_MAX_FILE_MB" in str(report.failed[0])

    @pytest.mark.parametrize(("size", "limit"), [(1500, 0.001), (20_400_000, 20.0)])
    def test_the_size_told_is_above_the_limit_told(
        self, shelf: Shelf, size: int, limit: float
    ) -> None:
        with shelf.write("a.txt", FOX).open("r+b") as file:
            file.truncate(size)
        (failed,) = shelf.sync(max_file_mb=limit).failed
        assert float(failed.reason.split(" MB")[0].replace(",", "")) > limit

    def test_the_limit_itself_is_allowed(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "a" * 999 + ".")
        assert counts(shelf.sync(max_file_mb=0.001)) == {"added": 1}

    def test_a_file_that_vanishes_meanwhile_keeps_its_document(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        gone = shelf.write("b.txt", DOG)
        shelf.sync()
        os.utime(shelf.write("a.txt", f"{FOX} Yes."), ns=(0, 1))
        os.utime(gone, ns=(0, 1))

        def vanish(done: int, total: int) -> None:
            gone.unlink(missing_ok=True)

        report = shelf.open().sync(shelf.folder, progress=vanish)
        assert counts(report) == {"updated": 1, "failed": 1}
        assert "b.txt: cannot be read: No such file" in str(report.failed[0])
        assert shelf.paths() == ["a.txt", "b.txt"]
        assert counts(shelf.sync()) == {"unchanged": 1, "removed": 1}

    def test_a_pipe_is_refused_without_waiting(self, shelf: Shelf) -> None:
        os.mkfifo(shelf.folder / "a.txt")
        shelf.write("b.txt", DOG)
        report = shelf.sync()
        assert counts(report) == {"added": 1, "failed": 1}
        assert "not a regular file" in str(report.failed[0])
        report = shelf.open().add([shelf.folder / "a.txt"])
        assert counts(report) == {"failed": 1}

    def test_a_link_to_nothing_is_named(self, shelf: Shelf) -> None:
        (shelf.folder / "a.txt").symlink_to(shelf.root / "none")
        assert "a.txt: no such file" in str(shelf.sync().failed[0])

    def test_a_link_to_itself_is_named(self, shelf: Shelf) -> None:
        (shelf.folder / "a.txt").symlink_to(shelf.folder / "a.txt")
        shelf.write("b.txt", DOG)
        assert counts(shelf.sync()) == {"added": 1, "failed": 1}

    @pytest.mark.parametrize("name", [b"caf\xe9.txt", b"caf\xe9/a.txt"])
    def test_a_name_that_is_not_utf_8_is_refused_in_words_that_can_be_printed(
        self, shelf: Shelf, name: bytes
    ) -> None:
        location = Path(os.fsdecode(os.fsencode(shelf.folder) + b"/" + name))
        location.parent.mkdir(exist_ok=True)
        location.write_text(FOX, encoding="utf-8")
        shelf.write("b.txt", DOG)
        report = shelf.sync()
        assert counts(report) == {"added": 1, "failed": 1}
        assert "not UTF-8" in str(report.failed[0])
        assert str(report.failed[0]).encode()

    def test_a_message_is_one_line_also_for_a_name_that_is_not(self, shelf: Shelf) -> None:
        shelf.write("a\nb.txt", b"")
        (failed,) = shelf.sync().failed
        assert len(str(failed).splitlines()) == 1


class TestPermissions:
    @pytest.fixture
    def shelf(self) -> Iterator[Shelf]:
        """A shelf of somebody whom permissions stop, which they do not the superuser."""
        with temporary_folder() as folder:
            if superuser := os.geteuid() == 0:
                os.chown(folder, NOBODY, NOBODY)
                os.seteuid(NOBODY)
            made = Shelf(folder)
            yield made
            made.close()
            for parent, _, _ in os.walk(folder):
                Path(parent).chmod(0o700)
            if superuser:
                os.seteuid(0)

    def test_a_file_that_may_not_be_read_keeps_its_document(self, shelf: Shelf) -> None:
        location = shelf.write("a.txt", FOX)
        shelf.write("b.txt", DOG)
        shelf.sync()
        shelf.write("a.txt", f"{FOX} Yes.")
        location.chmod(0)
        report = shelf.sync()
        assert counts(report) == {"unchanged": 1, "failed": 1}
        assert "a.txt: cannot be read: Permission denied" in str(report.failed[0])
        assert shelf.paths() == ["a.txt", "b.txt"]

    def test_a_folder_that_may_not_be_read_keeps_its_documents(self, shelf: Shelf) -> None:
        shelf.write("sub/deep/a.txt", FOX)
        shelf.write("subway.txt", DOG)
        shelf.write("b.txt", DOG)
        shelf.sync()
        (shelf.folder / "subway.txt").unlink()
        (shelf.folder / "sub").chmod(0)
        report = shelf.sync()
        assert "sub: not listed: Permission denied" in str(report.failed[0])
        assert shelf.paths() == ["b.txt", "sub/deep/a.txt"]
        assert counts(report) == {"unchanged": 1, "removed": 1, "failed": 1}

    def test_a_root_that_may_not_be_read_keeps_all_documents(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        shelf.folder.chmod(0)
        assert counts(shelf.sync()) == {"failed": 1}
        assert shelf.paths() == ["a.txt"]
