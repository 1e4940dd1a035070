"""What a search index promises, whatever keeps it: files beside the store, or a Milvus server."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest

from index.core.errors import ServerError, StoreError
from index.core.scope import Scope
from index.library import Library
from index.search.loading import read_server_state
from index.search.milvus.collection import token, tokens
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.milvus import MISSING, MilvusServer, serving

QUESTION = "Where does the red fox sleep?"
EVERYTHING = Scope(("library", "other"))
needs_milvus = pytest.mark.skipif(importlib.util.find_spec("milvus_lite") is None, reason=MISSING)
pytestmark = pytest.mark.slow


@dataclass
class Place:
    """A folder of documents, and where what is derived from them is kept."""

    shelf: Shelf
    server: MilvusServer | None = None

    def open(self) -> Library:
        uri = self.server and self.server.uri
        return self.shelf.open(milvus_uri=uri)

    def lose(self) -> None:
        """Delete all that is derived."""
        if self.server is None:
            for path in self.shelf.derived.glob("*.*"):
                path.unlink()
        else:
            client = connect(self.server)
            for name in client.list_collections():
                client.drop_collection(name)


def connect(server: MilvusServer) -> Any:
    from pymilvus import MilvusClient  # noqa: PLC0415

    return MilvusClient(server.uri)


def rows(server: MilvusServer) -> int:
    """Return the number of passages that the server holds."""
    client = connect(server)
    (name,) = client.list_collections()
    return len(client.query(name, filter="id >= 0", output_fields=["id"]))


@pytest.fixture(scope="module")
def milvus() -> Iterator[MilvusServer]:
    with serving() as server:
        yield server


CLUSTER = pytest.param("cluster", marks=[needs_milvus, pytest.mark.postgres])


@pytest.fixture(params=["files", pytest.param("milvus", marks=needs_milvus), CLUSTER])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Return files, a Milvus server beside files, or one beside a PostgreSQL server."""
    server = None if request.param == "files" else request.getfixturevalue("milvus")
    url = request.getfixturevalue("database") if request.param == "cluster" else None
    made = Place(Shelf(tmp_path, url=url), server)
    made.lose()
    yield made
    made.shelf.close()


def ranks(library: Library, scope: Scope = EVERYTHING, k: int = 10) -> dict[str, list[int]]:
    return library.rank(QUESTION, scope, k)


def fill(place: Place) -> Library:
    library = place.open()
    for name in ("red", "blue", "old"):
        place.shelf.write(
            f"{name}.txt", f" date 2021-0{len(name)}-01 The {name} fox sleeps in the {name} mill."
        )
    library.sync(place.shelf.folder)
    return library


def test_both_halves_find_what_is_there(place: Place) -> None:
    library = fill(place)
    found = ranks(library)
    assert {len(ids) for ids in found.values()} == {3}
    (best,) = library.store.passages.read(found["fusion"][:1])
    assert best.document.path == "red.txt"
    assert library.ask(QUESTION).quotes[0].document.path == "red.txt"


def test_cosines_are_those_of_the_vectors(place: Place) -> None:
    library = fill(place)
    vector = library.embedder.embed_question(QUESTION)
    index = library._derived
    ids = ranks(library)["dense"]
    found = dict(index.search_dense(vector, 10, EVERYTHING))
    for batch in library.store.passages.searchable(ids):
        for passage in batch:
            assert found[passage.id] == pytest.approx(float(passage.vector @ vector), abs=1e-5)
    assert index.cosines(vector, [*ids, 10_000]) == pytest.approx(found, abs=1e-5)
    assert index.cosines(vector, []) == {}


def test_it_knows_the_words_of_a_scope(place: Place) -> None:
    library = fill(place)
    ranks(library)
    index = library._derived
    (term,) = index.analyzer(EVERYTHING).content_terms("mill")
    assert index.has_word(term, EVERYTHING)
    assert not index.has_word(term, Scope(("other",)))
    assert not index.has_word("nowhere", EVERYTHING)


def test_what_changes_is_found_by_others_at_once(place: Place) -> None:
    writer, reader = fill(place), place.open()
    assert len(ranks(reader)["dense"]) == 3
    place.shelf.write("red.txt", "Nothing of the kind is said by anyone here.")
    place.shelf.write("young.txt", "The red fox sleeps in the tower.")
    (place.shelf.folder / "old.txt").unlink()
    writer.sync(place.shelf.folder)
    for library in (reader, writer, place.open()):
        found = ranks(library)
        assert len(found["dense"]) == 3
        assert len(found["lexical"]) == 2
        assert library.ask(QUESTION).quotes[0].document.path == "young.txt"


def test_bots_that_find_it_behind_at_once(place: Place) -> None:
    writer = fill(place)
    readers = [place.open() for _ in range(3)]
    place.shelf.write("young.txt", "The red fox sleeps in the tower.")
    writer._indexer("library").sync(place.shelf.folder)
    with ThreadPoolExecutor() as threads:
        found = list(threads.map(ranks, readers))
    assert found == [ranks(writer)] * 3
    assert len(found[0]["dense"]) == 4
    writer._derived.save()
    assert not writer.find_faults()


def test_collections_are_apart(place: Place) -> None:
    library = fill(place)
    location = place.shelf.write("more/a.txt", "A fox was seen there once, they say.")
    library.sync(location.parent, 'other "one" \\')
    scope = Scope(('other "one" \\',))
    found = ranks(library, scope)
    assert len(found["dense"]) == 1
    assert found["dense"] == found["lexical"] == found["fusion"]
    assert not any(ranks(library, Scope(())).values())
    assert not any(ranks(library, Scope(("none",))).values())


def test_filters_are_exact(place: Place) -> None:
    library = fill(place)
    blue = next(one for one in library.documents() if one.path == "blue.txt")
    for scope in (
        Scope(documents=(blue.id,)),
        Scope(since=date(2021, 4, 1)),
        Scope(source="blue"),
    ):
        found = ranks(library, scope, 1)
        (passage,) = library.store.passages.read(found["fusion"])
        assert passage.document.id == blue.id
        assert found["dense"] == found["lexical"] == found["fusion"]
    assert not any(ranks(library, Scope(said="nobody")).values())


@pytest.mark.parametrize("listed", [1, 10])
def test_a_filter_of_more_passages_than_are_listed(
    place: Place, monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    monkeypatch.setattr("index.search.milvus.scoped._LISTED", listed)
    library = fill(place)
    found = ranks(library, Scope(since=date(2021, 3, 1), until=date(2021, 3, 31)))
    named = {one.document.path for one in library.store.passages.read(found["dense"])}
    assert named == {"red.txt", "old.txt"}


def test_what_is_lost_is_made_anew(place: Place) -> None:
    expected = ranks(fill(place))
    place.lose()
    fresh = HashEmbedder()
    again = place.shelf.open(fresh, milvus_uri=place.server and place.server.uri)
    assert ranks(again) == expected
    again.rebuild()
    assert not fresh.texts
    assert ranks(place.open()) == expected


def test_it_is_sound(place: Place) -> None:
    library = fill(place)
    assert not library.find_faults()


class TestMilvus:
    @pytest.fixture
    def place(self, milvus: MilvusServer, tmp_path: Path) -> Iterator[Place]:
        made = Place(Shelf(tmp_path), milvus)
        made.lose()
        yield made
        made.shelf.close()

    def test_a_removed_document_leaves_the_server(self, place: Place, milvus: MilvusServer) -> None:
        library = fill(place)
        assert rows(milvus) == 3
        library.remove(library.documents()[0].id)
        assert rows(milvus) == 2

    def test_lost_while_a_bot_runs(self, place: Place) -> None:
        library = fill(place)
        expected = ranks(library)
        place.lose()
        with pytest.raises(ServerError):
            ranks(library)
        assert ranks(library) == expected

    def test_out_of_reach_and_back(self, place: Place, milvus: MilvusServer) -> None:
        library = fill(place)
        expected = ranks(library)
        milvus.stop()
        try:
            with pytest.raises(ServerError, match="ONRECORD_MILVUS_URI") as raised:
                ranks(library)
            assert "\n" not in str(raised.value)
        finally:
            milvus.start()
        for _ in range(200):  # its client takes a moment to notice
            try:
                assert ranks(library) == expected
                break
            except ServerError:
                sleep(0.5)
        assert ranks(library) == expected

    def test_a_change_that_was_broken_off(self, place: Place, milvus: MilvusServer) -> None:
        library = fill(place)
        index = library._derived
        with index._reaching() as collection:
            collection.set_mark(f"changing {library.store.revisions.read().token}")
            collection.delete(library.store.passages.ids()["library"][:1].tolist())
            (old,) = library.store.passages.searchable([int(index._known[1])])
            stray = {"id": 999, "partition": "x", "terms": "fox", "vector": old[0].vector.tolist()}
            collection.put([stray])
        assert [fault.place for fault in library.find_faults()] == [milvus.uri]
        assert len(ranks(place.open())["dense"]) == 3
        assert rows(milvus) == 3
        assert not library.find_faults()

    def test_a_copy_of_the_store_goes_on_with_it(
        self, place: Place, milvus: MilvusServer, tmp_path: Path
    ) -> None:
        library = fill(place)
        expected = ranks(library)
        library.close()
        shutil.copytree(place.shelf.data, tmp_path / "moved" / "data")
        moved = Place(Shelf(tmp_path / "moved"), milvus)
        assert ranks(moved.open()) == expected
        moved.shelf.close()

    def test_its_state_for_the_doctor(self, place: Place, milvus: MilvusServer) -> None:
        library = place.open()
        parts = library.store, library._settings, library.embedder, library._analyzer
        assert read_server_state(*parts) == ""
        fill(place)
        assert read_server_state(*parts) == "up to date"
        library.store.remove([library.documents()[0].id])
        assert read_server_state(*parts).startswith("behind")

    def test_other_vectors_are_a_fault(self, place: Place) -> None:
        library = fill(place)
        (at,) = library.store.passages.ids()["library"][:1].tolist()
        with library._derived._reaching() as collection:
            vector = np.ones(library.embedder.dimension).tolist()
            collection.put([{"id": at, "partition": "x", "terms": "fox", "vector": vector}])
        assert "1 vectors" in str(library.find_faults()[0])
        library.rebuild()
        assert not library.find_faults()

    def test_that_of_another_store_is_kept_until_it_is_replaced(
        self, place: Place, milvus: MilvusServer, tmp_path: Path
    ) -> None:
        theirs = fill(place)
        expected = ranks(theirs)
        mine = Place(Shelf(tmp_path / "mine"), milvus)
        mine.shelf.write("a.txt", "The red fox sleeps here.")
        with pytest.raises(StoreError, match="another store"):
            mine.open().sync(mine.shelf.folder)
        assert ranks(theirs) == expected
        assert rows(milvus) == 3
        assert "another index" in str(mine.open().find_faults()[0])
        mine.open().rebuild()
        assert rows(milvus) == 1
        mine.shelf.close()

    def test_a_library_that_is_missing(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "pymilvus", None)
        with pytest.raises(StoreError, match=r"onrecord\[cluster\]"):
            fill(place)


def test_every_term_is_one_token() -> None:
    terms = ["fox", "o'brien", "3.5", "é", "0x61", "آزادی"]
    assert len({token(term) for term in terms}) == len(terms)
    assert all(token(term).isascii() and token(term).isalnum() for term in terms)
    assert len(tokens(["ab"] * 100_000)) <= 65_535
