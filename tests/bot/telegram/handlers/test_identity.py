"""The bot knows who asks, also in the name of a group or channel, and greets those who add it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.storage.exchanges import HELPFUL, UNHELPFUL, Votes
from tests.botapi import Chat, FakeBotApi
from tests.botapi.records import Message
from tests.support.chat import ask, busy_with, handled, is_silent, quotes, tell, text_of
from tests.support.library import FIRST, ScriptedLibrary, StubLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")
BOT = "@onrecord_bot"
HERAT = "They seized five districts in Herat."


async def test_anonymous_administrators_of_two_groups_are_two(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library, questions_per_minute=2):
        ann = api.private_chat(1)
        one, other = api.group(-1001000000001), api.group(-1001000000002)

        async def asked(chat: Chat, text: str) -> Message:
            sent = ann.write_as(chat, f"{BOT} {text}", chat)
            return (await api.wait_for(chat, after=sent))[0]

        await asked(one, FIRST)
        assert quotes(await asked(other, "Who fled?")) == ["A thousand people fled."]
        assert quotes(await asked(one, "and in Herat?")) == [HERAT]
        assert "2 questions a minute" in text_of(await asked(one, "Who spoke?"))
        assert quotes(await asked(other, "Who spoke?")) == ["A spokesman spoke."]


async def test_anonymous_administrators_of_two_groups_wait_apart(api: FakeBotApi) -> None:
    library = StubLibrary(echo=True)
    library.free.clear()
    async with running(api, library, waiting_per_user=1):
        ann = api.private_chat(1)
        one, other = api.group(-1001000000001), api.group(-1001000000002)
        ann.write_as(one, f"{BOT} Who came?", one)
        ann.write_as(other, f"{BOT} Who left?", other)
        await busy_with(api, 2)
        library.free.set()
        await api.wait_for(one)
        await api.wait_for(other)
    assert sorted(library.asked) == ["Who came?", "Who left?"]


async def test_who_writes_as_a_channel_is_answered_as_that_channel(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library, questions_per_minute=1):
        ann, group = api.private_chat(1), api.group()
        news, sport, music = (Chat(-1002000000000 - n, "channel", "News") for n in range(3))
        sent = ann.write_as(news, f"{BOT} Who fled?", group)
        (reply,) = await api.wait_for(group, after=sent)
        assert quotes(reply) == ["A thousand people fled."]
        sent = ann.write_as(news, f"{BOT} Who spoke?", group)
        (reply,) = await api.wait_for(group, after=sent)
        assert "1 question a minute" in text_of(reply)
        sent = ann.write_as(sport, f"{BOT} Who spoke?", group)
        (reply,) = await api.wait_for(group, after=sent)
        assert quotes(reply) == ["A spokesman spoke."]
        # It may be anybody, so that it decides nothing.
        sent = ann.write_as(music, "/stop", group)
        (reply,) = await api.wait_for(group, after=sent)
        assert "only its administrators" in text_of(reply)
        number = len(group.sent)
        ann.write_as(news, f"{BOT} Who spoke?", group, is_automatic_forward=True)
        await handled(api)
        assert len(group.sent) == number


async def test_a_group_that_adds_the_bot_is_told_how_to_ask(api: FakeBotApi) -> None:
    async with running(api, allowed=frozenset({1})):
        ann, bob = api.private_chat(1), api.private_chat(2)
        group = api.group(bot_status="left")
        ann.add_bot(group)
        (greeting,) = await api.wait_for(group)
        assert f"mention me ({BOT})" in text_of(greeting)
        ann.world.change_membership(group, ann.user, "administrator")
        strangers = api.group(-1001000000002, bot_status="left")
        bob.add_bot(strangers)
        await handled(api)
    assert len(group.sent) == 1
    assert not strangers.sent


async def test_thumbs_on_an_answer_are_votes(api: FakeBotApi, engine: Engine) -> None:
    votes = Votes(engine)

    async def cast() -> list[int]:
        await handled(api)
        return [value for _exchange, value in votes.tally()]

    async with running(api):
        ann, bob = api.private_chat(1), api.private_chat(2)
        reply = await ask(api, ann)
        ann.react(reply, "👍")
        assert await cast() == [HELPFUL]
        ann.react(reply, "👎", "🔥")
        assert await cast() == [UNHELPFUL]
        ann.react(reply, "🔥")
        assert await cast() == []
        ann.react(next(iter(ann.chat.messages.values())), "👍")
        bob.react(reply, "👎")
        assert await cast() == [UNHELPFUL]


async def test_its_own_card_is_no_question(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann, group = api.private_chat(1), api.group()
        via = {"via_bot": api.world.bot.to_json()}
        assert await is_silent(api, ann, "Iran and four others. Who?", **via)
        assert await is_silent(api, ann, f"{BOT} Who?", chat=group, **via)
        assert not library.asked


async def test_help_has_what_the_asker_may_do(api: FakeBotApi) -> None:
    async with running(api, owner=1, uploaders=frozenset({2})):
        ann, bob, cleo = (api.private_chat(number) for number in (1, 2, 3))
        texts = [await tell(api, person, "/help") for person in (ann, bob, cleo)]
    assert ["/audit" in text for text in texts] == [True, False, False]
    assert ["/remove" in text for text in texts] == [True, True, False]
    assert all("/check" in text for text in texts)


async def test_unknown_commands_cost_nothing(api: FakeBotApi) -> None:
    async with running(api, questions_per_minute=1) as library:
        ann, group = api.private_chat(1), api.group()
        assert "I don't know the command /chek. Did you mean /check?" in await tell(
            api, ann, "/chek"
        )
        assert await is_silent(api, ann, "/roll", chat=group)
        assert "/roll" in await tell(api, ann, f"/roll{BOT}", chat=group)
        await ask(api, ann)
        assert library.asked


async def test_a_burst_is_refused_once(api: FakeBotApi) -> None:
    async with running(api, questions_per_minute=1, allowed=frozenset({1})) as library:
        ann, bob = api.private_chat(1), api.private_chat(2)
        for _ in range(4):
            ann.send("Which borders?")
            bob.send("Which borders?")
        await api.wait_for(ann, 2)
        await handled(api)
    assert len(library.asked) == 1
    assert sum("1 question a minute" in text_of(sent) for sent in ann.chat.sent) == 1
    assert len(ann.chat.sent) == 2
    assert len(bob.chat.sent) == 1
