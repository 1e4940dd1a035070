"""Edited questions are answered in place."""

import pytest

from bot.texts.notices import CONTEXT_BUTTON, UP_BUTTON
from tests.botapi import FakeBotApi
from tests.support.chat import quotes, text_of
from tests.support.library import FIRST, IN_HERAT, SAID, ScriptedLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")


async def test_an_edited_question_is_answered_in_place(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(FIRST)
        (reply,) = await api.wait_for(ann, after=asked)
        ann.edit(asked, "Who fled?")
        await api.wait_until(lambda: quotes(reply) == ["A thousand people fled."])
        ann.edit(asked, "Who spoke?")
        await api.wait_until(lambda: quotes(reply) == ["A spokesman spoke."])
        # The next question leans on the question as it is now.
        then = ann.send("Who fled?", reply_to=reply)
        (last,) = await api.wait_for(ann, after=then)
    assert "Not in that source" in text_of(last)
    assert ann.chat.sent == [reply, last]


async def test_the_buttons_follow_an_edit(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send("Who fled?")
        (reply,) = await api.wait_for(ann, after=asked)
        ann.press(reply, UP_BUTTON)
        await api.wait_until(lambda: bool(api.called("answerCallbackQuery")))
        before = reply.button(CONTEXT_BUTTON)
        ann.edit(asked, "Who spoke?")
        await api.wait_until(lambda: quotes(reply) == ["A spokesman spoke."])
        assert reply.button(CONTEXT_BUTTON) != before
        ann.edit(asked, "Who won?")
        await api.wait_until(lambda: "I can't find this" in text_of(reply))
    assert not reply.buttons


async def test_an_edit_changes_the_number_of_questions(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send("Who fled?")
        await api.wait_for(ann, after=asked)
        ann.edit(asked, f"Who spoke? {FIRST} Who fled?")
        (reply,) = ann.chat.sent
        await api.wait_until(lambda: len(quotes(reply)) == 3)
        assert quotes(reply) == [SAID[text][0] for text in ("Who spoke?", FIRST, "Who fled?")]
        ann.edit(asked, FIRST)
        await api.wait_until(lambda: quotes(reply) == ["They reached five borders."])
    assert ann.chat.sent == [reply]


async def test_an_edited_follow_up_leans_on_what_was_before_it(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(FIRST)
        await api.wait_for(ann, after=asked)
        asked = ann.send("and in Balkh?")
        (reply,) = await api.wait_for(ann, after=asked)
        later = ann.send("Who fled?")
        await api.wait_for(ann, after=later)
        ann.edit(asked, "and in Herat?")
        await api.wait_until(lambda: quotes(reply) == [SAID[IN_HERAT][0]])


async def test_an_edit_of_other_things_than_the_text_does_nothing(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(FIRST)
        await api.wait_for(ann, after=asked)
        ann.edit(asked, FIRST)
        ann.edit(asked, f"{FIRST[:-1]} ?")
        await api.wait_until(lambda: len(library.asked) == 2)
    assert len(ann.chat.sent) == 1


async def test_an_edit_to_the_same_answer_is_no_error(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        asked = ann.send("Which borders?")
        await api.wait_for(ann, after=asked)
        ann.edit(asked, "Which border?")
        await api.wait_until(lambda: len(api.called("editMessageText")) == 1)
        asked = ann.send("Who fled?")
        await api.wait_for(ann, after=asked)
    assert library.asked == ["Which borders?", "Which border?", "Who fled?"]
    assert len(ann.chat.sent) == 2


async def test_an_edit_gets_through_a_failing_server(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send("Who fled?")
        (reply,) = await api.wait_for(ann, after=asked)
        api.fail_next("editMessageText", 502, times=8)
        ann.edit(asked, "Who spoke?")
        await api.wait_until(lambda: quotes(reply) == ["A spokesman spoke."])


async def test_where_the_answer_was_deleted_a_new_one_is_sent(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send("Who fled?")
        (gone,) = await api.wait_for(ann, after=asked)
        del ann.chat.messages[gone.message_id]
        ann.chat.sent.remove(gone)
        ann.edit(asked, "Who spoke?")
        await api.wait_until(lambda: len(ann.chat.sent) == 1)
        ann.edit(asked, FIRST)
        (reply,) = ann.chat.sent
        await api.wait_until(lambda: quotes(reply) == ["They reached five borders."])


async def test_an_edit_that_first_asks_something_is_answered_once(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, group = api.private_chat(1), api.group()
        said = ann.send("Who fled?", chat=group)
        ann.edit(said, "@onrecord_bot Who fled?")
        (reply,) = await api.wait_for(group)
        assert reply.reply_to is said
        ann.edit(said, "@onrecord_bot Who spoke?")
        await api.wait_until(lambda: quotes(reply) == ["A spokesman spoke."])
    assert len(group.sent) == 1


async def test_an_edit_of_an_old_message_does_nothing(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        asked = ann.send("Which borders?")
        await api.wait_for(ann, after=asked)
        asked.date -= 49 * 3600
        ann.edit(asked, "Which border?")
        asked = ann.send("Who fled?")
        await api.wait_for(ann, after=asked)
    assert library.asked == ["Which borders?", "Who fled?"]


async def test_an_edit_that_a_process_left_over_is_answered_in_place(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    ann = api.private_chat(1)
    async with running(api, library, drain_s=0):
        asked = ann.send("Who fled?")
        (reply,) = await api.wait_for(ann, after=asked)
        library.free.clear()
        before = len(ann.chat.actions)
        ann.edit(asked, f"Who spoke? {FIRST}")
        await api.wait_until(lambda: len(ann.chat.actions) > before)
    async with running(api, library):
        await api.wait_until(lambda: len(quotes(reply)) == 2)
    assert quotes(reply) == ["A spokesman spoke.", SAID[FIRST][0]]
    assert ann.chat.sent == [reply]
