"""The derived index may be lost or torn at any moment, and nothing is embedded again."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from index.core.answers import Searchable
from index.core.scope import Scope
from index.library import Library
from index.store.revisions import Revisions
from index.text.terms import TERMS_VERSION
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

QUESTION = "Where does the red fox sleep?"
DOCUMENTS = {f"{name}.txt": f"The {name} fox sleeps in the {name} mill. It is late." for name in (
    "red", "blue", "green", "old", "young"
)}  # fmt: skip
WORDS = f"words-english-{TERMS_VERSION}"
FILES = [
    "vectors.faiss",
    "vectors.json",
    *(f"{WORDS}/*/*.{suffix}" for suffix in ("idx", "pos", "term", "fast", "fieldnorm")),
    f"{WORDS}/*/meta.json",
    f"{WORDS}/*/.managed.json",
    f"{WORDS}/*/checksums.json",
]


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def overwrite(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle - 2 : middle + 2] = b"\xee\x00\xee\xff"
    path.write_bytes(data)


def ranks(library: Library) -> dict[str, list[int]]:
    return library.rank(QUESTION, Scope(), 10)


@pytest.fixture(scope="module")
def indexed(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, dict[str, list[int]]]]:
    shelf = Shelf(tmp_path_factory.mktemp("indexed"))
    for path, text in DOCUMENTS.items():
        shelf.write(path, text)
    library = shelf.open()
    library.sync(shelf.folder)
    yield shelf.data, ranks(library)
    shelf.close()


@pytest.mark.parametrize("damage", [delete, truncate, overwrite])
@pytest.mark.parametrize("pattern", FILES)
def test_damage_changes_no_answer(
    shelf: Shelf,
    indexed: tuple[Path, dict[str, list[int]]],
    pattern: str,
    damage: Callable[[Path], None],
) -> None:
    data, expected = indexed
    shutil.copytree(data, shelf.data)
    files = list(shelf.derived.glob(pattern))
    if not files:
        pytest.skip(f"there is no {pattern}")
    for file in files:
        damage(file)
    assert ranks(shelf.open()) == expected
    assert not shelf.embedder.texts
    assert ranks(shelf.open()) == expected


@pytest.mark.parametrize("lost", ["", WORDS, "vectors.faiss", "lock"])
def test_what_is_deleted_is_made_anew(
    shelf: Shelf, indexed: tuple[Path, dict[str, list[int]]], lost: str
) -> None:
    data, expected = indexed
    shutil.copytree(data, shelf.data)
    location = shelf.derived / lost
    shutil.rmtree(location) if location.is_dir() else location.unlink()
    assert ranks(shelf.open()) == expected
    assert not shelf.embedder.texts


def test_a_stale_copy_is_brought_up_to_date(shelf: Shelf) -> None:
    shelf.write("red.txt", "The red fox sleeps.")
    shelf.sync()
    shutil.copytree(shelf.derived, shelf.root / "old")
    shelf.write("red.txt", "The red fox is awake now.")
    shelf.write("blue.txt", "The blue fox sleeps.")
    shelf.sync()
    expected = ranks(shelf.open())
    shutil.rmtree(shelf.derived)
    shutil.copytree(shelf.root / "old", shelf.derived)
    assert ranks(shelf.open()) == expected
    assert all(len(ids) == 2 for ids in expected.values())


def test_damage_is_logged(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    shelf.write("red.txt", "The red fox sleeps.")
    shelf.sync()
    truncate(shelf.derived / "vectors.faiss")
    with caplog.at_level(logging.WARNING):
        ranks(shelf.open())
    assert "vectors.faiss" in caplog.text


class TestChanges:
    def test_a_replaced_document_vanishes_from_both_halves(self, shelf: Shelf) -> None:
        library = shelf.open()
        shelf.write("a.txt", "The red fox sleeps in the mill.")
        library.sync(shelf.folder)
        before = ranks(library)
        shelf.write("a.txt", "Nothing of the kind is said by anyone here.")
        library.sync(shelf.folder)
        after = ranks(library)
        assert before["dense"] == before["lexical"] != []
        assert after["lexical"] == []
        assert not set(before["dense"]) & set(after["dense"])

    def test_a_removed_document_vanishes_from_both_halves(self, shelf: Shelf) -> None:
        library = shelf.open()
        shelf.write("a.txt", "The red fox sleeps in the mill.")
        library.sync(shelf.folder)
        library.remove(library.documents()[0].id)
        assert ranks(library) == {"dense": [], "lexical": [], "fusion": []}

    def test_another_library_sees_it_at_once(self, shelf: Shelf) -> None:
        writer, reader = shelf.open(), shelf.open()
        assert not reader.ask(QUESTION).closest
        shelf.write("a.txt", "The red fox sleeps in the mill.")
        writer.sync(shelf.folder)
        assert reader.ask(QUESTION).quotes[0].document.path == "a.txt"
        shelf.write("a.txt", "The red fox sleeps in the tower.")
        writer.sync(shelf.folder)
        assert "tower" in reader.ask(QUESTION).quotes[0].text

    def test_only_what_changed_is_read_after_a_change(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writer, reader = shelf.open(), shelf.open()
        for path, text in DOCUMENTS.items():
            shelf.write(path, text)
        writer.sync(shelf.folder)
        ranks(reader)
        # Whoever reads the ids of all passages from now on does so in vain.
        monkeypatch.setattr(Revisions, "passages", None)
        shelf.write("red.txt", "The red fox is awake now.")
        shelf.write("new.txt", "The red fox sleeps in the new mill.")
        (shelf.folder / "old.txt").unlink()
        writer.sync(shelf.folder)
        writer.move(writer.documents()[0].id, "others")
        found = ranks(reader)
        monkeypatch.undo()
        assert found == ranks(shelf.open())
        assert reader.ask(QUESTION, Scope(("others",))).quotes

    def test_what_was_lost_before_a_change_is_made_anew(self, shelf: Shelf) -> None:
        library = shelf.open()
        for path, text in DOCUMENTS.items():
            shelf.write(path, text)
        library.sync(shelf.folder)
        (words,) = shelf.derived.glob(f"{WORDS}/*")
        shutil.rmtree(words)
        shelf.write("new.txt", "The red fox sleeps in the new mill.")
        library.sync(shelf.folder)
        assert len(ranks(library)["lexical"]) == len(DOCUMENTS) + 1

    def test_what_goes_while_the_index_catches_up_is_passed_over(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writer, reader = shelf.open(), shelf.open()
        ranks(reader)  # loads the vectors, of which there are none yet
        shelf.write("a.txt", "The red fox sleeps in the mill.")
        shelf.write("b.txt", "The red fox sleeps in the tower.")
        writer.sync(shelf.folder)
        searchable = reader.store.passages.searchable

        def removed_meanwhile(ids: Collection[int]) -> Iterator[list[Searchable]]:
            monkeypatch.undo()
            writer.store.remove([writer.documents()[0].id])
            return searchable(ids)

        monkeypatch.setattr(reader.store.passages, "searchable", removed_meanwhile)
        assert len(ranks(reader)["lexical"]) == 2  # the writer has not removed its words yet
        assert len(ranks(reader)["fusion"]) == 1

    def test_collections_are_apart(self, shelf: Shelf) -> None:
        library = shelf.open()
        for name in ("one", "two"):
            location = shelf.write(f"{name}/same.txt", f"The red fox sleeps in mill {name}.")
            library.sync(location.parent, name)
        for name in ("one", "two"):
            answer = library.ask(QUESTION, Scope((name,)))
            assert [quote.text for quote in answer.quotes] == [
                f"The red fox sleeps in mill {name}."
            ]
        assert len(library.ask(QUESTION, Scope(("one", "two"))).quotes) == 2
        assert not library.ask(QUESTION, Scope(("three",))).closest
        assert not library.ask(QUESTION, Scope(())).closest
        assert not library.ask(QUESTION).closest
        assert library.status(["one"]).documents == 1
        assert [d.collection for d in library.documents(["two"])] == ["two"]

    def test_syncing_one_collection_leaves_the_other(self, shelf: Shelf) -> None:
        library = shelf.open()
        shelf.write("a.txt", "The red fox sleeps.")
        library.sync(shelf.folder, "one")
        (shelf.folder / "a.txt").unlink()
        library.sync(shelf.folder, "two")
        assert library.ask(QUESTION, Scope(("one",))).quotes

    def test_many_of_one_collection_do_not_hide_another(self, shelf: Shelf) -> None:
        library = shelf.open()
        for at in range(150):
            shelf.write(f"many/{at}.txt", f"The red fox sleeps. It is number {at}.")
        shelf.write("few/a.txt", "A fox was seen there once, they say.")
        library.sync(shelf.folder / "many", "many")
        library.sync(shelf.folder / "few", "few")
        found = library.rank(QUESTION, Scope(("few",)), 5)
        assert found["dense"] == found["lexical"] == found["fusion"] != []


class TestRebuild:
    def test_it_embeds_nothing_and_changes_no_answer(self, shelf: Shelf) -> None:
        for path, text in DOCUMENTS.items():
            shelf.write(path, text)
        library = shelf.open()
        library.sync(shelf.folder)
        expected = ranks(library)
        fresh = HashEmbedder()
        told: list[tuple[int, int]] = []
        shelf.open(fresh).rebuild(lambda done, total: told.append((done, total)))
        assert not fresh.texts
        assert told[-1] == (5, 5)
        assert ranks(shelf.open()) == expected

    def test_an_empty_index_can_be_rebuilt(self, shelf: Shelf) -> None:
        shelf.open().rebuild()
        assert not shelf.open().ask(QUESTION).quotes

    def test_what_is_added_after_it_is_found(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The green dog is awake.")
        library = shelf.open()
        library.sync(shelf.folder)
        library.ask(QUESTION)
        library.rebuild()
        shelf.write("b.txt", "The red fox sleeps in the mill.")
        library.sync(shelf.folder)
        assert library.ask(QUESTION).quotes[0].document.path == "b.txt"
