"""Certificates tell one chat nothing of another, and keep nothing that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from bot.cli import terminal
from bot.conversation.conversation import Conversation, collection_of
from bot.conversation.questions import Request
from bot.conversation.replies import AnswerReply
from index.answering.verification import State
from index.core.answers import Quote
from index.core.errors import CertificateError, StoreError
from index.core.scope import Scope
from index.library import Library
from index.store.certificates import certificate_id
from tests.support.folders import Shelf

STORY = "The ferry sank near the harbour on Monday."
QUESTION = "Where did the ferry sink?"
ONE, TWO = collection_of(1), collection_of(2)


@pytest.fixture
def library(shelf: Shelf) -> Library:
    """Two chats have the same file; only the first one asked."""
    library = shelf.open()
    for collection in (ONE, TWO):
        library.add_document(
            shelf.write("a.txt", STORY), collection, lambda _done, _all: None, "a.txt"
        )
    return library


def shown(library: Library, collection: str) -> Quote:
    reply = Conversation(library, (collection,)).reply(Request.read(QUESTION))
    assert isinstance(reply, AnswerReply)
    return reply.shown[0]


def state(library: Library, quote: Quote, collection: str) -> State:
    return library.verify(certificate_id(quote), Scope((collection,))).state


def test_the_certificate_of_another_chat_is_unknown(library: Library) -> None:
    quote = shown(library, ONE)
    assert state(library, quote, ONE) is State.UNCHANGED
    with pytest.raises(CertificateError):
        state(library, quote, TWO)


def test_what_was_sent_to_both_is_known_to_both(library: Library) -> None:
    quote = shown(library, ONE)
    shown(library, TWO)
    assert state(library, quote, TWO) is State.UNCHANGED
    library.remove(library.documents([TWO])[0].id)
    assert state(library, quote, TWO) is State.DOCUMENT_GONE
    assert state(library, quote, ONE) is State.UNCHANGED


def test_a_document_that_is_shared_takes_its_certificates_along(library: Library) -> None:
    quote = shown(library, ONE)
    library.move(library.documents([ONE])[0].id, "library")
    assert state(library, quote, "library") is State.UNCHANGED


@pytest.mark.slow
@pytest.mark.parametrize("renamed", [False, True])
def test_a_removed_document_leaves_no_words(shelf: Shelf, renamed: bool) -> None:
    path = shelf.write("a.txt", STORY)
    shelf.sync()
    quote = shown(shelf.open(), "library")
    if renamed:
        path = path.rename(shelf.folder / "b.txt")
        shelf.sync()
        path.write_text("Another ferry sank, they say.", encoding="utf-8")
        shelf.sync()
    path.unlink()
    shelf.sync()
    library = shelf.open()
    library.certify([quote])  # as a button does that is pressed later
    assert state(library, quote, "library") is State.DOCUMENT_GONE
    with library.store._engine.connect() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]
    assert "harbour" not in dump


def test_only_what_is_shown_is_kept(shelf: Shelf) -> None:
    for number in range(5):
        shelf.write(f"{number}.txt", f"{STORY} It was ferry number {number} of the harbour.")
    shelf.sync()
    library = shelf.open(min_confidence=1.0)
    reply = Conversation(library).reply(Request.read("Who is the mayor of the harbour?"))
    assert isinstance(reply, AnswerReply)
    hidden = {certificate_id(q) for q in reply.answer.closest} - {
        certificate_id(q) for q in reply.shown
    }
    assert hidden
    for certificate in hidden:
        with pytest.raises(CertificateError):
            library.verify(certificate)


def test_an_id_that_is_not_kept_is_not_shown(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("a.txt", STORY)
    shelf.sync()
    library = shelf.open()

    def full(*_given: object) -> None:
        raise StoreError("index.db cannot be written: database or disk is full")

    monkeypatch.setattr(type(library.store.certificates), "_keep", full)
    console = Console(record=True, width=200)
    console.print(terminal.render_reply(Conversation(library).reply(Request.read(QUESTION))))
    printed = console.export_text()
    assert "harbour" in printed
    assert "certificate" not in printed


def test_what_a_chat_had_forgotten_is_not_known(library: Library, tmp_path: Path) -> None:
    quote = shown(library, ONE)
    library.forget_certificates(ONE)
    with pytest.raises(CertificateError):
        state(library, quote, ONE)
