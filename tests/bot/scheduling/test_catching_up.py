"""Documents of an earlier version are brought up to date while nobody waits."""

from __future__ import annotations

from bot.scheduling.catching_up import catching_up
from index.library import Library
from tests.support.folders import Shelf
from tests.support.waiting import eventually


def outdated(shelf: Shelf) -> Library:
    shelf.speakers = True
    shelf.write("a.txt", "The mayor said it rains.\n")
    shelf.sync()
    library = shelf.open()
    (document,) = library.documents()
    library.store.attributions.replace(document.id, [], 0)
    return library


def test_they_are_read_again(shelf: Shelf) -> None:
    library = outdated(shelf)
    with catching_up(library, busy=lambda: False):
        assert eventually(lambda: not library.attributions.outdated())


def test_questions_come_first(shelf: Shelf) -> None:
    library = outdated(shelf)
    asked: list[None] = []
    with catching_up(library, busy=lambda: asked.append(None) is None):
        assert eventually(lambda: len(asked) > 1)
    assert library.attributions.outdated()
