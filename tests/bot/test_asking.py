"""How people ask: after an answer, in reply to one, several questions at once, and once more."""

import io
import re
from pathlib import Path

import pytest

from bot.button_wording import CONTEXT_BUTTON, UP_BUTTON
from bot.remarks import ATTACHMENTS
from tests.bot.running import running
from tests.bot.scripted import ScriptedLibrary
from tests.botapi import FakeBotApi, Message

FIRST = "Which borders did the Taliban reach?"
IN_HERAT = "Which borders did the Taliban reach in Herat?"
SAID = {
    FIRST: ("They reached five borders.", 1),
    IN_HERAT: ("They seized five districts in Herat.", 2),
    "Who fled?": ("A thousand people fled.", 2),
    "Who spoke?": ("A spokesman spoke.", 1),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let each bot have an inbox of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def library() -> ScriptedLibrary:
    return ScriptedLibrary(said=SAID)


def quotes(message: Message) -> list[str]:
    return message.entity_texts("blockquote")


def text_of(message: Message) -> str:
    assert message.text is not None
    return message.text


async def test_a_follow_up_is_asked_as_a_whole_question(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, bob = api.private_chat(1), api.private_chat(2)
        asked = ann.send(FIRST)
        (reply,) = await api.wait_for(ann, after=asked)
        assert "Understood" not in text_of(reply)
        asked = ann.send("and in Herat?")
        (reply,) = await api.wait_for(ann, after=asked)
        assert text_of(reply).startswith(f"Understood as: {IN_HERAT}\n\n")
        assert quotes(reply) == ["They seized five districts in Herat."]
        # Neither somebody else's question nor a whole one leans on it.
        asked = bob.send("and in Herat?")
        (reply,) = await api.wait_for(bob, after=asked)
        assert "Understood" not in text_of(reply)
        asked = ann.send("Who fled?")
        (reply,) = await api.wait_for(ann, after=asked)
        assert text_of(reply).startswith("A thousand people fled.")
    assert library.asked == [FIRST, IN_HERAT, "and in Herat?", "Who fled?"]


async def test_a_follow_up_leans_on_the_question_as_it_was_understood(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        for text in (FIRST, "and in Herat?", "and in Balkh?"):
            asked = ann.send(text)
            (reply,) = await api.wait_for(ann, after=asked)
    assert "Understood as: Which borders did the Taliban reach in Balkh?" in text_of(reply)
    assert "I can't find this" in text_of(reply)


async def test_a_follow_up_keeps_the_limits(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        for text in (f'source:"Al Jazeera" {FIRST}', "and in Herat?", "Who fled?"):
            asked = ann.send(text)
            await api.wait_for(ann, after=asked)
    assert [scope.source for scope in library.scopes] == ["Al Jazeera", "Al Jazeera", None]


async def test_a_group_keeps_people_apart(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann, bob = api.private_chat(1), api.private_chat(2)
        group = api.group()
        for person, text in ((ann, FIRST), (bob, "Who fled?"), (ann, "and in Herat?")):
            asked = person.send(f"@onrecord_bot {text}", chat=group)
            (reply,) = await api.wait_for(group, after=asked)
    assert quotes(reply) == ["They seized five districts in Herat."]


async def test_a_reply_asks_the_sources_of_the_answer_first(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(FIRST)
        (answer,) = await api.wait_for(ann, after=asked)
        asked = ann.send("Who spoke?", reply_to=answer)
        (reply,) = await api.wait_for(ann, after=asked)
        assert text_of(reply).startswith("A spokesman spoke.")
        assert library.scopes[-1].documents == (1,)
        asked = ann.send("Who fled?", reply_to=answer)
        (reply,) = await api.wait_for(ann, after=asked)
        assert text_of(reply).startswith("Not in that source; elsewhere:\n\nA thousand")
        assert [scope.documents for scope in library.scopes[-2:]] == [(1,), None]
        asked = ann.send("Who won?", reply_to=answer)
        (reply,) = await api.wait_for(ann, after=asked)
        assert text_of(reply).startswith("I can't find this in the documents.")


async def test_equal_texts_share_an_answer_only_in_the_same_context(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, bob, eve = (api.private_chat(number) for number in (1, 2, 3))
        for person, text in ((ann, FIRST), (bob, FIRST), (eve, "Who fled?")):
            asked = person.send(text)
            (answer,) = await api.wait_for(person, after=asked)
        assert library.asked == [FIRST, "Who fled?"]
        found = []
        for person in (ann, bob, eve):
            asked = person.send("and in Herat?")
            (reply,) = await api.wait_for(person, after=asked)
            found.append(quotes(reply))
        assert found[0] == found[1] == ["They seized five districts in Herat."]
        assert found[2] != found[0]
        assert library.asked.count(IN_HERAT) == 1
        asked = eve.send(FIRST, reply_to=answer)
        (reply,) = await api.wait_for(eve, after=asked)
        assert "Not in that source" in text_of(reply)


async def test_several_questions_are_answered_one_by_one(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(f"{FIRST} And in Herat?\nWho fled?")
        replies = await api.wait_for(ann, 3, after=asked)
    assert [text_of(reply).partition("\n")[0] for reply in replies] == [
        FIRST,
        "And in Herat?",
        "Who fled?",
    ]
    assert [quotes(reply)[0] for reply in replies] == [SAID[FIRST][0], *(
        SAID[question][0] for question in (IN_HERAT, "Who fled?")
    )]  # fmt: skip
    assert replies[0].entity_texts("bold") == [FIRST]


async def test_a_reply_to_one_of_several_answers_asks_its_sources_or_all(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(f"{FIRST} Who fled?")
        first, last = await api.wait_for(ann, 2, after=asked)
        assert [bool(message.buttons) for message in (first, last)] == [False, True]
        for answer, documents in ((first, None), (last, (2,))):
            asked = ann.send(IN_HERAT, reply_to=answer)
            (reply,) = await api.wait_for(ann, after=asked)
            assert quotes(reply) == [SAID[IN_HERAT][0]]
            assert "Not in that source" not in text_of(reply)
            assert library.scopes[-1].documents == documents


async def test_too_many_questions(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        asked = ann.send(" ".join(f"Who is number {number}?" for number in range(7)))
        replies = await api.wait_for(ann, 6, after=asked)
    assert len(library.asked) == 5
    assert text_of(replies[-1]) == (
        "I answer 5 questions of a message. Please send the last 2 again."
    )


async def test_each_question_of_a_message_counts(api: FakeBotApi) -> None:
    async with running(api, questions_per_minute=2) as library:
        ann = api.private_chat(1)
        asked = ann.send("Who fled? Who spoke? Who won?")
        replies = await api.wait_for(ann, 3, after=asked)
        assert re.match(r"I answer 2 questions a minute. Please send the last one again in \d+ s",
                        text_of(replies[-1]))  # fmt: skip
        asked = ann.send("Who won?")
        (reply,) = await api.wait_for(ann, after=asked)
    assert "I answer 2 questions a minute." in text_of(reply)
    assert library.asked == ["Who fled?", "Who spoke?"]


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
        # What is said next leans on the question as it is now.
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


async def test_an_edit_changes_the_number_of_messages(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send("Who fled?")
        await api.wait_for(ann, after=asked)
        ann.edit(asked, f"Who spoke? {FIRST} Who fled?")
        await api.wait_until(lambda: len(ann.chat.sent) == 3)
        shown = [quotes(message)[0] for message in ann.chat.sent]
        assert shown == [SAID[text][0] for text in ("Who spoke?", FIRST, "Who fled?")]
        ann.edit(asked, FIRST)
        await api.wait_until(lambda: len(ann.chat.sent) == 1)
    (reply,) = ann.chat.sent
    assert quotes(reply) == ["They reached five borders."]


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
        ann.edit(asked, f"Who spoke? {FIRST}")
        await api.wait_until(lambda: len(ann.chat.actions) == 2)
    async with running(api, library):
        await api.wait_until(lambda: len(ann.chat.sent) == 2)
    assert quotes(reply) == ["A spokesman spoke."]
    assert ann.chat.sent[0] is reply


@pytest.mark.parametrize("kind", sorted(set(ATTACHMENTS)))
async def test_each_kind_of_attachment_gets_its_line(api: FakeBotApi, kind: str) -> None:
    file = {"file_id": "BQACAgIAAxk1", "file_unique_id": "AgAD1", "duration": 3}
    size = {"width": 9, "height": 9}
    user = {"id": 1, "is_bot": False, "first_name": "Ann"}
    place = {"latitude": 34.3, "longitude": 62.2}
    values: dict[str, object] = {
        "photo": [file | size],
        "video": file | size,
        "animation": file | size,
        "sticker": file | size | {"type": "regular", "is_animated": False, "is_video": False},
        "video_note": file | {"length": 9},
        "location": place,
        "venue": {"location": place, "title": "Herat", "address": "1"},
        "contact": {"phone_number": "1", "first_name": user["first_name"]},
        "dice": {"emoji": "🎲", "value": 3},
        "poll": {
            "id": "1",
            "question": "Which borders?",
            "options": [{"text": "Iran", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
    }
    async with running(api) as library:
        ann = api.private_chat(1)
        sent = ann.send_media(kind, values.get(kind, file))
        (reply,) = await api.wait_for(ann, after=sent)
    assert text_of(reply) == ATTACHMENTS[kind]
    assert not library.asked


async def test_a_caption_that_is_a_question_is_answered(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        sent = ann.send_photo(caption="Who fled?")
        (reply,) = await api.wait_for(ann, after=sent)
        assert quotes(reply) == ["A thousand people fled."]
        ann.edit(sent, "Who spoke?")
        await api.wait_until(lambda: quotes(reply) == ["A spokesman spoke."])
        sent = ann.send_photo(caption="Our cat")
        (reply,) = await api.wait_for(ann, after=sent)
    assert text_of(reply) == ATTACHMENTS["photo"]


async def test_nothing_asked_is_told_kindly(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann, group = api.private_chat(1), api.group()
        asked = ann.send("@onrecord_bot", chat=group)
        (reply,) = await api.wait_for(group, after=asked)
        assert "Please write it behind @onrecord_bot" in text_of(reply)
        asked = ann.send("/ask")
        (reply,) = await api.wait_for(ann, after=asked)
        assert "Please write it behind /ask" in text_of(reply)
    assert not library.asked


async def test_an_error_shows_no_completed_question(
    api: FakeBotApi, library: ScriptedLibrary, log: io.StringIO
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(FIRST)
        await api.wait_for(ann, after=asked)
        library.error = RuntimeError(f"no {IN_HERAT!r}, nor {FIRST!r}")
        asked = ann.send("and in Herat?")
        (reply,) = await api.wait_for(ann, after=asked)
    assert "reference" in text_of(reply)
    assert "RuntimeError" in log.getvalue()
    assert "borders" not in log.getvalue()
