"""Who says what is found beside embedding, and belongs to its document whatever fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from threading import Event, current_thread, main_thread
from time import monotonic

import pytest

from index.core.attributions import Attribution
from index.core.documents import Sentence, Span
from index.core.errors import ModelError
from index.library import Library
from tests.support import PATIENCE_S
from tests.support.folders import Shelf
from tests.support.silent import SilentTagger

FILES = 20


@dataclass
class ScriptedTagger(SilentTagger):
    """Finds that the first word of a document says its last, once `before` returns."""

    before: Callable[[Callable[[], None]], object]

    def find(
        self, text: str, sentences: Sequence[Sentence], go_on: Callable[[], None] = lambda: None
    ) -> list[Attribution]:
        self.before(go_on)
        first, last = text.index(" "), text.rindex(" ") + 1
        return [Attribution((Span(0, first),), (Span(first, last),), (Span(last, len(text)),))]


@pytest.fixture
def library(shelf: Shelf) -> Library:
    """A library whose folder has some files to sync."""
    for at in range(FILES):
        shelf.write(f"{at:02}.txt", f"Fox{at} of the mill said: {at * 'very '}red.")
    return shelf.open()


def tag(library: Library, before: Callable[[Callable[[], None]], object]) -> None:
    library.attributions = replace(library.attributions, tagger=ScriptedTagger(before))


def test_speakers_are_found_while_passages_are_embedded(library: Library, shelf: Shelf) -> None:
    embedding = Event()
    shelf.embedder.before = lambda texts: embedding.set()
    seen: list[bool] = []
    tag(library, lambda go_on: seen.append(embedding.wait(PATIENCE_S)))
    library.sync(shelf.folder)
    assert seen == [True] * FILES


def test_each_document_has_its_own_speakers(library: Library, shelf: Shelf) -> None:
    tag(library, lambda go_on: go_on())
    library.sync(shelf.folder)
    documents = library.documents()
    assert [document.path for document in documents] == [f"{at:02}.txt" for at in range(FILES)]
    for at, document in enumerate(documents):
        (found,) = library.store.attributions.of(document.id)
        text = library.store.text(document.id)
        assert [span.cut(text) for span in (*found.source, *found.content)] == [f"Fox{at}", "red."]


def test_a_network_that_cannot_be_loaded_ends_the_run(library: Library, shelf: Shelf) -> None:
    def fail(_: object) -> None:
        raise ModelError("cannot load the network")

    tag(library, fail)
    with pytest.raises(ModelError):
        library.sync(shelf.folder)
    assert library.documents() == []


def test_the_progress_ends_a_run_that_looks_for_speakers(library: Library, shelf: Shelf) -> None:
    def stop(done: int, total: int) -> None:
        if current_thread() is not main_thread():
            raise KeyError(done, total)

    tag(library, lambda go_on: go_on())
    with pytest.raises(KeyError):
        library.add_document(shelf.folder / "01.txt", "library", stop, "own name.txt")
    assert library.documents() == []


def test_nothing_is_looked_for_after_a_run_that_failed(library: Library, shelf: Shelf) -> None:
    looking, ended = Event(), Event()

    def fail(_: object) -> None:
        assert looking.wait(PATIENCE_S)
        raise MemoryError

    def look(go_on: Callable[[], None]) -> None:
        looking.set()
        until = monotonic() + PATIENCE_S
        try:
            while monotonic() < until:
                go_on()
        except CancelledError:
            ended.set()

    shelf.embedder.before = fail
    tag(library, look)
    with pytest.raises(MemoryError):
        library.sync(shelf.folder)
    assert ended.wait(PATIENCE_S)
