"""Quotes are kept by a button, listed, removed and exported, for their chat alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import bibtexparser
import httpx
import pytest

from bot.cli.web import beside_bot
from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.storage.clippings import Clippings
from bot.storage.database import open_inbox
from bot.telegram.app import serving
from index.library import Library
from tests.botapi import FakeBotApi, Message
from tests.botapi.people import Person
from tests.botapi.records import Chat
from tests.support import PATIENCE_S
from tests.support.chat import SEVEN, ask, handled, labels, press, quotes, tell, text_of
from tests.support.folders import Shelf
from tests.support.library import StubLibrary, answered
from tests.support.running import prepare_inbox, running

STORY = "The ferry Aurora sank near the harbour of Mostar on Monday."
QUESTION = "Where did the ferry Aurora sink?"
TOKEN = "a-long-and-random-word"
KEPT = "Kept. /clippings lists what is kept here, and exports it."
NONE = "Nothing is kept here yet. Press Keep below a quote."


@pytest.fixture
def library(shelf: Shelf) -> Library:
    shelf.write("ferry.txt", STORY)
    shelf.sync()
    return shelf.open()


async def keep(api: FakeBotApi, person: Person, chat: Chat | None = None) -> str:
    """Ask, press Keep, and return what the press is answered with."""
    place = chat or person.chat
    asked = person.send(f"/ask {QUESTION}", chat=place)
    (reply,) = await api.wait_for(place, after=asked)
    toast, _sent = await press(api, person, reply, "Keep")
    return toast


async def listed(api: FakeBotApi, person: Person, chat: Chat | None = None) -> Message:
    asked = person.send("/clippings", chat=chat or person.chat)
    (reply,) = await api.wait_for(chat or person, after=asked)
    return reply


async def exported(
    api: FakeBotApi, person: Person, message: Message, label: str
) -> tuple[Message, Message]:
    """Press a button of an export; return the line about it and the message with the file."""
    before = len(message.chat.sent)
    person.press(message, label)
    await api.wait_until(lambda: len(message.chat.sent) >= before + 2)
    line, file = message.chat.sent[before:]
    return line, file


async def test_a_quote_is_kept_once_listed_and_removed(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with running(api, library):  # type: ignore[arg-type]
        ann = api.private_chat(1)
        assert await tell(api, ann, "/clippings") == NONE
        assert await keep(api, ann) == KEPT
        assert await keep(api, ann) == "It is kept here already."
        page = await listed(api, ann)
        assert quotes(page) == [STORY]
        assert text_of(page).startswith("1 quote is kept here:")
        assert "[1] " in text_of(page)
        assert labels(page) == ["Remove [1]", "Markdown", "Word", "CSV", "BibTeX", "RIS"]
        query = ann.press(page, "Remove [1]")
        await api.wait_until(lambda: page.text == NONE)
        assert query.answer
        assert query.answer["text"] == "Removed."
        assert await tell(api, ann, "/clippings") == NONE


async def test_each_quote_of_an_answer_has_its_button(api: FakeBotApi, folder: Path) -> None:
    async with running(api, StubLibrary(answered(*SEVEN[:3]))):
        ann = api.private_chat(1)
        reply = await ask(api, ann)
        assert labels(reply)[-3:] == ["Keep [1]", "Keep [2]", "Keep [3]"]
        for number in (2, 3):
            toast, _sent = await press(api, ann, reply, f"Keep [{number}]")
            assert toast == KEPT
        forged = ann.press_data(reply, reply.button("Keep [3]").callback_data[:-1] + "9")  # type: ignore[index]
        await api.wait_until(lambda: forged.answer is not None)
    engine = open_inbox(folder)
    assert [one.certificate.span.start for one in Clippings(engine).part(1)] == [300, 200]
    engine.dispose()


async def test_the_limit_of_a_chat_is_said(api: FakeBotApi, library: Library, folder: Path) -> None:
    async with running(api, library, clippings_per_chat=0):  # type: ignore[arg-type]
        assert "there is no room for more" in await keep(api, api.private_chat(1))


async def test_no_chat_sees_or_removes_those_of_another(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with running(api, library):  # type: ignore[arg-type]
        ann, bob = api.private_chat(1), api.private_chat(2, "Bob")
        await keep(api, ann)
        page = await listed(api, ann)
        assert await tell(api, bob, "/clippings") == NONE
        assert await tell(api, bob, "/clippings export csv") == NONE
        # A forged button, under a message of his own.
        own = bob.chat.sent[-1]
        query = bob.press_data(own, str(page.button("Remove [1]").callback_data))
        await api.wait_until(lambda: query.answer is not None)
        assert query.answer
        assert query.answer["text"] == "It is no longer kept here."
        assert quotes(await listed(api, ann)) == [STORY]


async def test_in_a_group_who_kept_it_or_an_administrator_removes(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with running(api, library):  # type: ignore[arg-type]
        ann, bob, eve = (api.private_chat(at, name) for at, name in enumerate("ABC", 1))
        group = api.group(administrators=[eve])
        await keep(api, ann, group)
        page = await listed(api, bob, group)
        assert quotes(page) == [STORY]
        query = bob.press(page, "Remove [1]")
        await api.wait_until(lambda: query.answer is not None)
        assert query.answer
        assert query.answer["text"].startswith("It can be removed by who kept it")
        eve.press(page, "Remove [1]")
        await api.wait_until(lambda: page.text == NONE)
        await keep(api, ann, group)
        assert await tell(api, ann, "/clippings") == NONE
        # What she kept is the group's, and stays without her name.
        await tell(api, ann, "/forget yes")
        assert quotes(await listed(api, bob, group)) == [STORY]


async def test_the_list_has_pages(api: FakeBotApi, shelf: Shelf, folder: Path) -> None:
    names = ["Aurora", "Borealis", "Castor", "Delphin", "Electra", "Fortuna", "Galatea"]
    for name in names:
        shelf.write(f"{name}.txt", f"The ferry {name} sank near the harbour of Mostar.")
    shelf.sync()
    async with running(api, shelf.open(), questions_per_minute=99):  # type: ignore[arg-type]
        ann = api.private_chat(1)
        for name in names:
            reply = await ask(api, ann, f"Where did the ferry {name} sink?")
            label = next(one for one in labels(reply) if one.startswith("Keep"))
            await press(api, ann, reply, label)
        page = await listed(api, ann)
        first = quotes(page)
        assert len(first) == 5
        assert text_of(page).startswith("1–5 of ")
        ann.press(page, "Older ›")
        await api.wait_until(lambda: quotes(page) != first)
        assert "[6] " in text_of(page)
        assert not set(quotes(page)) & set(first)
        ann.press(page, "‹ Newer")
        await api.wait_until(lambda: quotes(page) == first)


async def test_they_are_exported(api: FakeBotApi, library: Library, folder: Path) -> None:
    async with running(api, library):  # type: ignore[arg-type]
        ann = api.private_chat(1)
        await keep(api, ann)
        page = await listed(api, ann)
        line, file = await exported(api, ann, page, "BibTeX")
        assert line.text == "The file has 1 quote."
        assert file.file
        assert file.file.name == "clippings.bib"
        (entry,) = bibtexparser.parse_string(file.file.content.decode()).entries
        assert entry["annote"] == STORY
        for name in ("markdown", "word", "csv", "ris"):
            asked = ann.send(f"/clippings export {name}")
            _line, file = await api.wait_for(ann, 2, after=asked)
            assert file.file
            assert file.file.content
        chosen = await tell(api, ann, "/clippings export")
        assert chosen == "As what file?"
        assert (await tell(api, ann, "/clippings export pdf")).startswith("/clippings lists")


async def test_a_removed_document_leaves_no_words(
    api: FakeBotApi, library: Library, shelf: Shelf, folder: Path
) -> None:
    async with running(api, library):  # type: ignore[arg-type]
        ann = api.private_chat(1)
        await keep(api, ann)
        (shelf.folder / "ferry.txt").write_text(f"Corrected.\n\n{STORY}", encoding="utf-8")
        shelf.sync()
        assert quotes(await listed(api, ann)) == [STORY]
        (shelf.folder / "ferry.txt").write_text("They say nothing of it now.", encoding="utf-8")
        shelf.sync()
        changed = await listed(api, ann)
        assert quotes(changed) == [STORY]
        assert "the document has changed since" in text_of(changed)
        (shelf.folder / "ferry.txt").unlink()
        library.sync(shelf.folder, allow_empty=True)
        gone = await listed(api, ann)
        assert quotes(gone) == []
        assert "is no longer among the documents" in text_of(gone)
        assert "harbour" not in text_of(gone)
        assert (await tell(api, ann, "/clippings export csv")).startswith("There is nothing")


@asynccontextmanager
async def with_room(api: FakeBotApi, library: Library) -> AsyncIterator[httpx.AsyncClient]:
    given = BotSettings(
        _env_file=None,
        telegram_bot_token=api.token,
        telegram_api_url=api.root,
        web="127.0.0.1:0",
        web_url="http://read.example",
        web_token=TOKEN,
    )
    prepare_inbox(library.folder)
    async with (
        serving(given, Conversation(library), library.folder, first_delay_s=0.01) as service,
        beside_bot(given, service.services) as url,
        httpx.AsyncClient(base_url=url or "", timeout=PATIENCE_S) as client,
    ):
        yield client


async def test_the_web_shows_them_to_the_chat_alone(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with with_room(api, library) as client:
        ann, bob = api.private_chat(1), api.private_chat(2, "Bob")
        await keep(api, ann)
        await keep(api, bob)
        page = await listed(api, ann)
        path = str(page.button("Open on the web").url).removeprefix("http://read.example")
        shown = await client.get(path)
        file = await client.get(path.replace("/clippings?", "/clippings/export/clippings.ris?"))
        refused = [
            await client.get(path.replace("chat=1&", "chat=2&")),
            await client.get("/clippings"),
            await client.post(path, data={"act": "remove", "certificate": "0000-0000-0000"}),
            await client.get(path.replace("/clippings?", "/library?")),
        ]
        mine = await client.get("/clippings", headers={"Authorization": f"Bearer {TOKEN}"})
    assert STORY in shown.text
    assert STORY in file.text
    assert "<form" not in shown.text
    assert [one.status_code for one in refused] == [403, 401, 403, 401]
    assert "harbour" not in "".join(one.text for one in (*refused, mine))
    assert mine.status_code == 200


async def test_who_is_told_what_is_kept(api: FakeBotApi, folder: Path) -> None:
    async with running(api):
        ann = api.private_chat(1)
        assert "/clippings" in await tell(api, ann, "/privacy")
        assert "/clippings" in await tell(api, ann, "/forget")
        await handled(api)
