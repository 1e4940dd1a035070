"""Attributions: stored with their documents, checked, listed, and a filter of questions."""

from __future__ import annotations

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.questions import Request
from bot.conversation.replies import Speakers
from index.core.attributions import Attribution
from index.core.documents import Span, Speaker
from index.core.scope import Scope
from index.library import Library
from tests.support.folders import Shelf

LEE = "Mayor Ann Lee"
TEXT = f"{LEE} said the bridge is safe.\n\nThe bridge was built of stone.\n"


def attributed(shelf: Shelf) -> Library:
    """A library in which `LEE` says the first sentence."""
    shelf.write("a.txt", TEXT)
    shelf.write("b.txt", "The bridge is old.\n")
    shelf.sync()
    library = shelf.open()
    (document,) = (held for held in library.documents() if held.path == "a.txt")
    speaker = Speaker(LEE, Span(0, len(LEE)))
    cue, content = (
        (Span(TEXT.index(words), TEXT.index(words) + len(words)),)
        for words in ("said", "the bridge is safe")
    )
    said = Attribution((speaker.span,), cue, content, speaker, "indirect")
    library.store.attributions.replace(document.id, [said], 1)
    assert library.store.attributions.of(document.id) == [said]
    return library


def test_they_are_read_with_passages(shelf: Shelf) -> None:
    library = attributed(shelf)
    ids = library.store.passages.ids_within(Scope(said="lee ANN"))
    (passage,) = library.store.passages.read(ids.tolist())
    assert passage.document.path == "a.txt"
    (said,) = passage.attributions
    assert said.speaker == Speaker(LEE, Span(0, len(LEE)))
    assert not len(library.store.passages.ids_within(Scope(said="Bob")))
    assert library.attributions.speakers(["library"]) == [(LEE, 1)]
    assert library.attributions.speakers(["other"]) == []
    talk = Conversation(library)
    assert talk.reply(Request.read("/speakers")) == Speakers(((LEE, 1),))
    assert talk.reply(Request.read("/speakers bob")) == Speakers(())


@pytest.mark.slow
def test_only_the_words_of_the_speaker_are_quoted(shelf: Shelf) -> None:
    library = attributed(shelf)
    answer = library.ask("What is said of the bridge?", Scope(said="Ann Lee"))
    quotes = answer.quotes or answer.closest
    assert [quote.text for quote in quotes] == [f"{LEE} said the bridge is safe."]
    assert quotes[0].speech == "indirect"
    asked = library.ask("Has the mayor commented?")
    assert asked.answered
    assert asked.quotes[0].speaker == Speaker(LEE, Span(0, len(LEE)))
    for nobody in ("What did the mayor say about pigeons?", "What did Bob Ray say about it?"):
        silent = library.ask(nobody)
        assert silent.state == "none"
        assert silent.silent in {"mayor", "Bob Ray"}


def test_a_damaged_speaker_is_found(shelf: Shelf) -> None:
    library = attributed(shelf)
    assert library.find_faults() == []
    document = next(held for held in library.documents() if held.path == "a.txt")
    (said,) = library.store.attributions.of(document.id)
    wrong = Attribution(said.source, said.cue, said.content, Speaker("Bob", Span(0, 3)), "direct")
    library.store.attributions.replace(document.id, [wrong], 1)
    assert "speakers" in str(library.find_faults()[0])


def test_documents_of_an_earlier_version_are_brought_up_to_date(shelf: Shelf) -> None:
    library = attributed(shelf)
    document = next(held for held in library.documents() if held.path == "a.txt")
    library.store.attributions.replace(document.id, [], 0)
    assert library.attributions.outdated() == [document.id]
    library.attributions.update_all()
    assert library.attributions.outdated() == []
    library.store.attributions.replace(99, [], 0)
    assert library.attributions.outdated() == []
