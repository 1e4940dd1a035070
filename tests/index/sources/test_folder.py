"""What of a folder is taken for documents, and what an empty one may do."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from index.core.errors import DocumentError
from tests.support.folders import Shelf, counts

FOX = "The red fox sleeps in the mill."


class TestOwnFolders:
    @pytest.mark.parametrize("place", ["documents/index", "documents/deep/er/index", "documents"])
    def test_the_index_is_no_document(self, shelf: Shelf, place: str) -> None:
        shelf.write("a.txt", FOX)
        for _ in range(2):
            library = shelf.open(data=shelf.root / place)
            report = library.sync(shelf.folder)
            library.close()
        assert (shelf.root / place / "derived" / "vectors.json").exists()
        assert counts(report)["unchanged"] == 1
        assert not report.failed
        assert report.added == 0

    def test_nor_when_its_folder_is_added(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        library = shelf.open(data=shelf.folder / "index")
        library.sync(shelf.folder)
        assert counts(library.add([shelf.folder], "other")) == {"added": 1}

    def test_nor_under_another_name(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        (shelf.folder / "index").mkdir()
        (shelf.root / "link").symlink_to(shelf.folder / "index")
        library = shelf.open(data=shelf.root / "link")
        library.sync(shelf.folder)
        assert counts(library.sync(shelf.folder)) == {"unchanged": 1}


class TestNoDocuments:
    @pytest.mark.parametrize("folder", ["Quake_files", "Quake-files", "Quake.files"])
    def test_a_saved_page_is_one_document(self, shelf: Shelf, folder: str) -> None:
        shelf.write("Quake.html", f"<p>{FOX}</p>")
        shelf.write(f"{folder}/frame.html", f"<p>{FOX}</p>")
        shelf.write(f"{folder}/data.json", "[")
        shelf.write("other_files/b.txt", FOX)
        report = shelf.sync()
        assert not report.failed
        assert shelf.paths() == ["Quake.html", "other_files/b.txt"]

    def test_nor_is_what_word_keeps_while_a_document_is_open(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("~$report.docx", "x")
        assert counts(shelf.sync()) == {"added": 1}


class TestEmpty:
    @pytest.fixture(autouse=True)
    def _emptied(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        shelf.write("b.txt", f"{FOX} It is late.")
        shelf.sync()
        (shelf.folder / "a.txt").unlink()
        (shelf.folder / "b.txt").unlink()

    def test_it_removes_nothing(self, shelf: Shelf) -> None:
        with pytest.raises(DocumentError, match=r"synced \(2\) with --allow-empty") as told:
            shelf.open().sync(shelf.folder)
        assert len(str(told.value).splitlines()) == 1
        assert shelf.paths() == ["a.txt", "b.txt"]

    def test_it_may_be_allowed_to(self, shelf: Shelf) -> None:
        report = shelf.open().sync(shelf.folder, allow_empty=True)
        assert counts(report) == {"removed": 2}

    @pytest.mark.slow
    def test_files_of_other_formats_do_not_make_it_full(self, shelf: Shelf) -> None:
        shelf.write("Thumbs.db", b"x")
        with pytest.raises(DocumentError, match="no file that can be read"):
            shelf.open().sync(shelf.folder)

    def test_one_file_is_enough(self, shelf: Shelf) -> None:
        shelf.write("a.txt", FOX)
        assert set(counts(shelf.open().sync(shelf.folder))) == {"unchanged", "removed"}

    def test_a_folder_that_has_gone_removes_nothing(self, shelf: Shelf) -> None:
        shelf.folder.rmdir()
        with pytest.raises(DocumentError, match="no such folder"):
            shelf.open().sync(shelf.folder)
        assert shelf.paths() == ["a.txt", "b.txt"]

    def test_a_collection_of_added_documents_is_left_as_it_is(
        self, shelf: Shelf, tmp_path: Path
    ) -> None:
        single = tmp_path / "single.txt"
        single.write_text(FOX, encoding="utf-8")
        library = shelf.open()
        library.add([single], "other")
        assert counts(library.sync(shelf.folder, "other")) == {}

    def test_the_option_of_the_command(self, shelf: Shelf) -> None:
        environment = {"ONRECORD_DATA": str(shelf.data), "ONRECORD_MODEL": shelf.embedder.name}
        command = ["index", "sync", str(shelf.folder)]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("index.models.following.open_embedder", lambda *_: shelf.embedder)
            told = CliRunner().invoke(app, command, env=environment)
            done = CliRunner().invoke(app, [*command, "--allow-empty"], env=environment)
        assert "--allow-empty" in str(told.exception)
        assert done.stdout.startswith("2 removed")
