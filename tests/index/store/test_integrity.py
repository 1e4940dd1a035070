"""Whatever is damaged is told, with its remedy, and looking changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import faiss
import numpy as np
import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from index.core.files import sha256_of
from index.core.settings import DEFAULT_MODEL
from index.search.vectors import VectorIndex
from tests.index.search.test_search_index import WORDS, delete, overwrite, truncate
from tests.index.store.test_store import execute
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

FOX = "The red fox sleeps in the mill. It is late.\n\nA dog barks at the river.\n"
REBUILD = "run `onrecord index rebuild`"

ENTRY = "document_id, start, speaker_start, speaker_end"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Shelf(tmp_path_factory.mktemp("indexed"), HashEmbedder(name=DEFAULT_MODEL))
    made.write("a.txt", FOX)
    made.write("b.md", f"---\ntitle: Foxes\ndate: 2021-07-10\n---\n## Where\n\n{FOX} Yes.")
    made.write("long.txt", " ".join(f"word{at} and" for at in range(300)) + ".")
    made.sync()
    made.close()
    return made.data


@pytest.fixture
def shelf(tmp_path: Path, indexed: Path) -> Iterator[Shelf]:
    """A shelf with an index of its own that may be damaged."""
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    shutil.copytree(indexed, made.data)
    yield made
    made.close()


def found(shelf: Shelf) -> list[str]:
    library = shelf.open()
    told = [str(finding) for finding in library.find_faults()]
    library.close()
    assert all(len(line.splitlines()) == 1 for line in told)
    return told


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(shelf: Shelf, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments, env={"ONRECORD_DATA": str(shelf.data)})
    return result.exit_code, result.stdout, result.stderr


class TestSound:
    def test_it_is_told_with_counts(self, shelf: Shelf) -> None:
        code, out, _ = run(shelf, "index", "verify")
        assert code == 0
        assert out.startswith("sound: 3 documents, ")

    def test_an_empty_index_is(self, tmp_path: Path) -> None:
        shelf = Shelf(tmp_path / "new")
        assert found(shelf) == []
        shelf.sync()
        assert found(shelf) == []
        shelf.close()

    def test_one_that_lost_all_its_documents_is(self, shelf: Shelf) -> None:
        shelf.sync()
        assert found(shelf) == []

    def test_looking_changes_nothing(self, shelf: Shelf) -> None:
        overwrite(next(shelf.derived.glob("words-*/*/*.fast")))
        truncate(shelf.derived / "vectors.faiss")
        before = files(shelf.data)
        assert len(found(shelf)) == 2
        assert files(shelf.data) == before

    def test_progress_is_told_to_the_end(self, shelf: Shelf) -> None:
        told: list[tuple[int, int]] = []
        shelf.open().find_faults(lambda done, total: told.append((done, total)))
        assert told[-1] == (3, 3)


class TestDocuments:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("damage", "fault"),
        [
            ("UPDATE documents SET text = replace(text, 'red', 'RED')", "text is not the one"),
            ("UPDATE sentences SET start = start + 1 WHERE ordinal = 1", "sentences do not lie"),
            ('UPDATE sentences SET "end" = 9999 WHERE ordinal = 1', "sentences do not lie"),
            ('UPDATE sentences SET start = 0, "end" = 0 WHERE ordinal = 1', "sentences do not"),
            ("UPDATE sentences SET paragraph = 0 WHERE ordinal = 0", "sentences do not lie"),
            ("DELETE FROM sentences WHERE ordinal = 0", "sentences do not lie"),
            ("DELETE FROM sentences", "passages do not lie"),
            ('UPDATE passages SET "end" = "end" + 1', "passages do not lie"),
            ("UPDATE passages SET last_sentence = 77", "passages do not lie"),
            ("DELETE FROM passages", "nothing to search"),
            ("INSERT INTO pages VALUES (1, 1, 0), (1, 2, 9999)", "pages are out of order"),
            ("INSERT INTO pages VALUES (1, 2, 0)", "pages are out of order"),
            ("INSERT INTO pages VALUES (1, 1, 9), (1, 2, 3)", "pages are out of order"),
            ("INSERT INTO entries (document_id, start) VALUES (1, 9999)", "entries are out of"),
            (f"INSERT INTO entries ({ENTRY}) VALUES (1, 0, 5, 9999)", "entries are out of order"),
            ("UPDATE embeddings SET vector = zeroblob(256)", "vectors are damaged"),
            ("UPDATE embeddings SET vector = substr(vector, 5)", "vectors are damaged"),
            ("UPDATE embeddings SET vector = randomblob(256)", "vectors are damaged"),
        ],
    )
    def test_damage_is_told_and_mended_by_the_remedy(
        self, shelf: Shelf, damage: str, fault: str
    ) -> None:
        execute(shelf.data / "index.db", damage)
        told = found(shelf)
        (line,) = [
            line for line in told if line.startswith("document 1 (a.txt): ") and fault in line
        ]
        assert line.endswith("; run `onrecord index remove 1`, then sync or add its file again")
        shelf.write("a.txt", FOX)
        for document_id in ("1", "2", "3"):
            assert run(shelf, "index", "remove", document_id)[0] == 0
        if any(line.endswith(REBUILD) for line in told):
            assert run(shelf, "index", "rebuild")[0] == 0
        shelf.sync()
        assert found(shelf) == []
        assert shelf.paths() == ["a.txt"]

    def test_a_certificate_of_another_text(self, shelf: Shelf) -> None:
        values = f"'id', 'library', 'a.txt', 'x', 0, 1, 'T', '{sha256_of('t')}', '2026-01-01'"
        columns = 'id, collection, path, document_sha256, start, "end", text, text_sha256, issued'
        execute(shelf.data / "index.db", f"INSERT INTO certificates ({columns}) VALUES ({values})")
        (line,) = found(shelf)
        assert line.startswith("certificate id: its text")


class TestDatabase:
    def test_pages_with_other_bytes(self, shelf: Shelf) -> None:
        path = shelf.data / "index.db"
        connection = sqlite3.connect(path)
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'sentences'"
        start = (connection.execute(query).fetchone()[0] - 1) * 4096
        connection.close()
        data = bytearray(path.read_bytes())
        data[start : start + 200] = b"\xee" * 200
        path.write_bytes(data)
        told = found(shelf)
        assert told
        assert all(line.startswith("index.db: ") and "restore a backup" in line for line in told)
        code, _, errors = run(shelf, "index", "verify")
        assert code == 1
        assert "wrong: index.db: " in errors

    def test_rows_whose_owner_is_gone(self, shelf: Shelf) -> None:
        connection = sqlite3.connect(shelf.data / "index.db")
        connection.execute("DELETE FROM embeddings")
        connection.commit()
        connection.close()
        (line,) = found(shelf)
        assert line.startswith("index.db: passages without their embeddings; restore a backup")

    def test_pairs_whose_passage_is_gone_are_found_anew(self, shelf: Shelf) -> None:
        damage = "INSERT INTO duplicates VALUES (1, 99), (99, 1)"
        execute(shelf.data / "index.db", damage)
        assert found(shelf) == [f"index.db: duplicates without their passages; {REBUILD}"]
        assert run(shelf, "index", "rebuild")[0] == 0
        assert found(shelf) == []


class TestDerived:
    @pytest.mark.parametrize("damage", [delete, truncate, overwrite])
    @pytest.mark.parametrize(
        ("pattern", "place"),
        [
            ("vectors.faiss", "vectors.faiss"),
            (f"{WORDS}/*/*.term", WORDS),
            (f"{WORDS}/*/meta.json", WORDS),
        ],
    )
    def test_damage_is_told_and_mended_by_the_remedy(
        self, shelf: Shelf, pattern: str, place: str, damage: Callable[[Path], None]
    ) -> None:
        damage(next(shelf.derived.glob(pattern)))
        (line,) = found(shelf)
        assert line.startswith(f"{place}: ")
        assert line.endswith(REBUILD)
        assert run(shelf, "index", "verify")[0] == 1
        assert run(shelf, "index", "rebuild")[0] == 0
        assert found(shelf) == []

    def test_none_at_all_is_no_fault(self, shelf: Shelf) -> None:
        shutil.rmtree(shelf.derived)
        assert found(shelf) == []

    def test_a_copy_that_is_out_of_date(self, shelf: Shelf) -> None:
        shutil.copytree(shelf.derived, shelf.root / "old")
        shelf.write("new.txt", "The blue fox is awake.")
        shelf.sync()
        shutil.rmtree(shelf.derived)
        shutil.copytree(shelf.root / "old", shelf.derived)
        told = found(shelf)
        assert len(told) == 2
        assert all("1 missing, " in line and "of no document" in line for line in told)

    def test_a_vector_that_is_not_the_documents(self, shelf: Shelf) -> None:
        path = shelf.derived / "vectors.faiss"
        index = VectorIndex.read(path, 64, DEFAULT_MODEL)
        ids = index.ids.tolist()
        index.remove(ids[:1])
        other = np.eye(1, 64, dtype=np.float32)
        index.add(ids[:1], other)
        index.save(path, DEFAULT_MODEL)
        assert faiss.read_index(str(path)).ntotal == len(ids)
        assert found(shelf) == [
            f"vectors.faiss: 1 vectors are not those of the documents; {REBUILD}"
        ]
