"""The bot answers in the language of each user or group, over HTTP."""

from pathlib import Path

import pytest

from bot.i18n.language import LANGUAGES
from tests.botapi import FakeBotApi
from tests.support.chat import busy_with, tell, text_of
from tests.support.library import BORDERS, StubLibrary
from tests.support.running import introduced, running

pytestmark = pytest.mark.usefixtures("folder")


async def test_each_is_answered_in_the_language_of_their_telegram(api: FakeBotApi) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library):
        codes = {1: "en", 2: "de-AT", 3: "ru", 4: "pt-br", 5: None, 6: "ar"}
        people = [api.private_chat(n, language_code=code) for n, code in codes.items()]
        for person in people:
            person.send("Which borders?")
        await api.wait_until(lambda: all(person.chat.actions for person in people))
        library.free.set()
        replies = [(await api.wait_for(person))[0] for person in people]
    assert library.asked == ["Which borders?"]
    assert [reply.entity_texts("blockquote") for reply in replies] == [[BORDERS]] * 6
    days = ["10 July 2021", "10. Juli 2021", "10 июля 2021", "10 July", "10 July", "10 يوليو"]
    for reply, day in zip(replies, days, strict=True):
        assert f" · {day}" in text_of(reply)


async def test_a_full_queue_says_so_to_each_in_their_language(api: FakeBotApi) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library, queue_size=1):
        for number in (1, 2):
            api.private_chat(number).send(f"Which borders, {number}?")
        await busy_with(api, 2)
        german = api.private_chat(3, language_code="de")
        french = api.private_chat(4, language_code="fr")
        german.send("And then?")
        french.send("And then?")
        (busy,) = await api.wait_for(german)
        assert text_of(busy).startswith("Ich bin beschäftigt: 1 Frage wartet.")
        (busy,) = await api.wait_for(french)
        assert text_of(busy).startswith("Je suis occupé")


async def test_a_user_chooses_and_the_choice_stays(api: FakeBotApi, folder: Path) -> None:
    ann = api.private_chat(1, language_code="en")
    async with running(api, folder=folder):
        assert (await tell(api, ann, "/language")).startswith("Language: English, as your")
        assert "Deutsch" in await tell(api, ann, "/language klingon")
        assert (await tell(api, ann, "/language de")).startswith("Ab jetzt spreche ich")
        assert "10. Juli 2021" in await tell(api, ann, "Which borders?")
    async with running(api, folder=folder):
        assert "10. Juli 2021" in await tell(api, ann, "Which borders?")
        assert (await tell(api, ann, "/language")).startswith("Sprache: Deutsch, wie hier")
        assert (await tell(api, ann, "/language auto")).startswith("I follow")
        assert "10 July 2021" in await tell(api, ann, "Which borders?")
        assert (await tell(api, ann, "/language УКРАЇНСЬКА")).startswith("Відтепер")


async def test_only_administrators_choose_for_a_group(api: FakeBotApi) -> None:
    ann, bob = api.private_chat(1, "Ann"), api.private_chat(2, "Bob", language_code="fr")
    group = api.group(administrators=[ann])
    async with running(api):
        said = await tell(api, bob, "/language de", chat=group)
        assert said.startswith("Dans ce groupe, seul un administrateur")
        assert "10 juillet 2021" in await tell(api, bob, "@onrecord_bot which borders?", chat=group)
        assert "Deutsch" in await tell(api, ann, "/language@onrecord_bot de", chat=group)
        assert "10. Juli 2021" in await tell(api, bob, "@onrecord_bot which borders?", chat=group)
        assert "10 juillet 2021" in await tell(api, bob, "Which borders?")
        assert "I follow" in await tell(api, ann, "/language auto", chat=group)
        assert "10 juillet 2021" in await tell(api, bob, "@onrecord_bot which borders?", chat=group)


async def test_an_error_is_told_in_the_language_of_the_user(api: FakeBotApi) -> None:
    async with running(api, StubLibrary(error=RuntimeError("broken"))):
        ann = api.private_chat(1, language_code="es")
        assert "indique al operador" in await tell(api, ann, "Which borders?")


async def test_the_menu_and_the_description_are_in_every_language(
    api: FakeBotApi, folder: Path
) -> None:
    async with running(api, folder=folder):
        await introduced(api)
        await tell(api, api.private_chat(2), "Which borders?")
    codes = {"" if language == "en" else language for language in LANGUAGES}
    assert {code for _, code in api.world.commands} == codes
    for name in ("description", "short_description"):
        texts = {code: api.world.descriptions[name, code] for code in codes}
        assert len(set(texts.values())) == len(LANGUAGES)
    calls = len(api.calls)
    async with running(api, folder=folder):
        await tell(api, api.private_chat(1), "Which borders?")
    again = [call.method for call in api.calls[calls:]]
    assert not [method for method in again if method.lower().startswith("setmy")]


async def test_a_button_chooses_for_those_who_may(api: FakeBotApi) -> None:
    ann, bob = api.private_chat(1, "Ann"), api.private_chat(2, "Bob")
    group = api.group(administrators=[ann])
    async with running(api):
        asked = ann.send("/language@onrecord_bot", chat=group)
        (listed,) = await api.wait_for(group, after=asked)
        for person, said in ((bob, "Only an administrator"), (ann, "Ab jetzt spreche ich")):
            query = person.press(listed, "Deutsch")
            await api.wait_until(lambda query=query: query.answer is not None)
            assert query.answer["text"].startswith(said)
        forged = ann.press_data(listed, "language:xx")
        await api.wait_until(lambda: forged.answer is not None)
        assert "10. Juli 2021" in await tell(api, bob, "@onrecord_bot which borders?", chat=group)
