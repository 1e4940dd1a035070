"""Questions typed after the bot's name in any chat, over HTTP."""

import asyncio
import io
from pathlib import Path

import pytest

from index.core.answers import Quote
from tests.botapi import FakeBotApi
from tests.botapi.people import Person
from tests.botapi.records import InlineQuery
from tests.support import PATIENCE_S
from tests.support.chat import busy_with
from tests.support.library import (
    BORDERS,
    NEWEST,
    StubLibrary,
    abstained,
    answered,
    document,
    quote,
    unsure,
)
from tests.support.running import running

SOURCE = "Taliban seize a key district · 10 July 2021 · ¶ 2 · “In the past week”: 3–10 Jul 2021"
QUESTION = "Which borders were reached?"


pytestmark = pytest.mark.usefixtures("folder")


async def ask(api: FakeBotApi, person: Person, question: str) -> InlineQuery:
    query = person.inline(question)
    await api.wait_until(lambda: query.results is not None)
    return query


def button_of(query: InlineQuery) -> str:
    assert query.results == []
    assert query.answer is not None
    assert query.answer["button"]["start_parameter"]
    text: str = query.answer["button"]["text"]
    return text


async def test_a_card_sends_the_quote_it_shows(api: FakeBotApi) -> None:
    second = quote("He denied it \U0001f600 twice.", "denied it", start=400)
    async with running(api, StubLibrary(answered(quote(BORDERS, "Iran"), second))) as library:
        query = await ask(api, api.private_chat(1), f" {QUESTION} ")
    assert library.asked == [QUESTION]
    assert query.results is not None
    first, other = query.results
    assert (first.title, first.raw["description"]) == ("Iran", SOURCE)
    assert first.text == f"{BORDERS}\n{SOURCE}"
    assert [entity.cut(first.text) for entity in first.entities] == [BORDERS, "Iran"]
    assert first.raw["input_message_content"]["link_preview_options"] == {"is_disabled": True}
    assert other.title == "denied it"
    assert other.text.startswith(second.text)
    assert query.answer is not None
    assert query.answer["is_personal"]
    assert query.answer["cache_time"] <= 60


async def test_without_a_short_answer_the_quote_is_the_title(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(answered(quote(BORDERS)))):
        query = await ask(api, api.private_chat(1), QUESTION)
    assert query.results is not None
    assert BORDERS.startswith(query.results[0].title.removesuffix("…"))


async def test_an_abstention_is_a_card_that_claims_nothing(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(abstained(quote()))):
        query = await ask(api, api.private_chat(1), "Who won the cup?")
    assert query.results is not None
    (card,) = query.results
    assert card.title == "Not in the documents"
    assert card.text == (
        "\u201cWho won the cup?\u201d\nI can't find this in the documents. I searched 1,204 "
        f"documents (newest: {NEWEST.day} December 2021)."
    )
    assert not card.entities


async def test_a_card_of_an_unsure_answer_tells_it_before_and_after_it_is_sent(
    api: FakeBotApi,
) -> None:
    found = unsure(quote(BORDERS, "Iran"), missing=("2019",))
    async with running(api, StubLibrary(found)):
        query = await ask(api, api.private_chat(1), QUESTION)
    assert query.results is not None
    (card,) = query.results
    assert card.raw["description"] == f"Not sure this answers it: {SOURCE}"
    assert card.text == (
        f"Nothing I found mentions 2019.\n\nNot sure this answers it:\n{BORDERS}\n{SOURCE}"
    )


async def test_what_fits_no_message_leads_to_the_chat(api: FakeBotApi) -> None:
    long = quote(f"{'a' * 5000}.", start=0)
    async with running(api, StubLibrary(answered(long))):
        query = await ask(api, api.private_chat(1), QUESTION)
    assert "chat" in button_of(query)


async def test_the_same_quote_twice_is_no_error(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(answered(quote(), quote()))):
        query = await ask(api, api.private_chat(1), QUESTION)
    assert query.results is not None
    assert len(query.results) == 2


@pytest.mark.parametrize("text", ["", "Who?", "  a   b "])
async def test_too_little_costs_nothing(api: FakeBotApi, text: str) -> None:
    async with running(api) as library:
        query = await ask(api, api.private_chat(1), text)
    assert button_of(query) == "Type a whole question"
    assert library.asked == []


async def test_an_inline_query_is_never_a_command(api: FakeBotApi) -> None:
    async with running(api) as library:
        await ask(api, api.private_chat(1), "/sources now")
    assert library.asked == ["/sources now"]


async def test_who_may_not_ask_sees_nothing(api: FakeBotApi) -> None:
    async with running(api, allowed={1}) as library:
        ann, bob = api.private_chat(1), api.private_chat(2)
        query = await ask(api, bob, QUESTION)
        assert "list" in button_of(query)
        query = await ask(api, ann, QUESTION)
        assert query.results
        bob.send("/start inline")
        (reply,) = await api.wait_for(bob)
        assert "your id: 2" in (reply.text or "")
    assert len(library.asked) == 1


async def test_only_the_library_is_searched(api: FakeBotApi) -> None:
    seen = []

    class Watching(StubLibrary):
        def certify(self, answer: object) -> None:
            """Nothing is kept."""

        def ask(self, question: str, scope: object) -> object:  # type: ignore[override]
            seen.append(getattr(scope, "collections", None))
            return self.answer

    async with running(api, Watching(), collections=("library", "chat-5")):
        ann = api.private_chat(1)
        ann.send(QUESTION)
        await api.wait_for(ann)
        await ask(api, ann, QUESTION)
    assert seen == [("library", "chat-5"), ("library",)]


async def test_too_many_queries_are_slowed(api: FakeBotApi) -> None:
    async with running(api, inline_per_minute=1) as library:
        ann = api.private_chat(1)
        await ask(api, ann, QUESTION)
        query = await ask(api, ann, "And then what?")
        assert "wait" in button_of(query)
        ann.send("And then what?")
        await api.wait_for(ann)
    assert library.asked == [QUESTION, "And then what?"]


async def test_only_the_last_query_of_somebody_is_answered(api: FakeBotApi) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library):
        ann = api.private_chat(1)
        first = ann.inline("Which borders")
        second = ann.inline(QUESTION)
        while not library.asked or api.world.updates.pending:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        library.free.set()
        await api.wait_until(lambda: second.results is not None)
    assert first.results is None


async def test_a_query_that_telegram_forgot_is_no_error(api: FakeBotApi, log: io.StringIO) -> None:
    async with running(api):
        ann = api.private_chat(1)
        query = ann.inline(QUESTION)
        del api.world.inline_queries[query.id]
        await api.wait_until(lambda: bool(api.called("answerInlineQuery")))
        await ask(api, ann, "And then what?")
    assert "too old" in log.getvalue()
    assert "ERROR" not in log.getvalue()


async def test_a_server_that_fails_is_not_asked_again(api: FakeBotApi, log: io.StringIO) -> None:
    api.fail_next("answerInlineQuery", 502)
    async with running(api):
        ann = api.private_chat(1)
        lost = ann.inline(QUESTION)
        await api.wait_until(lambda: bool(api.called("answerInlineQuery")))
        await ask(api, ann, "And then what?")
    assert lost.results is None
    assert "ERROR" not in log.getvalue()


@pytest.mark.parametrize(("queue_size", "waiting"), [(1, 1), (64, 8)])
async def test_a_full_queue_is_left_to_the_chats(
    api: FakeBotApi, queue_size: int, waiting: int
) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library, queue_size=queue_size):
        people = [api.private_chat(n) for n in range(1, waiting + 2)]
        for person in people:
            person.send(f"{QUESTION} {person.id}")
        await busy_with(api, len(people))
        query = await ask(api, api.private_chat(99), QUESTION)
        assert "busy" in button_of(query)
        library.free.set()
        for person in people:
            await api.wait_for(person)


async def test_a_failure_shows_nothing_of_the_question(api: FakeBotApi, log: io.StringIO) -> None:
    library = StubLibrary(error=RuntimeError(f"no {QUESTION!r}"))
    async with running(api, library):
        api.private_chat(1).inline(QUESTION)
        async with asyncio.timeout(PATIENCE_S):
            while "RuntimeError" not in log.getvalue():  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    assert QUESTION not in log.getvalue()


async def test_chosen_cards_are_counted(api: FakeBotApi, log: io.StringIO, folder: Path) -> None:
    async with running(api, folder=folder):
        ann = api.private_chat(1)
        for number in (1, 2):
            query = await ask(api, ann, f"{QUESTION} {number}")
            assert query.results is not None
            ann.choose(query, query.results[0])
            async with asyncio.timeout(PATIENCE_S):
                while f"inline cards sent so far: {number}" not in log.getvalue():  # noqa: ASYNC110
                    await asyncio.sleep(0.005)


def test_titles_hold_their_limits() -> None:
    from bot.telegram.rendering.replies import card_title  # noqa: PLC0415

    hostile = f"{'x' * 300}\n\u202e"
    found: Quote = quote(hostile, hostile, source=document(title=hostile))
    assert 1 <= len(card_title(found)) <= 64


async def test_small_talk_brings_no_card(api: FakeBotApi) -> None:
    async with running(api) as library:
        for text in ("thank you", "who are you?"):
            assert button_of(await ask(api, api.private_chat(1), text))
    assert not library.asked
