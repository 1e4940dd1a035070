"""A message that replies to somebody's asks about that one, or checks it."""

import pytest

from tests.botapi import FakeBotApi
from tests.support.chat import handled, is_silent, quotes
from tests.support.library import FIRST, ScriptedLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")
BOT = "@onrecord_bot"
CLAIM = "A thousand people fled."


@pytest.mark.parametrize("text", [BOT, "/ask", "/ask@onrecord_bot", f"{BOT}?"])
async def test_a_mention_asks_the_message_it_replies_to(
    api: FakeBotApi, library: ScriptedLibrary, text: str
) -> None:
    async with running(api, library):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        said = bob.send("Who fled?", chat=group)
        asked = ann.send(text, chat=group, reply_to=said)
        (reply,) = await api.wait_for(group, after=asked)
    assert quotes(reply) == [CLAIM]
    assert reply.reply_to is asked


async def test_a_caption_is_asked_as_well(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        shown = bob.send_photo(caption="Who fled?", chat=group)
        asked = ann.send(BOT, chat=group, reply_to=shown)
        (reply,) = await api.wait_for(group, after=asked)
    assert quotes(reply) == [CLAIM]


async def test_a_highlighted_part_is_asked_alone(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        said = bob.send("I wonder. Who fled? And why?", chat=group)
        asked = ann.send(BOT, chat=group, reply_to=said, quote="Who fled?")
        (reply,) = await api.wait_for(group, after=asked)
        assert quotes(reply) == [CLAIM]
        # Of a message in another chat nothing else is known.
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Cleo"}
        asked = ann.send(BOT, chat=group, quote="Who spoke?", external_reply={"origin": origin})
        (reply,) = await api.wait_for(group, after=asked)
    assert quotes(reply) == ["A spokesman spoke."]


@pytest.mark.parametrize(
    "text", [f"{BOT} is this true?", "/check", f"Stimmt das, {BOT}?", f"{BOT} هل هذا صحيح؟"]
)
async def test_a_doubt_checks_the_message_it_replies_to(api: FakeBotApi, text: str) -> None:
    async with running(api) as library:
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        said = bob.send(f"{CLAIM} Really.", chat=group)
        ann.send(text, chat=group, reply_to=said)
        await api.wait_until(lambda: library.checked == [f"{CLAIM} Really."])
        ann.send(text, chat=group, reply_to=said, quote=CLAIM)
        await api.wait_until(lambda: library.checked[1:] == [CLAIM])
        await handled(api)
    assert not library.asked


async def test_words_of_ones_own_lean_on_what_they_reply_to(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        said = bob.send(FIRST, chat=group)
        asked = ann.send(f"{BOT} and in Herat?", chat=group, reply_to=said)
        (reply,) = await api.wait_for(group, after=asked)
        assert quotes(reply) == ["They seized five districts in Herat."]
        # With a question of its own, what it replies to does not matter.
        asked = ann.send(f"{BOT} Who spoke?", chat=group, reply_to=said)
        (reply,) = await api.wait_for(group, after=asked)
        assert quotes(reply) == ["A spokesman spoke."]
        assert await is_silent(api, ann, "Is this true?", chat=group, reply_to=said)


async def test_a_reply_to_an_answer_stays_a_follow_up(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, group = api.private_chat(1), api.group()
        asked = ann.send(f"{BOT} {FIRST}", chat=group)
        (answer,) = await api.wait_for(group, after=asked)
        asked = ann.send("and in Herat?", chat=group, reply_to=answer)
        (reply,) = await api.wait_for(group, after=asked)
        assert quotes(reply) == ["They seized five districts in Herat."]
        # What the bot said itself is no claim of somebody's.
        assert await is_silent(api, ann, "is this true?", chat=group, reply_to=answer)
    assert not library.checked


async def test_a_claim_with_its_doubt_is_checked(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        ann.send(f"{CLAIM} is that right?")
        await api.wait_until(lambda: library.checked == [CLAIM.rstrip(".")])
        asked = ann.send("Who fled? Is that right?")
        await api.wait_for(ann, after=asked)
    assert library.asked
    assert len(library.checked) == 1
