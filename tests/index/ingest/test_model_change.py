"""An index changes its model while it is asked, and a killed change goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.core.errors import ModelError
from index.core.scope import Scope
from index.core.settings import DEFAULT_MODEL, IndexSettings
from index.ingest.model_change import change_model
from index.library import Library
from index.models.following import FollowingEmbedder
from index.store.lock import WriteLock
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf

COUNT = 70
QUESTION = "Where does fox number 7 sleep?"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    for number in range(COUNT):
        title = f"# Title {number}\n\n" if number % 2 else ""
        made.write(f"{number}.md", f"{title}Fox number {number} sleeps in mill {number}.")
    made.sync()
    yield made
    made.close()


@pytest.fixture
def following(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library that is open while the model changes, as in a running bot."""
    models = {
        DEFAULT_MODEL: HashEmbedder(name=DEFAULT_MODEL),
        "wide": HashEmbedder(name="wide", dimension=96),
    }
    monkeypatch.setattr("index.models.following.open_embedder", lambda name, _: models[name])
    library = shelf.open()
    settings = IndexSettings(_env_file=None, data=shelf.data)
    library.embedder = FollowingEmbedder(
        settings, library.store.model, lambda: library.store.revisions.last
    )
    return library


def change(shelf: Shelf, embedder: HashEmbedder) -> bool:
    library = shelf.opened[0]
    return change_model(library.store, embedder, WriteLock(shelf.data / "writing.lock"))


@pytest.mark.slow
def test_a_running_library_answers_before_and_after(shelf: Shelf, following: Library) -> None:
    before = following.ask(QUESTION)
    asked: list[str] = []

    def ask(texts: Sequence[str]) -> None:
        asked.append(following.ask(QUESTION).quotes[0].text)

    assert change(shelf, HashEmbedder(name="wide", dimension=96, before=ask))
    assert len(asked) == 3
    assert set(asked) == {before.quotes[0].text}
    assert following.ask(QUESTION).quotes
    assert (following.embedder.name, following.store.dimension()) == ("wide", 96)
    following.rebuild()
    assert following.find_faults() == []
    assert following.store.find_faults() == []


@pytest.mark.slow
def test_the_new_vectors_are_those_of_an_index_of_the_model(shelf: Shelf, tmp_path: Path) -> None:
    wide = HashEmbedder(name="wide", dimension=96)
    assert change(shelf, wide)
    fresh = Shelf(tmp_path / "fresh", HashEmbedder(name="wide", dimension=96))
    try:
        for file in shelf.folder.iterdir():
            fresh.write(file.name, file.read_bytes())
        fresh.sync()
        assert sorted(wide.texts) == sorted(fresh.embedder.texts)
        found = [made.open(embedder=wide).rank(QUESTION, Scope(), 5) for made in (shelf, fresh)]
        assert found[0]["dense"][0] == found[1]["dense"][0]
        again = shelf.open(embedder=wide).sync(shelf.folder)
        assert (again.unchanged, again.embedded) == (COUNT, 0)
    finally:
        fresh.close()


@pytest.mark.slow
def test_a_killed_change_goes_on_where_it_was(shelf: Shelf) -> None:
    def die(texts: Sequence[str]) -> None:
        if len(dying.texts) >= 32:
            raise KeyboardInterrupt

    dying = HashEmbedder(name="wide", dimension=96, before=die)
    with pytest.raises(KeyboardInterrupt):
        change(shelf, dying)
    library = shelf.open()
    assert library.ask(QUESTION).quotes  # the old model still answers
    shelf.write("late.md", "A late fox sleeps in the lock.")
    library.sync(shelf.folder)
    second = HashEmbedder(name="wide", dimension=96)
    assert change(shelf, second)
    assert len(second.texts) == COUNT + 1 - 32
    assert not change(shelf, second)


@pytest.mark.slow
def test_another_model_than_that_of_a_killed_change_begins_anew(shelf: Shelf) -> None:
    change_to = shelf.opened[0].store.model_change
    change_to.begin("wide")
    change_to.stage({"0" * 64: HashEmbedder().embed_question("fox")})
    narrow = HashEmbedder(name="narrow", dimension=32)
    assert change(shelf, narrow)
    assert len(narrow.texts) == COUNT
    with pytest.raises(ModelError, match="onrecord index rebuild --model"):
        shelf.open()
    assert shelf.open(embedder=narrow).store.find_faults() == []
