"""Lists of sources fit messages, whatever the names of documents are."""

import re
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from bot.conversation.conversation import Conversation
from bot.conversation.questions import Request
from bot.conversation.replies import Sources, source_of
from bot.i18n.language import speaking
from bot.telegram.links import DeepLinks
from bot.telegram.rendering.replies import QUOTE_TYPES, format_reply
from bot.telegram.rendering.sources import format_origins, format_page
from index.core.answers import Quote
from index.core.documents import Document
from tests.bot.telegram.rendering.test_replies import NAMES, TEXTS, check_limits, quotes
from tests.support.library import STATUS, StubLibrary, document


@pytest.mark.slow
@given(st.lists(quotes(), min_size=1, max_size=3), st.lists(quotes(), max_size=15))
def test_the_places_of_quotes_fit(shown: list[Quote], others: list[Quote]) -> None:
    messages = format_origins([replace(one, also=tuple(others)) for one in shown], 4)
    assert all(message.fits for message in messages)
    assert not any(message.texts_under(*QUOTE_TYPES) for message in messages)
    text = "\n".join(message.text for message in messages)
    sources = len(list(groupby(shown, source_of)))
    numbered = re.findall(r"^\W*\[([\d, ]+)\] ", text, re.MULTILINE)
    assert len(numbered) == (sources if sources > 1 else 0)


@given(st.lists(st.builds(document, NAMES, TEXTS), max_size=40))
def test_the_list_of_sources_is_one_message(shelf: list[Document]) -> None:
    messages = format_reply(Conversation(StubLibrary(shelf=shelf)).reply(Request.read("/sources")))
    assert len(messages) == 1
    check_limits(messages)


def test_the_documents_are_listed() -> None:
    reply = Sources((document(), document(None, "a/b.txt", None)), 12, STATUS)
    (message,) = format_reply(reply)
    assert message.text == (
        "I answer from 1,204 documents (newest: 31 December 2021):\n"
        "• Taliban seize a key district · 10 July 2021\n• b\nand 12 more"
    )


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_each_line_of_a_list_has_the_direction_of_the_language(language: str) -> None:
    reply = Sources((document(), document("Der Hafen", "b.txt")), 0, STATUS)
    with speaking(language):
        page = format_page(reply, DeepLinks(create_engine("sqlite://"), "onrecord_bot"))
        (listed,) = format_reply(reply)
    for text in (page.text, listed.text):
        assert text.count("\n\u200f• ") == 2
