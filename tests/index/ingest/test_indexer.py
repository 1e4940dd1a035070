"""The index follows its folder, and one bad file does not stop the rest."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

from index.core.errors import DocumentError
from index.core.files import sha256_of
from index.core.scope import Scope
from tests.index.store.test_store import execute
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf, counts

NOBODY = 65534
FOX = "The red fox sleeps in the mill."
DOG = "A dog barks at the river."


class TestSync:
    @pytest.mark.slow
    def test_new_files_are_added(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("deep/er/b.md", DOG)
        report = shelf.sync()
        assert counts(report) == {"added": 2}
        assert report.embedded == len(shelf.embedder.texts) == 2
        assert shelf.paths() == ["a.txt", "deep/er/b.md"]

    def test_unchanged_files_cost_no_read(self, shelf: Shelf) -> None:
        location = shelf.write("a.txt", FOX)
        shelf.sync()
        stat = location.stat()
        location.write_text(DOG.ljust(len(FOX)), encoding="utf-8")  # of the same size and time
        os.utime(location, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert counts(shelf.sync()) == {"unchanged": 1}
        library = shelf.open()
        assert library.store.text(library.documents()[0].id) == FOX

    def test_a_touched_file_is_read_once_and_not_embedded(self, shelf: Shelf) -> None:
        location = shelf.write("a.txt", FOX)
        shelf.sync()
        os.utime(location, ns=(0, 12345))
        report = shelf.sync()
        assert counts(report) == {"unchanged": 1}
        assert report.embedded == 0
        location.chmod(0o600)
        location.write_text(FOX, encoding="utf-8")
        os.utime(location, ns=(0, 12345))
        assert counts(shelf.sync()) == {"unchanged": 1}

    def test_a_changed_file_is_read_again(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        shelf.write("a.txt", f"{FOX}\n\n{DOG}\n")
        assert counts(shelf.sync()) == {"updated": 1}
        library = shelf.open()
        assert library.store.text(library.documents()[0].id) == f"{FOX}\n\n{DOG}\n"

    def test_a_removed_file_is_dropped(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", DOG)
        shelf.sync()
        (shelf.folder / "a.txt").unlink()
        assert counts(shelf.sync()) == {"removed": 1, "unchanged": 1}
        assert shelf.paths() == ["b.txt"]

    def test_a_renamed_file_keeps_its_document(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        before = shelf.open().documents()[0].id
        shelf.embedder.texts.clear()
        (shelf.folder / "new").mkdir()
        (shelf.folder / "a.txt").rename(shelf.folder / "new" / "b.txt")
        assert counts(shelf.sync()) == {"renamed": 1}
        assert not shelf.embedder.texts
        assert [(d.id, d.path) for d in shelf.open().documents()] == [(before, "new/b.txt")]

    def test_what_older_parsers_read_is_read_again(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", DOG)
        shelf.sync()
        shelf.open().close()
        execute(
            shelf.data / "index.db",
            "UPDATE documents SET parsers_version = 1, title = 'misread' WHERE path = 'a.txt'",
        )
        shelf.embedder.texts.clear()
        assert counts(shelf.sync()) == {"updated": 1, "unchanged": 1}
        assert not shelf.embedder.texts
        assert [d.metadata.title for d in shelf.open().documents()] == [None, None]
        assert counts(shelf.sync()) == {"unchanged": 2}

    def test_files_that_swap_names_are_not_embedded(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", DOG)
        shelf.sync()
        shelf.write("a.txt", DOG)
        shelf.write("b.txt", FOX)
        report = shelf.sync()
        assert counts(report) == {"updated": 2}
        assert report.embedded == 0
        library = shelf.open()
        texts = {d.path: library.store.text(d.id) for d in library.documents()}
        assert texts == {"a.txt": DOG, "b.txt": FOX}

    def test_files_that_shift_names_keep_their_texts(self, shelf: Shelf) -> None:
        names = ["a.txt", "b.txt", "c.txt", "d.txt"]
        for at, name in enumerate(names[:3]):
            shelf.write(name, f"{FOX} It is number {at}.")
        shelf.sync()
        for old, new in ((2, 3), (1, 2), (0, 1)):
            (shelf.folder / names[old]).rename(shelf.folder / names[new])
        assert shelf.sync().embedded == 0
        library = shelf.open()
        texts = {d.path: library.store.text(d.id) for d in library.documents()}
        assert texts == {names[at + 1]: f"{FOX} It is number {at}." for at in range(3)}

    def test_a_copy_is_a_document_of_its_own_and_not_embedded(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        shelf.write("b.txt", FOX)
        report = shelf.sync()
        assert counts(report) == {"added": 1, "unchanged": 1}
        assert report.embedded == 0

    def test_one_that_is_removed_does_not_take_the_vector_of_its_copy(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", FOX)
        shelf.sync()
        (shelf.folder / "a.txt").unlink()
        shelf.sync()
        assert [q.document.path for q in shelf.open().ask("red fox").quotes] == ["b.txt"]

    def test_what_is_embedded_is_under_title_and_date(self, shelf: Shelf) -> None:
        shelf.write("a.md", f"---\ntitle: Foxes\ndate: 2021-07-10\n---\n## Where\n\n{FOX}\n")
        shelf.sync()
        assert shelf.embedder.texts == [f"2021-07-10 · Foxes · Where\n{FOX}"]
        assert [q.text for q in shelf.open().ask("red fox").quotes] == [FOX]

    def test_a_long_title_leaves_room_for_the_passage(self, shelf: Shelf) -> None:
        long = " ".join(f"{FOX[:-1]} on day {day}." for day in range(40))
        shelf.write("a.md", f"---\ntitle: {'foxes and more ' * 60}\n---\n{long}\n")
        shelf.sync()
        tokens = shelf.embedder.count_tokens(shelf.embedder.texts)
        assert max(tokens) <= shelf.embedder.max_tokens

    def test_the_report_is_of_one_run(self, shelf: Shelf) -> None:
        library = shelf.open()
        shelf.write("a.txt", FOX)
        assert counts(library.sync(shelf.folder)) == {"added": 1}
        assert counts(library.sync(shelf.folder)) == {"unchanged": 1}

    def test_progress_is_told_to_the_end(self, shelf: Shelf) -> None:
        for at in range(3):
            shelf.write(f"{at}.txt", f"{FOX} {at}")
        told: list[tuple[int, int]] = []
        shelf.open().sync(shelf.folder, progress=lambda done, total: told.append((done, total)))
        assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]

    def test_no_folder_is_an_error_and_drops_nothing(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        library = shelf.open()
        for location in (shelf.root / "none", shelf.folder / "a.txt"):
            with pytest.raises(DocumentError, match="no such folder"):
                library.sync(location)
        assert shelf.paths() == ["a.txt"]

    def test_an_empty_folder_is_no_error(self, shelf: Shelf) -> None:
        assert counts(shelf.sync()) == {}

    def test_hidden_files_and_other_formats_are_passed_over(self, shelf: Shelf) -> None:
        for path in (".a.txt", ".git/b.txt", "c.exe", "d", "e.txt.bak"):
            shelf.write(path, FOX)
        report = shelf.sync()
        assert counts(report) == {"unknown": 3}
        assert shelf.paths() == []

    def test_what_is_left_out_is_told_by_kind(self, shelf: Shelf) -> None:
        for path in ("a.pages", "b.PAGES", "c.key", "d", "e.txt"):
            shelf.write(path, FOX)
        assert str(shelf.sync()).endswith(
            "; 2 .pages files, 1 suffixless file, 1 .key file cannot be read"
        )

    def test_a_link_to_a_file_is_read_and_one_to_a_folder_is_not_followed(
        self, shelf: Shelf
    ) -> None:
        target = shelf.write(".hidden/target.txt", FOX)
        (shelf.folder / "link.txt").symlink_to(target)
        (shelf.folder / "loop").symlink_to(shelf.folder)
        assert counts(shelf.sync()) == {"added": 1}


class TestAdd:
    def test_added_documents_survive_a_sync(self, shelf: Shelf) -> None:
        other = shelf.root / "other.txt"
        other.write_text(DOG, encoding="utf-8")
        shelf.write("a.txt", FOX)
        library = shelf.open()
        assert counts(library.add([other])) == {"added": 1}
        library.sync(shelf.folder)
        (shelf.folder / "a.txt").unlink()
        assert counts(library.sync(shelf.folder, allow_empty=True)) == {"removed": 1}
        assert shelf.paths() == ["other.txt"]

    def test_adding_again_reads_what_changed(self, shelf: Shelf) -> None:
        location = shelf.write("a.txt", FOX)
        library = shelf.open()
        library.add([location])
        assert counts(library.add([location])) == {"unchanged": 1}
        shelf.write("a.txt", f"{DOG} {DOG}")
        assert counts(library.add([location])) == {"updated": 1}

    def test_a_folder_is_added_whole(self, shelf: Shelf) -> None:
        shelf.write("sub/a.txt", FOX)
        shelf.write("b.txt", DOG)
        assert counts(shelf.open().add([shelf.folder])) == {"added": 2}
        assert shelf.paths() == ["b.txt", "sub/a.txt"]

    def test_a_missing_file_is_one_failure(self, shelf: Shelf) -> None:
        report = shelf.open().add([shelf.root / "none.txt", shelf.write("a.txt", FOX)])
        assert counts(report) == {"added": 1, "failed": 1}
        assert "no such file" in str(report.failed[0])

    def test_two_files_of_one_name_are_not_taken_for_one(self, shelf: Shelf) -> None:
        report = shelf.open().add([shelf.write("x/a.txt", FOX), shelf.write("y/a.txt", DOG)])
        assert len(shelf.paths()) == report.added
        assert len(shelf.paths()) + len(report.failed) == 2

    def test_one_of_the_name_of_a_synced_file_survives_a_sync(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        library = shelf.open()
        library.sync(shelf.folder)
        other = shelf.root / "other" / "a.txt"
        other.parent.mkdir()
        other.write_text(DOG, encoding="utf-8")
        report = library.add([other])
        library.sync(shelf.folder)
        texts = {library.store.text(document.id) for document in library.documents()}
        assert FOX in texts
        assert DOG in texts or report.failed


class TestAddingOneDocument:
    @staticmethod
    def write_long(shelf: Shelf) -> Path:
        lines = (f"{FOX} Number {at} is late. {DOG} Number {at} is dark." for at in range(200))
        return shelf.write("long.txt", "\n\n".join(lines))

    @pytest.mark.slow
    def test_its_passages_are_counted_as_they_are_embedded(self, shelf: Shelf) -> None:
        told: list[tuple[int, int]] = []
        library = shelf.open()
        library.add_document(
            self.write_long(shelf), "library", lambda *at: told.append(at), "own name.txt"
        )
        (document,) = library.documents()
        total = len(shelf.embedder.texts)
        assert document.path == "own name.txt"
        assert document.passages == total > 32
        assert list(dict.fromkeys(told)) == [(at, total) for at in (*range(0, total, 16), total)]

    def test_an_error_of_the_progress_ends_it(self, shelf: Shelf) -> None:
        library = shelf.open()

        def stop(done: int, total: int) -> None:
            if done:
                raise KeyError(done)

        with pytest.raises(KeyError):
            library.add_document(self.write_long(shelf), "library", stop, "own name.txt")
        assert library.documents() == []
        assert len(shelf.embedder.texts) == 16


class TestWriting:
    @pytest.mark.slow
    def test_many_passages_are_embedded_in_several_groups(self, shelf: Shelf) -> None:
        sizes: list[int] = []
        shelf.embedder.before = lambda texts: sizes.append(len(texts))
        for at in range(100):
            shelf.write(f"{at:03}.txt", f"{FOX} It is number {at}.")
        report = shelf.sync()
        assert report.embedded == sum(sizes) == 100
        assert len(sizes) > 1

    @pytest.mark.slow
    def test_what_is_finished_stays_when_the_embedder_fails(self, shelf: Shelf) -> None:
        for at in range(100):
            shelf.write(f"{at:03}.txt", f"{FOX} It is number {at}.")

        def fail_later(texts: Sequence[str]) -> None:
            if shelf.embedder.texts:
                raise MemoryError

        shelf.embedder.before = fail_later
        with pytest.raises(MemoryError):
            shelf.sync()
        done = len(shelf.embedder.texts)
        assert 0 < done < 100
        assert len(shelf.paths()) == done
        rest = HashEmbedder()
        assert counts(shelf.sync(embedder=rest)) == {"added": 100 - done, "unchanged": done}
        assert not set(rest.texts) & set(shelf.embedder.texts)

    def test_equal_texts_are_embedded_once(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", FOX)
        shelf.sync()
        assert shelf.embedder.texts == [FOX]

    @pytest.mark.slow
    def test_a_vector_that_is_in_use_is_not_dropped_by_another_run(self, shelf: Shelf) -> None:
        location = shelf.write("one/a.txt", FOX)
        first, embedder = shelf.open(), HashEmbedder()
        second = shelf.open(embedder)
        first.sync(location.parent, "one")
        removing = Thread(target=first.remove, args=[first.documents()[0].id])

        def remove(texts: Sequence[str]) -> None:
            removing.start()
            removing.join(timeout=0.3)

        embedder.before = remove
        second.sync(location.parent, "two")
        removing.join()
        embedder.before = lambda texts: None
        assert [d.collection for d in second.documents()] == ["two"]
        assert second.ask("red fox", Scope(("two",))).quotes

    def test_no_vector_is_kept_that_no_passage_uses(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.sync()
        shelf.write("a.txt", DOG)
        shelf.sync()
        connection = sqlite3.connect(shelf.data / "index.db")
        hashes = [row[0] for row in connection.execute("SELECT sha256 FROM embeddings")]
        connection.close()
        assert hashes == [sha256_of(DOG)]
