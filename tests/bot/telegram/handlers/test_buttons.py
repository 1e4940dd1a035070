"""The buttons under an answer, pressed over HTTP."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.storage.database import open_inbox
from bot.storage.exchanges import Votes
from bot.telegram.rendering.keyboards import is_openable
from index.answering.verification import State
from index.core.answers import Quote
from index.core.documents import Metadata
from index.store.certificates import certificate_id
from tests.botapi import FakeBotApi
from tests.support.chat import SEVEN, ask, labels, press, tell
from tests.support.library import (
    BORDERS,
    StubLibrary,
    abstained,
    answered,
    document,
    quote,
    unsure,
    verification,
)
from tests.support.running import running

EXPIRED = "I no longer know this answer. Please ask again."
CERTIFICATE = "[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"
TWICE = "That is here already, or on its way."

WORDS = (
    "#:~:text=In%20the%20past%20week%2C%20the,forces%20end%20their%20two%2Ddecade%20intervention."
)


pytestmark = pytest.mark.usefixtures("folder")


def from_url(url: str | None, text: str = BORDERS, title: str = "Borders") -> Quote:
    source = document(title)
    return quote(text, source=replace(source, metadata=Metadata(title=title, url=url)))


async def test_the_buttons_of_an_answer(api: FakeBotApi) -> None:
    async with running(api):
        reply = await ask(api, api.private_chat(1))
    assert labels(reply) == [
        "Context",
        "Show source",
        "👍 Helpful",
        "👎 Not it",
        "Certificate",
        "Keep",
    ]
    for button in reply.buttons:
        assert button.callback_data is not None
        assert len(button.callback_data.encode()) <= 64


async def test_other_messages_have_none(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        for text in ("/help", "/sources", "/about"):
            asked = ann.send(text)
            (reply,) = await api.wait_for(ann, after=asked)
            assert not reply.buttons


async def test_the_context_is_a_reply_with_the_quote_marked(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        toast, (context,) = await press(api, ann, reply, "Context")
    assert toast == ""
    assert context.reply_to is reply
    assert reply in ann.chat.sent
    assert context.entity_texts("blockquote") == [f"Before. {BORDERS} After."]
    assert context.entity_texts("bold") == [BORDERS]
    lines = (context.text or "").splitlines()
    assert lines[0] == "Around the quote, which is in bold:"
    place = "Taliban seize a key district · 10 July 2021 · ¶ 2"
    assert lines[-1] == f"{place} · “In the past week”: 3–10 Jul 2021"


async def test_a_context_of_each_quote(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(answered(*SEVEN[:3]))):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        _, (first,) = await press(api, ann, reply, "Context")
        assert labels(first) == ["Context of [2]", "Context of [3]"]
        _, (third,) = await press(api, ann, first, "Context of [3]")
    assert third.entity_texts("bold") == [SEVEN[2].text]
    assert labels(third) == ["Context of [1]", "Context of [2]"]


async def test_no_context_once_the_document_has_changed(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(around=None)):
        ann = api.private_chat(1)
        _, (reply,) = await press(api, ann, await ask(api, ann), "Context")
    assert "Taliban seize a key district has changed since, or is gone." in (reply.text or "")
    assert re.search(f"/verify {CERTIFICATE} ", reply.text or "")
    assert not reply.entity_texts("blockquote")


async def test_a_certificate_is_shown_and_verified_in_two_taps(api: FakeBotApi) -> None:
    found = verification(State.UNCHANGED, quote())
    async with running(api, StubLibrary(answered(*SEVEN[:2]), verification=found)):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        assert not re.search(CERTIFICATE, reply.text or "")
        _, (shown,) = await press(api, ann, reply, "Certificate")
        commands = shown.entity_texts("code")
        assert [certificate_id(quote) for quote in SEVEN[:2]] == [
            command.removeprefix("/verify ") for command in commands
        ]
        _, (verified,) = await press(api, ann, shown, "Verify now")
        (typed,) = [await tell(api, ann, commands[0])]
    assert verified.entity_texts("blockquote") == [BORDERS] * 2
    assert typed == (verified.text or "").partition("\n\n")[0]


async def test_a_quote_that_was_not_certified_cannot_be_verified(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        _, (shown,) = await press(api, ann, await ask(api, ann), "Certificate")
        _, (verified,) = await press(api, ann, shown, "Verify now")
    assert (verified.text or "").startswith("No quote was sent with the certificate ")


async def test_the_buttons_of_several_answers_in_one_message(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(echo=True)) as library:
        ann = api.private_chat(1)
        reply = await ask(api, ann, "Which borders were reached? Who denied the reports?")
        assert library.asked == ["Which borders were reached?", "Who denied the reports?"]
        assert labels(reply) == ["Context", "Show source", "Certificate", "Keep [1]", "Keep [2]"]
        _, (first,) = await press(api, ann, reply, "Context")
        _, (second,) = await press(api, ann, first, "Context of [2]")
    assert first.entity_texts("bold") == library.asked[:1]
    assert second.entity_texts("bold") == library.asked[1:2]


async def test_one_address_is_opened(api: FakeBotApi) -> None:
    quotes = [
        from_url("https://example.org/borders"),
        from_url("https://example.org/borders", "B."),
    ]
    async with running(api, StubLibrary(answered(*quotes))):
        reply = await ask(api, api.private_chat(1))
    assert reply.button("Open source").url == f"https://example.org/borders{WORDS}"


async def test_several_sources_are_listed(api: FakeBotApi) -> None:
    first = replace(
        from_url("https://example.org/a"), also=(from_url(None, "As B says.", "Other"),)
    )
    quotes = [first, from_url("https://example.org/b", "B.", "Second")]
    async with running(api, StubLibrary(answered(*quotes))):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        toast, (listed,) = await press(api, ann, reply, "Show sources")
    assert toast == ""
    assert listed.reply_to is reply
    assert listed.entity_texts("code") == ["news/taliban.txt", "news/taliban.txt"]
    text = listed.text or ""
    for part in (
        "[1] Borders\n",
        "https://example.org/a\n",
        "The same in 1 other source:\n• Other · ¶ 2",
        "[2] Second\n",
        "\nhttps://example.org/b",
    ):
        assert part in text


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/a",
        "ftp://example.org/a",
        "javascript:alert(1)",
        "https://[",
    ],
)
async def test_an_address_telegram_would_refuse_is_listed(api: FakeBotApi, url: str) -> None:
    assert not is_openable(url)
    async with running(api, StubLibrary(answered(from_url(url)))):
        ann = api.private_chat(1)
        _, (listed,) = await press(api, ann, await ask(api, ann), "Show source")
    assert url in (listed.text or "")


async def test_an_answer_refused_for_its_buttons_goes_without(api: FakeBotApi) -> None:
    url = "inline keyboard button URL 'x' is invalid: Wrong HTTP URL"
    api.fail_next("sendMessage", 400, description=f"Bad Request: {url}")
    async with running(api):
        reply = await ask(api, api.private_chat(1))
    assert BORDERS in (reply.text or "")
    assert not reply.buttons


async def test_more_quotes_come_page_by_page(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(answered(*SEVEN))):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        assert labels(reply)[:3] == ["Context", "Show source", "More quotes"]
        _, (second,) = await press(api, ann, reply, "More quotes")
        _, (third,) = await press(api, ann, second, "More quotes")
        _, (context,) = await press(api, ann, third, "Context")
    shown = [message.entity_texts("blockquote") for message in (reply, second, third)]
    texts = [q.text for q in SEVEN]
    assert shown == [texts[:3], texts[3:6], texts[6:]]
    assert "\n[4] " in (second.text or "")
    assert second.reply_to is reply
    assert "More quotes" not in labels(third)
    assert (context.text or "").startswith("Around [7]")


async def test_more_of_what_came_closest(api: FakeBotApi) -> None:
    found = abstained(*SEVEN[:3], missing=("2019",), about="2022")
    async with running(api, StubLibrary(found)):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        assert labels(reply) == ["Context", "Show source", "More quotes", "Certificate", "Keep"]
        _, (second,) = await press(api, ann, reply, "More quotes")
    assert (reply.text or "").count("Closest, about 2022:\n") == 1
    assert (second.text or "").startswith("Closest, but not an answer:\n")
    assert (second.text or "").count("Closest") == 1
    assert second.entity_texts("blockquote") == [q.text for q in SEVEN[1:3]]
    assert labels(second) == ["Context", "Show source", "Certificate", "Keep [2]", "Keep [3]"]


async def test_an_unsure_answer_has_the_buttons_of_an_answer(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(unsure(*SEVEN))):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        assert labels(reply)[2:6] == ["More quotes", "👍 Helpful", "👎 Not it", "Certificate"]
        _, (second,) = await press(api, ann, reply, "More quotes")
    assert (second.text or "").count("Not sure this answers it:\n") == 1
    assert second.entity_texts("blockquote") == [q.text for q in SEVEN[3:6]]


async def test_quotes_that_are_no_more(api: FakeBotApi) -> None:
    library = StubLibrary(answered(*SEVEN))
    async with running(api, library):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        library.answer = answered(*SEVEN[:2])
        _, (second,) = await press(api, ann, reply, "More quotes")
    assert second.text == "There are no more quotes on this question."


async def test_more_quotes_count_as_a_question(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(answered(*SEVEN)), questions_per_minute=1):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        toast, sent = await press(api, ann, reply, "More quotes")
    assert toast.startswith("I answer 1 question a minute.")
    assert not sent


async def test_a_full_queue_is_said_below(api: FakeBotApi) -> None:
    library = StubLibrary(answered(*SEVEN))
    async with running(api, library, queue_size=1):
        ann, bob = api.private_chat(1), api.private_chat(2)
        reply = await ask(api, ann)
        library.free.clear()
        bob.send("One?")
        bob.send("Two?")
        cy = api.private_chat(3)
        cy.send("Three?")
        await api.wait_until(lambda: bool(cy.chat.actions and bob.chat.actions))
        _, (second,) = await press(api, ann, reply, "More quotes")
    assert (second.text or "").startswith("I'm busy")


async def test_votes_are_kept(api: FakeBotApi, folder: Path) -> None:
    async with running(api):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        for label, thanks in [("👍 Helpful", "Thank you."), ("👎 Not it", "Noted:")] * 2:
            toast, sent = await press(api, ann, reply, label)
            assert toast.startswith(thanks)
            assert not sent
        bob = api.private_chat(2)
        await press(api, bob, await ask(api, bob), "👍 Helpful")
    engine = open_inbox(folder)
    tally = Votes(engine).tally()
    engine.dispose()
    assert [(exchange.user_id, votes) for exchange, votes in tally] == [(1, -1), (2, 1)]
