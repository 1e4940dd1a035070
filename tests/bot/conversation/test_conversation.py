"""Text in, reply out."""

from dataclasses import replace

import pytest

from bot.conversation.conversation import MAX_LISTED, Conversation
from bot.conversation.questions import Request
from bot.conversation.replies import (
    AnswerReply,
    CheckReply,
    Help,
    Refusal,
    Sources,
    VerificationReply,
    Welcome,
)
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State
from index.core.errors import QuestionError
from tests.support.library import EXAMPLES, STATUS, StubLibrary, document, verification


@pytest.mark.parametrize(
    "text",
    ["Which borders?", " Which borders?\n", "/ask Which borders?", "/ask@a_bot Which borders?"],
)
def test_a_question(text: str) -> None:
    library = StubLibrary()
    reply = Conversation(library).reply(Request.read(text))
    assert reply == AnswerReply(library.answer, STATUS)
    assert library.asked == ["Which borders?"]


@pytest.mark.parametrize("text", ["/start", "/START", "/start@onrecord_bot", "/start payload"])
def test_start(text: str) -> None:
    assert Conversation(StubLibrary()).reply(Request.read(text)) == Welcome(EXAMPLES, STATUS)


def test_help() -> None:
    assert Conversation(StubLibrary()).reply(Request.read("/help")) == Help()


def test_sources() -> None:
    library = StubLibrary(shelf=[document(path=f"{n}.txt") for n in range(MAX_LISTED + 12)])
    reply = Conversation(library).reply(Request.read("/sources"))
    assert reply == Sources(tuple(library.shelf[:MAX_LISTED]), 12, STATUS)


def test_a_short_list_of_sources_is_whole() -> None:
    reply = Conversation(StubLibrary()).reply(Request.read("/sources"))
    assert reply == Sources((document(),), 0, STATUS)


def test_an_unknown_command() -> None:
    reply = Conversation(StubLibrary()).reply(Request.read("/sourcse"))
    assert isinstance(reply, Refusal)
    assert "/sourcse" in reply.text
    assert "/help" in reply.text


@pytest.mark.parametrize("text", ["", " \n", "/ask"])
def test_a_question_that_cannot_be_asked(text: str) -> None:
    reply = Conversation(StubLibrary()).reply(Request.read(text))
    assert reply == Refusal("the question is empty; type one")


def test_how_a_misspelt_question_was_understood_is_told() -> None:
    library = StubLibrary()
    library.answer = replace(library.answer, understood="Which borders?")
    reply = Conversation(library).reply(Request.read("Wich borders?"))
    assert isinstance(reply, AnswerReply)
    assert reply.understood == "Which borders?"


def test_what_is_answered_is_certified() -> None:
    library = StubLibrary()
    Conversation(library).reply(Request.read("Which borders?"))
    assert library.certified == [library.answer]


def test_check() -> None:
    library = StubLibrary(findings=[Finding("He left.", Verdict.NOT_FOUND)])
    reply = Conversation(library).reply(Request.read("/check He left.\nShe stayed."))
    assert reply == CheckReply((library.findings[0],))
    assert library.checked == ["He left.\nShe stayed."]
    assert Conversation(library).reply(Request.read("/check")) == Refusal(
        "there is nothing to check"
    )


def test_verify() -> None:
    found = verification(State.DOCUMENT_GONE)
    reply = Conversation(StubLibrary(verification=found)).reply(
        Request.read("/verify 7K3M-Q2XA-90VB")
    )
    assert reply == VerificationReply(found)


def test_an_unknown_certificate_is_one_line() -> None:
    reply = Conversation(StubLibrary()).reply(Request.read("/verify 7K3M"))
    assert reply == Refusal("no quote was sent with the certificate 7K3M")


def test_a_path_is_no_command() -> None:
    library = StubLibrary()
    Conversation(library).reply(Request.read("/etc/hosts says what?"))
    assert library.asked == ["/etc/hosts says what?"]


def test_only_a_question_error_is_a_refusal() -> None:
    library = StubLibrary(error=QuestionError("too long: 9 of at most 8 characters"))
    assert Conversation(library).reply(Request.read("a" * 9)) == Refusal(str(library.error))
    library.error = RuntimeError("broken")
    with pytest.raises(RuntimeError):
        Conversation(library).reply(Request.read("a"))
