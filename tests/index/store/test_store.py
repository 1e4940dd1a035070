"""The store is ours, of our version and of one model, or it is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from index.core.documents import Span
from index.core.errors import DocumentError, ModelError, SpanError, StoreError
from index.core.settings import IndexSettings
from index.store.schema import schema
from index.store.store import Store
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf


def execute(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


class TestOpening:
    def test_the_migrations_make_the_schema(self, tmp_path: Path) -> None:
        Store(tmp_path / "index.db").close()
        engine = create_engine(f"sqlite:///{tmp_path / 'index.db'}")
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, schema) == []
        engine.dispose()

    def test_opening_again_changes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        Store(path).close()
        before = path.read_bytes()
        Store(path).close()
        assert path.read_bytes() == before

    def test_a_newer_one_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        Store(path).close()
        execute(path, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StoreError, match=r"newer version.*9999"):
            Store(path)

    @pytest.mark.parametrize("revision", ["0001", "0002"])
    def test_an_unreleased_one_is_refused_and_kept(self, tmp_path: Path, revision: str) -> None:
        path = tmp_path / "index.db"
        Store(path).close()
        execute(path, f"UPDATE alembic_version SET version_num = '{revision}'")
        before = path.read_bytes()
        remedy = f"before the first release.*{revision}.*move it away and index again"
        with pytest.raises(StoreError, match=remedy):
            Store(path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize(
        "content", [b"no database " * 1000, b"SQLite format 3\0" + b"x" * 5000]
    )
    def test_what_is_no_database_is_refused_and_kept(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "index.db"
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"index\.db") as raised:
            Store(path)
        assert path.read_bytes() == content
        assert "\n" not in str(raised.value)

    def test_a_folder_in_its_place_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "index.db").mkdir()
        with pytest.raises(StoreError, match=r"index\.db"):
            Store(tmp_path / "index.db")

    def test_the_database_of_another_program_is_refused_and_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "index.db"
        execute(path, "CREATE TABLE places (name TEXT)", "INSERT INTO places VALUES ('x')")
        before = path.read_bytes()
        with pytest.raises(StoreError):
            Store(path)
        assert path.read_bytes() == before

    def test_a_file_in_place_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("x", encoding="utf-8")
        with pytest.raises(StoreError, match="data"):
            Store(tmp_path / "data" / "index.db")

    @pytest.mark.parametrize("name", ["what? now", "50%", "a#b", "a&b=c", "Zürich 😀", "%(x)s"])
    def test_the_folder_may_have_any_name(self, tmp_path: Path, name: str) -> None:
        Store(tmp_path / name / "index.db").close()
        assert (tmp_path / name / "index.db").is_file()
        assert [path.name for path in tmp_path.iterdir()] == [name]


class TestModel:
    def test_another_model_is_refused(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        shelf.sync()
        with pytest.raises(ModelError, match="made with hash, not with other"):
            shelf.open(HashEmbedder(name="other"))

    def test_an_empty_index_takes_any(self, shelf: Shelf) -> None:
        shelf.sync()
        shelf.open(HashEmbedder(name="other"))

    def test_a_second_writer_with_another_model_is_refused(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        late = shelf.open(HashEmbedder(name="other"))
        shelf.sync()
        shelf.write("b.txt", "The blue fox sleeps.")
        with pytest.raises(ModelError, match="made with hash"):
            late.sync(shelf.folder)


class TestContent:
    def test_text_and_metadata_come_back(self, shelf: Shelf) -> None:
        text = "date 2021-07-10 The fox 😀 sleeps.\r\nIt — the “fox” — is late.\r\n"
        shelf.write("a/b.txt", text)
        shelf.sync()
        library = shelf.open()
        (document,) = library.documents()
        assert library.store.text(document.id) == text
        assert document.path == "a/b.txt"
        assert document.characters == len(text)
        assert str(document.metadata.published) == "2021-07-10"
        assert library.document(document.id) == document
        assert library.status().documents == 1
        assert library.status().passages == document.passages
        assert library.status().newest == document.metadata.published

    def test_passages_are_slices(self, shelf: Shelf, seed: Path) -> None:
        shelf.write("seed.txt", seed.read_bytes())
        shelf.sync()
        library = shelf.open()
        (document,) = library.documents()
        text = library.store.text(document.id)
        ids = list(library.store.passages.ids()["library"])
        passages = library.store.passages.read([int(at) for at in reversed(ids)])
        assert [passage.id for passage in passages] == list(reversed(ids))
        assert len(passages) == document.passages
        for passage in passages:
            assert passage.text == passage.span.cut(text)
            for sentence in passage.sentences:
                assert passage.cut(sentence.span) == sentence.span.cut(text)
                cut = library.store.passages.cut(document.id, sentence.span)
                assert cut == sentence.span.cut(text)

    def test_passages_have_the_languages_of_their_documents(self, shelf: Shelf) -> None:
        written = {
            "de.txt": "Der rote Fuchs schläft in der alten Mühle. Niemand weiß, wann er aufwacht.",
            "none.txt": "Xyzzy 12 34 qwrt.",
        }
        for name, text in written.items():
            shelf.write(name, text)
        shelf.sync()
        library = shelf.open()
        ids = [int(at) for at in library.store.passages.ids()["library"]]
        found = library.store.passages.languages(ids)
        paths = {one.id: one.document.path for one in library.store.passages.read(ids)}
        assert {paths[at]: tag for at, tag in found.items()} == {"de.txt": "de", "none.txt": None}
        assert library.store.passages.languages([max(ids) + 1]) == {}

    def test_a_span_past_the_end_is_an_error(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "Short.")
        shelf.sync()
        library = shelf.open()
        with pytest.raises(SpanError):
            library.store.passages.cut(library.documents()[0].id, Span(0, 7))

    def test_unknown_documents_are_an_error(self, shelf: Shelf) -> None:
        library = shelf.open()
        for call in (library.document, library.store.text, library.remove):
            with pytest.raises(DocumentError, match="document 7: not in the index"):
                call(7)
        with pytest.raises(DocumentError, match="document 7"):
            library.store.passages.cut(7, Span(0, 1))
        assert library.store.passages.read([7]) == []

    def test_a_removed_document_leaves_nothing_behind(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        library = shelf.open()
        library.sync(shelf.folder)
        library.remove(library.documents()[0].id)
        connection = sqlite3.connect(shelf.data / "index.db")
        for table in ("documents", "sentences", "passages", "embeddings"):
            count = f"SELECT count(*) FROM {table}"
            assert connection.execute(count).fetchone() == (0,), table
        connection.close()

    def test_ids_are_never_used_twice(self, shelf: Shelf) -> None:
        library = shelf.open()
        seen: set[int] = set()
        for turn in range(3):
            shelf.write("a.txt", f"The red fox sleeps for the night {turn}.")
            library.sync(shelf.folder)
            ids = {int(at) for at in library.store.passages.ids()["library"]}
            assert not ids & seen
            seen |= ids

    def test_what_changed_since_a_revision(self, shelf: Shelf) -> None:
        library = shelf.open()
        for name in ("a", "b"):
            shelf.write(f"{name}.txt", f"The {name} fox sleeps.")
        library.sync(shelf.folder)
        store = library.store
        earlier, before = store.revisions.passages()
        shelf.write("a.txt", "Nobody sleeps here.")
        shelf.write("c.txt", "The c fox sleeps.")
        library.sync(shelf.folder)
        library.move(library.documents()[1].id, "others")
        found = store.revisions.since(earlier, int(before["library"].max()))
        assert found is not None
        state, change = found
        now, after = store.revisions.passages()
        assert state == now
        assert set(before["library"].tolist()) <= set(change.removed.tolist())
        added = {name: ids.tolist() for name, ids in change.added.items()}
        assert added == {name: ids.tolist() for name, ids in after.items()}

    def test_what_changed_since_a_forgotten_revision_is_unknown(self, shelf: Shelf) -> None:
        library = shelf.open()
        shelf.write("a.txt", "The fox sleeps.")
        library.sync(shelf.folder)
        state = library.store.revisions.read()
        assert library.store.revisions.since(state, 0) is not None
        assert library.store.revisions.since(state._replace(token="another"), 0) is None

    def test_the_vectors_are_those_of_the_embedder(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        shelf.sync()
        store = shelf.open().store
        ids = [int(at) for at in store.passages.ids()["library"]]
        ((passage,),) = store.passages.searchable(ids)
        expected = shelf.embedder.embed_passages(["The red fox sleeps."])[0]
        assert np.array_equal(passage.vector, expected)

    def test_a_new_library_is_new_until_something_is_indexed(self, shelf: Shelf) -> None:
        library = shelf.open()
        assert library.store.revision() == 0
        shelf.write("a.txt", "The red fox sleeps.")
        library.sync(shelf.folder)
        assert library.store.revision() > 0


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ONRECORD_DATA", str(tmp_path / "x"))
    monkeypatch.setenv("ONRECORD_MAX_FILE_MB", "0.5")
    settings = IndexSettings(_env_file=None)
    assert settings.data == tmp_path / "x"
    assert settings.max_file_mb == 0.5
    assert settings.min_confidence is None
