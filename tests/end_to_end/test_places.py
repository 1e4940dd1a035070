"""Questions are answered where they are asked: in topics, threads, and groups that moved."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from bot.storage.exchanges import HELPFUL, UNHELPFUL, Votes
from tests.botapi import Chat, FakeBotApi, Message, Person
from tests.support.chat import handled, is_silent, quotes, tell
from tests.support.library import FIRST, ScriptedLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")
BOT = "@onrecord_bot"
FLED = "A thousand people fled."
HERAT = "They seized five districts in Herat."


async def answer(api: FakeBotApi, person: Person, text: str, chat: Chat, **place: Any) -> Message:
    """Send a text that mentions the bot, and return the reply to it."""
    sent = person.send(f"{BOT} {text}", chat=chat, **place)
    (reply,) = await api.wait_for(chat, after=sent)
    return reply


async def test_every_topic_of_a_forum_gets_its_own_answers(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, forum = api.private_chat(1), api.group()
        news, sport = (ann.open_topic(forum, name) for name in ("News", "Sport"))
        for topic in (news, sport, None):
            asked = ann.send(f"{BOT} Who fled?", chat=forum, topic=topic)
            (reply,) = await api.wait_for(forum, after=asked)
            assert (reply.thread_id, quotes(reply), reply.reply_to) == (topic, [FLED], asked)
        # A message in a topic seems to reply to the one that opened it, be it the bot's.
        assert await is_silent(api, ann, "Lunch?", chat=forum, topic=news)
        assert quotes(await answer(api, ann, FIRST, forum, topic=news))
        spoke = await answer(api, ann, "Who spoke?", forum, topic=sport)
        reply = await answer(api, ann, "and in Herat?", forum, topic=news)
        assert (reply.thread_id, quotes(reply)) == (news, [HERAT])
        asked = ann.send("Who fled?", chat=forum, topic=sport, reply_to=spoke)
        (reply,) = await api.wait_for(forum, after=asked)
        assert (reply.thread_id, quotes(reply)) == (sport, [FLED])


async def test_topics_of_a_private_chat_are_apart(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        news, sport = ann.open_topic(name="News"), ann.open_topic(name="Sport")
        for topic, text, said in (
            (news, FIRST, "They reached five borders."),
            (sport, "Who spoke?", "A spokesman spoke."),
            (news, "and in Herat?", HERAT),
            (None, "Who fled?", FLED),
        ):
            (reply,) = await api.wait_for(ann, after=ann.send(text, topic=topic))
            assert (reply.thread_id, quotes(reply)) == (topic, [said])


async def test_a_thread_of_replies_is_no_topic(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        said = bob.send("Who fled?", chat=group)
        asked = bob.send("Nobody knows", chat=group, reply_to=said)
        assert asked.thread_id == said.message_id
        reply = await answer(api, ann, "Who spoke?", group, reply_to=asked)
        assert (reply.thread_id, quotes(reply)) == (None, ["A spokesman spoke."])


async def test_a_group_that_becomes_a_supergroup_goes_on(
    api: FakeBotApi, library: ScriptedLibrary, engine: Engine
) -> None:
    async with running(api, library, questions_per_minute=3):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group(-5)
        reply = await answer(api, ann, FIRST, group)
        vote = bob.press(reply, "👍 Helpful")
        await api.wait_until(lambda: vote.answer is not None)
        new = ann.migrate(group, -1001000000005)
        await handled(api)
        assert quotes(await answer(api, ann, "and in Herat?", new)) == [HERAT]
        assert quotes(await answer(api, ann, "Who fled?", new)) == [FLED]
        assert "3 questions a minute" in await tell(api, ann, f"{BOT} Who spoke?", chat=new)
    assert [value for _exchange, value in Votes(engine).tally()] == [HELPFUL]


async def test_votes_in_the_name_of_a_group_or_channel_count(
    api: FakeBotApi, library: ScriptedLibrary, engine: Engine
) -> None:
    async with running(api, library):
        ann, group = api.private_chat(1), api.group(bot_status="administrator")
        reply = await answer(api, ann, "Who fled?", group)
        ann.react(reply, "👎", sender=group)
        ann.react(reply, "👎", sender=api.channel())
        ann.react(reply, "👍")
        ann.react(reply, "👍")
        await handled(api)
    assert [value for _exchange, value in Votes(engine).tally()] == [2 * UNHELPFUL + HELPFUL]


def talk_where_the_bot_does_not_answer(api: FakeBotApi) -> None:
    """Post in a channel, write to a business account, mention the bot where it is not."""
    ann, bob, channel = api.private_chat(1), api.private_chat(2), api.channel()
    post = ann.send(f"{BOT} Who fled?", chat=channel)
    ann.edit(post, f"{BOT} Who spoke?")
    ann.react(post, "👍")
    bob.write_to_business(ann.connect_business(), "Who fled?")
    bob.send(f"{BOT} Who fled?", chat=api.group(-1001000000009, bot_status="left"))


KINDS = frozenset(
    {
        "channel_post",
        "edited_channel_post",
        "message_reaction_count",
        "business_connection",
        "business_message",
        "guest_message",
    }
)


async def test_posts_business_and_guest_messages_are_not_asked_for(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        assert await tell(api, ann, "Who spoke?")
        assert not api.world.updates.allowed & KINDS
        number = api.world.updates.next_id
        talk_where_the_bot_does_not_answer(api)
        assert api.world.updates.next_id == number


async def test_what_an_earlier_program_had_asked_for_is_met_with_silence(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    api.world.updates.allow(sorted(KINDS))
    talk_where_the_bot_does_not_answer(api)
    assert {kind for update in api.world.updates.pending for kind in update} - {
        "update_id"
    } == KINDS
    async with running(api, library):
        await handled(api)
        assert not library.asked
        assert not any(chat.sent or chat.actions for chat in api.world.chats.values())
        assert await tell(api, api.private_chat(3), "Who spoke?")
    assert library.asked == ["Who spoke?"]
