"""What is no question gets a line in private and silence in a group, over HTTP."""

from pathlib import Path

import pytest

from bot.conversation.small_talk import LEADING_ON, Kind
from bot.i18n.language import LANGUAGES, speaking
from bot.storage.database import open_inbox
from bot.storage.exchanges import Exchanges
from bot.texts.notices import EXPIRED_BUTTON, PRESSED_TWICE
from bot.texts.small_talk import LINES, line
from tests.botapi import FakeBotApi
from tests.support.chat import handled, is_silent, labels, press, quotes, tell, text_of
from tests.support.library import EXAMPLES, FIRST, IN_HERAT, SAID, ScriptedLibrary, StubLibrary
from tests.support.running import running

pytestmark = pytest.mark.usefixtures("folder")

SAYINGS = {
    Kind.DOUBT: "are you sure?",
    Kind.ABILITIES: "What can you do?",
    Kind.HELP: "help",
    Kind.IDENTITY: "who are you",
    Kind.THANKS: "thanks a lot, great bot",
    Kind.BYE: "byeee @onrecord_bot",
    Kind.GREETING: "Hi Onrecord!",
    Kind.LAUGHTER: "hahaha",
    Kind.OK: "ok",
    Kind.YES: "yes",
    Kind.NO: "No.",
    Kind.EMOJI: "👍🏽",
    Kind.PUNCTUATION: "?",
}
IN_LANGUAGES = {
    "en": "hello",
    "es": "¡Hola!",
    "de": "Guten Tag",
    "fr": "bonjour",
    "ru": "Привет",
    "uk": "Вітаю",
    "fa": "سلام",
    "ar": "مرحبا",
}


async def test_each_kind_gets_its_line_and_costs_no_question(api: FakeBotApi) -> None:
    async with running(api, questions_per_minute=1) as library:
        ann = api.private_chat(1)
        for kind, saying in SAYINGS.items():
            sent = ann.send(saying)
            (reply,) = await api.wait_for(ann, after=sent)
            assert text_of(reply) == LINES[kind]
            assert labels(reply) == (list(EXAMPLES) if kind in LEADING_ON else [])
        engine = open_inbox(Path())
        assert Exchanges(engine).last(ann.chat.id, ann.id, 1000) is None
        engine.dispose()
        assert not library.asked
        assert "Iran" in await tell(api, ann, "Which borders?")
    assert SAYINGS.keys() == set(Kind)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_line_is_in_the_language_of_the_user(api: FakeBotApi, language: str) -> None:
    async with running(api):
        ann = api.private_chat(1, language_code=language)
        said = await tell(api, ann, IN_LANGUAGES[language])
    with speaking(language):
        assert said == line(Kind.GREETING)


@pytest.mark.parametrize(
    "saying", ["thanks", "👍", "ok", "who are you?", "!", "help", "@bob lol", "really?"]
)
async def test_a_group_hears_nothing(api: FakeBotApi, saying: str) -> None:
    async with running(api) as library:
        ann, bob, group = api.private_chat(1), api.private_chat(2, "Bob", "bob"), api.group()
        asked = ann.send("@onrecord_bot Which borders?", chat=group)
        (answer,) = await api.wait_for(group, after=asked)
        said = bob.send("They fled.", chat=group)
        assert await is_silent(api, ann, saying, chat=group, reply_to=answer)
        assert await is_silent(api, ann, f"@onrecord_bot {saying}", chat=group)
        # A mere mention asks what it replies to.
        if any(map(str.isalnum, saying)):
            named = f"{saying} @onrecord_bot"
            assert await is_silent(api, ann, named, chat=group, reply_to=said)
    assert library.asked == ["Which borders?"]


async def test_a_reply_that_names_somebody_else_is_not_for_the_bot(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann, group = api.private_chat(1), api.group()
        asked = ann.send("@onrecord_bot Which borders?", chat=group)
        (answer,) = await api.wait_for(group, after=asked)
        assert await is_silent(api, ann, "@bob what about this?", chat=group, reply_to=answer)
        asked = ann.send("Which borders then, @bob?", chat=group, reply_to=answer)
        await api.wait_for(group, after=asked)
    assert not any("what about" in question for question in library.asked)
    assert any("Which borders then" in question for question in library.asked)


async def test_a_command_without_a_question_is_told_so_in_a_group(api: FakeBotApi) -> None:
    async with running(api) as library:
        ann, group = api.private_chat(1), api.group()
        said = await tell(api, ann, "/ask hello", chat=group)
        assert "There is no question in this" in said
        assert await tell(api, ann, "/ask hello") == LINES[Kind.GREETING]
    assert not library.asked


async def test_a_question_beside_small_talk_is_answered_without_it(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        for text in ("Hi, Who fled?", "How are you? Who fled?", "Thanks! How are you? Who fled?"):
            asked = ann.send(text)
            (reply,) = await api.wait_for(ann, after=asked)
            assert quotes(reply) == ["A thousand people fled."]
            assert "Understood" not in text_of(reply)
    assert set(library.asked) == {"Who fled?"}


async def test_a_question_may_lean_on_the_one_before_the_small_talk(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        for text in (FIRST, "ok thanks"):
            await tell(api, ann, text)
        asked = ann.send("ok and in Herat?")
        (reply,) = await api.wait_for(ann, after=asked)
    assert quotes(reply) == [SAID[IN_HERAT][0]]


async def test_an_example_is_asked_by_its_button(api: FakeBotApi) -> None:
    library = StubLibrary(echo=True)
    async with running(api, library, questions_per_minute=2):
        ann = api.private_chat(1)
        sent = ann.send("hello")
        (hello,) = await api.wait_for(ann, after=sent)
        toast, (answer,) = await press(api, ann, hello, EXAMPLES[0])
        assert not toast
        assert text_of(answer).startswith(EXAMPLES[0])
        assert quotes(answer) == [EXAMPLES[0]]
        assert answer.reply_to is hello
        assert "👍 Helpful" in labels(answer)
        assert await press(api, ann, hello, EXAMPLES[0]) == (PRESSED_TWICE, [])
        await press(api, ann, hello, EXAMPLES[1])
        toast, _none = await press(api, ann, hello, EXAMPLES[2])
        assert "2 questions a minute" in toast
        query = ann.press_data(hello, "example:nosuchkey")
        await api.wait_until(lambda: query.answer is not None)
        assert query.answer is not None
        assert query.answer["text"] == EXPIRED_BUTTON
    assert library.asked == list(EXAMPLES[:2])


async def test_a_busy_bot_greets_without_examples(api: FakeBotApi) -> None:
    library = StubLibrary()
    async with running(api, library, queue_size=1):
        ann, bob, eve = (api.private_chat(number) for number in (1, 2, 3))
        library.free.clear()
        for person in (ann, bob):
            person.send(f"Which borders, {person.id}?")
            await api.wait_until(lambda person=person: bool(person.chat.actions))
        sent = eve.send("hello")
        (hello,) = await api.wait_for(eve, after=sent)
        library.free.set()
        await handled(api)
    assert text_of(hello) == LINES[Kind.GREETING]
    assert not labels(hello)


async def test_an_edit_changes_the_reply(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        sent = ann.send("hello")
        (reply,) = await api.wait_for(ann, after=sent)
        ann.edit(sent, "Who fled?")
        await api.wait_until(lambda: quotes(reply) == ["A thousand people fled."])
        ann.edit(sent, "thanks")
        await api.wait_until(lambda: text_of(reply) == LINES[Kind.THANKS])
    assert not reply.buttons
    assert ann.chat.sent == [reply]


async def test_a_stranger_stays_one(api: FakeBotApi) -> None:
    async with running(api, allowed="2"):
        said = await tell(api, api.private_chat(1), "hello")
    assert "I only answer people on a list" in said
