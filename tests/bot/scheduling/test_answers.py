"""Questions: after an answer, in reply to one, and several questions at once."""

import io
import re

import pytest

from tests.botapi import FakeBotApi
from tests.support.chat import quotes, text_of
from tests.support.library import FIRST, IN_HERAT, SAID, ScriptedLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")


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
    assert "Which borders did the Taliban reach in Balkh?" in library.asked
    # Where no reading is answered, the question counts as it was asked.
    assert text_of(reply).startswith("I can't find this")


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


async def test_several_questions_are_answered_in_one_message(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(f"{FIRST} And in Herat?\nWho fled?")
        (reply,) = await api.wait_for(ann, after=asked)
    asked_there = [FIRST, "And in Herat?", "Who fled?"]
    assert [text for text in reply.entity_texts("bold") if text in asked_there] == asked_there
    assert quotes(reply) == [SAID[question][0] for question in (FIRST, IN_HERAT, "Who fled?")]
    assert "[3]" in text_of(reply)


async def test_answers_too_long_for_one_message_have_one_each(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    library.said = dict.fromkeys((FIRST, "Who fled?"), (f"{'far ' * 600}away.", 1))
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(f"{FIRST} Who fled?")
        first, last = await api.wait_for(ann, 2, after=asked)
    assert [text_of(reply).partition("\n")[0] for reply in (first, last)] == [FIRST, "Who fled?"]


async def test_a_reply_to_several_answers_asks_all_sources(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(f"{FIRST} Who fled?")
        (answer,) = await api.wait_for(ann, after=asked)
        # Votes and further quotes are about one question.
        assert [button.text for button in answer.buttons][1:3] == ["Show sources", "Certificate"]
        asked = ann.send(IN_HERAT, reply_to=answer)
        (reply,) = await api.wait_for(ann, after=asked)
        assert quotes(reply) == [SAID[IN_HERAT][0]]
        assert "Not in that source" not in text_of(reply)
        assert library.scopes[-1].documents is None


async def test_too_many_questions(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        asked = ann.send(" ".join(f"Who is number {number}?" for number in range(7)))
        replies = await api.wait_for(ann, 2, after=asked)
    assert len(library.asked) == 5
    assert text_of(replies[-1]) == (
        "I answer 5 questions of a message. Please send the last 2 again."
    )


async def test_each_question_of_a_message_counts(api: FakeBotApi) -> None:
    async with running(api, questions_per_minute=2) as library:
        ann = api.private_chat(1)
        asked = ann.send("Who fled? Who spoke? Who won?")
        replies = await api.wait_for(ann, 2, after=asked)
        assert re.match(r"I answer 2 questions a minute. Please send the last one again in \d+ s",
                        text_of(replies[-1]))  # fmt: skip
        asked = ann.send("Who won?")
        (reply,) = await api.wait_for(ann, after=asked)
    assert "I answer 2 questions a minute." in text_of(reply)
    assert library.asked == ["Who fled?", "Who spoke?"]


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


async def test_a_caption_leans_on_no_question(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        asked = ann.send(FIRST)
        await api.wait_for(ann, after=asked)
        asked = ann.send_photo(caption="and in Herat?")
        await api.wait_for(ann, after=asked)
    assert library.asked == [FIRST, "and in Herat?"]
