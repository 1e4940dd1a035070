"""A pasted text with a question below is asked that question, also if Telegram cuts it in two."""

import pytest

from tests.botapi import FakeBotApi
from tests.support.chat import handled, is_silent, quotes, tell, text_of
from tests.support.library import ScriptedLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")
STORY = "They reached five borders in a week. " * 20
FLED = "A thousand people fled."


async def test_the_question_below_a_text_is_asked(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        ann.send(f"{STORY}\n\nWho fled?")
        reply, offer = await api.wait_for(ann, 2)
        assert quotes(reply) == [FLED]
        assert "reply to it with /check" in text_of(offer)
        assert "too long for a question" in await tell(api, ann, STORY + STORY)
    assert library.asked == ["Who fled?"]


async def test_two_halves_are_one_text(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        ann.send((STORY * 6)[:4096])
        ann.send(f"{STORY} Who fled?")
        reply, _offer = await api.wait_for(ann, 2)
        assert quotes(reply) == [FLED]
        # A short rest alone would be a question of its own.
        ann.send(f"{STORY * 5}Who")
        ann.send("fled?")
        await handled(api)
    assert set(library.asked) == {"Who fled?"}
    assert [quotes(sent) for sent in ann.chat.sent[::2]] == [[FLED], [FLED]]
    assert len(ann.chat.sent) == 4


async def test_a_long_text_alone_is_refused_once(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        assert "too long for a question" in await tell(api, ann, (STORY * 6)[:4000])
        assert await is_silent(api, ann, STORY * 2)
    assert not library.asked
