"""Text in, reply out."""

from dataclasses import replace

import pytest

from bot.conversation.conversation import MAX_LISTED, Conversation
from bot.conversation.followups.dialogue import Dialogue
from bot.conversation.questions import Request
from bot.conversation.replies import (
    AnswerReply,
    CheckReply,
    Help,
    Refusal,
    Reply,
    SmallTalk,
    Sources,
    VerificationReply,
    Welcome,
)
from index.answering.quote_check import Finding, Verdict
from index.answering.verification import State
from index.core.answers import Answer
from index.core.errors import QuestionError
from index.core.scope import Scope
from tests.support.library import (
    EVERYTHING,
    EXAMPLES,
    STATUS,
    StubLibrary,
    abstained,
    answered,
    document,
    quote,
    unsure,
    verification,
)


def reply_to(text: str, library: StubLibrary | None = None) -> Reply:
    return Conversation(library or StubLibrary()).reply(Request.read(text))


@pytest.mark.parametrize(
    "text",
    ["Which borders?", " Which borders?\n", "/ask Which borders?", "/ask@a_bot Which borders?"],
)
def test_a_question(text: str) -> None:
    library = StubLibrary()
    reply = reply_to(text, library)
    assert reply == AnswerReply(library.answer, STATUS)
    assert library.asked == ["Which borders?"]


@pytest.mark.parametrize("text", ["/start", "/START", "/start@onrecord_bot", "/start payload"])
def test_start(text: str) -> None:
    assert reply_to(text) == Welcome(EXAMPLES, STATUS)


def test_help() -> None:
    assert reply_to("/help") == Help()


def test_sources() -> None:
    library = StubLibrary(shelf=[document(path=f"{n}.txt") for n in range(MAX_LISTED + 12)])
    reply = reply_to("/sources", library)
    assert reply == Sources(tuple(library.shelf[:MAX_LISTED]), 12, STATUS)


def test_a_short_list_of_sources_is_whole() -> None:
    reply = reply_to("/sources")
    assert reply == Sources((document(),), 0, STATUS)


def test_an_unknown_command() -> None:
    reply = reply_to("/sourcse")
    assert isinstance(reply, Refusal)
    assert "/sourcse" in reply.text
    assert "/help" in reply.text


@pytest.mark.parametrize("text", ["", " \n", "/ask"])
def test_a_question_that_cannot_be_asked(text: str) -> None:
    reply = reply_to(text)
    assert reply == Refusal("the question is empty; type one")


def test_how_a_misspelt_question_was_understood_is_told() -> None:
    library = StubLibrary()
    library.answer = replace(library.answer, understood="Which borders?")
    reply = reply_to("Which bordrs?", library)
    assert isinstance(reply, AnswerReply)
    assert reply.understood == "Which borders?"


def test_all_of_a_message_is_read_as_it_is_meant() -> None:
    library = StubLibrary(echo=True, meant={"wich bordrs": "which borders", "thnaks": "thanks"})
    reply = reply_to("wich bordrs", library)
    assert isinstance(reply, AnswerReply)
    assert library.asked == ["which borders"]
    assert (reply.answer.question, reply.answer.understood) == ("wich bordrs", "which borders")
    assert (reply.understood, reply.leaned_on) == ("which borders", "which borders")
    assert isinstance(reply_to("thnaks", library), SmallTalk)


def test_a_question_that_leans_is_understood_first() -> None:
    library = StubLibrary(echo=True, meant={"nd in heart": "and in Herat"})
    dialogue = Dialogue("What fell in Kabul?", quote=quote("Kabul fell."))
    reply = Conversation(library).reply(Request.read("nd in heart"), dialogue)
    assert isinstance(reply, AnswerReply)
    assert library.asked[0] == "What fell in Herat?"


class Weighing(StubLibrary):
    """A library with one answer for the sources of a reply, and another for all documents."""

    def __init__(self, near: Answer, everywhere: Answer) -> None:
        super().__init__()
        self.by_scope = {(1,): near, None: everywhere}

    def ask(self, question: str, scope: Scope = EVERYTHING, max_quotes: int = 3) -> Answer:
        return self.by_scope[scope.documents]


UNSURE, SILENT, SURE = unsure(quote("Maybe.")), abstained(quote("No.")), answered(quote("Yes."))


@pytest.mark.parametrize(
    ("near", "everywhere", "kept", "is_elsewhere"),
    [
        (SURE, SURE, SURE, False),
        (UNSURE, SURE, SURE, True),
        (UNSURE, UNSURE, UNSURE, False),
        (UNSURE, SILENT, UNSURE, False),
        (SILENT, UNSURE, UNSURE, True),
        (SILENT, SILENT, SILENT, False),
    ],
)
def test_an_unsure_answer_yields_only_to_an_answer(
    near: Answer, everywhere: Answer, kept: Answer, is_elsewhere: bool
) -> None:
    conversation = Conversation(Weighing(near, everywhere))
    reply = conversation.reply(Request.read("Who left?"), Dialogue(documents=(1,)))
    assert isinstance(reply, AnswerReply)
    assert reply.answer == kept
    assert reply.is_elsewhere == is_elsewhere


def test_what_is_answered_is_certified() -> None:
    library = StubLibrary()
    reply_to("Which borders?", library)
    assert library.certified == list(library.answer.quotes)


def test_check() -> None:
    library = StubLibrary(findings=[Finding("He left.", Verdict.NOT_FOUND)])
    reply = reply_to("/check He left.\nShe stayed.", library)
    assert reply == CheckReply((library.findings[0],))
    assert library.checked == ["He left.\nShe stayed."]
    assert reply_to("/check", library) == Refusal("there is nothing to check")


def test_verify() -> None:
    found = verification(State.DOCUMENT_GONE)
    reply = reply_to("/verify 7K3M-Q2XA-90VB", StubLibrary(verification=found))
    assert reply == VerificationReply(found)


def test_an_unknown_certificate_is_one_line() -> None:
    reply = reply_to("/verify 7K3M")
    assert reply == Refusal("no quote was sent with the certificate 7K3M")


def test_a_path_is_no_command() -> None:
    library = StubLibrary()
    reply_to("/etc/hosts says what?", library)
    assert library.asked == ["/etc/hosts says what?"]


def test_only_a_question_error_is_a_refusal() -> None:
    library = StubLibrary(error=QuestionError("too long: 9 of at most 8 characters"))
    assert reply_to("a" * 9, library) == Refusal(str(library.error))
    library.error = RuntimeError("broken")
    with pytest.raises(RuntimeError):
        reply_to("a", library)
