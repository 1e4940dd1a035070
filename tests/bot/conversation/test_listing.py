"""Replies to questions about the documents: titles, openings, and what they refer to."""

from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.collection import Kind
from bot.conversation.conversation import Conversation
from bot.conversation.followups.dialogue import ALONE, Dialogue
from bot.conversation.listing import matches
from bot.conversation.questions import Request
from bot.conversation.replies import (
    AnswerReply,
    Count,
    Languages,
    Listing,
    Openings,
    Reply,
    Sources,
)
from bot.i18n.language import LANGUAGES, speaking
from bot.texts.listings import in_words
from index.core.documents import Document, Metadata
from tests.support.library import StubLibrary, document

OLD = document("The dam holds", "dam/one.txt", date(2019, 3, 1))
NEW = replace(document("The dam breaks", "dam/two.txt", date(2022, 5, 2)), id=2)
UNDATED = replace(document("Tea in Kandy", "tea.txt", None), id=3)
SHELF = (OLD, UNDATED, NEW)


def reply_to(text: str, dialogue: Dialogue = ALONE, shelf: tuple[Document, ...] = SHELF) -> Reply:
    return Conversation(StubLibrary(shelf=shelf)).reply(Request.read(text), dialogue)


def titles(reply: Reply) -> list[str | None]:
    assert isinstance(reply, Listing)
    return [document.metadata.title for document in reply.documents]


def opened(reply: Reply) -> list[int]:
    assert isinstance(reply, Openings)
    return [quote.document.id for quote in reply.shown]


def test_titles_come_in_the_order_that_is_asked_for() -> None:
    assert titles(reply_to("list sources about the dam")) == ["The dam holds", "The dam breaks"]
    assert titles(reply_to("latest on the dam")) == ["The dam breaks", "The dam holds"]
    assert titles(reply_to("newest articles")) == [
        "The dam breaks",
        "The dam holds",
        "Tea in Kandy",
    ]


def test_no_document_is_listed_for_an_unknown_subject() -> None:
    reply = reply_to("what do you have on glaciers?")
    assert isinstance(reply, Listing)
    assert (reply.subject, reply.documents) == ("glaciers", ())


def test_a_long_list_ends() -> None:
    shelf = tuple(replace(OLD, id=at) for at in range(1, 14))
    reply = reply_to("anything on the dam?", shelf=shelf)
    assert isinstance(reply, Listing)
    assert (len(reply.documents), reply.unlisted) == (10, 3)


def test_size_and_contents() -> None:
    assert isinstance(reply_to("how many documents do you have?"), Count)
    assert isinstance(reply_to("what's in here?"), Sources)


def test_languages_are_counted_in_each_language() -> None:
    german = replace(NEW, metadata=replace(NEW.metadata, language="de-AT"), id=4)
    english = replace(OLD, metadata=replace(OLD.metadata, language="en"), id=5)
    shelf = (german, replace(german, id=6), english, UNDATED)
    reply = reply_to("what languages are your documents in?", shelf=shelf)
    assert reply == Languages((("de", 2), ("en", 1)))
    for language in LANGUAGES:
        with speaking(language):
            said = in_words(Languages((*reply.counts, ("xx", 1))))
            assert (said.count("("), said.count(")")) == (3, 3)
            assert in_words(Languages(())) != said
    with speaking("es"):
        assert in_words(reply) == "Idiomas de mis documentos: alemán (2) e inglés (1)."
    with speaking("de"):
        assert in_words(reply) == "Sprachen meiner Dokumente: Deutsch (2) und Englisch (1)."


@pytest.mark.parametrize(
    ("text", "dialogue", "expected"),
    [
        ("summarize tea in kandy", ALONE, [3]),
        ("summarize the dam", ALONE, [2, 1]),
        ("what is this document about?", Dialogue(documents=(2,), shown=(1,)), [2]),
        ("tl;dr", Dialogue(shown=(77, 3, 1)), [3]),
    ],
)
def test_a_summary_is_what_a_document_begins_with(
    text: str, dialogue: Dialogue, expected: list[int]
) -> None:
    assert opened(reply_to(text, dialogue)) == expected


def test_a_summary_of_nothing_said_is_of_the_only_document_or_asks_which() -> None:
    assert opened(reply_to("what is this about?", shelf=(NEW,))) == [2]
    reply = reply_to("what is this about?", Dialogue(shown=(77,)))
    assert isinstance(reply, Listing)
    assert (reply.kind, len(reply.documents)) == (Kind.SUMMARY, 3)


def test_limits_hold_for_lists_as_well() -> None:
    assert titles(reply_to("since:2020 newest articles")) == ["The dam breaks"]
    assert titles(reply_to("source:dam until:2020 what's in here?")) == ["The dam holds"]


def test_no_later_question_leans_on_one_about_the_documents() -> None:
    conversation = Conversation(StubLibrary(shelf=SHELF))
    asked = conversation.reply(Request.read("Which borders did they reach?"))
    before = ALONE.after(asked)
    listed = conversation.reply(Request.read("anything on tea?"), before)
    after = before.after(listed)
    assert (after.previous, after.scope) == (before.previous, before.scope)
    assert (before.shown, after.shown) == ((1,), (3,))
    assert opened(conversation.reply(Request.read("summarize it"), after)) == [3]


def test_an_answer_is_the_same_whatever_was_shown_before() -> None:
    assert Dialogue(shown=(1,)).relevant_to("Who fled?") == ALONE
    assert Dialogue("Who?", shown=(1,)).relevant_to("tl;dr") == Dialogue(shown=(1,))
    assert isinstance(reply_to("Who fled?", Dialogue(shown=(1,))), AnswerReply)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dam BREAKS", True),
        ("dam/two", True),
        ("dam two", True),
        ("2 May 2022", True),
        ("2022-05", True),
        ("2. Mai 2022", True),
        ("reuters", True),
        ("The dam bre… · 2 May 2022", True),
        ("The dam bre… · 3 May 2022", False),
        ("holds", False),
    ],
)
def test_what_lists_show_is_found(words: str, found: bool) -> None:
    metadata = replace(NEW.metadata, publisher="Reuters")
    assert matches(replace(NEW, metadata=metadata), words) is found


def test_a_document_without_title_is_found_by_its_first_words() -> None:
    untitled = replace(OLD, metadata=Metadata(), opening="The river rose overnight.")
    assert matches(untitled, "river rose")
