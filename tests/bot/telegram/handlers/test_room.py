"""Links from a chat to the reading room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.cli.web import beside_bot
from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.telegram.app import serving
from index.library import Library
from tests.botapi import FakeBotApi, Message, Person
from tests.support import PATIENCE_S
from tests.support.chat import ask, press
from tests.support.folders import Shelf
from tests.support.running import prepare_inbox
from tests.support.web import init_data, marked, read

TOKEN = "a-long-and-random-word"
ROOT = "http://read.example"
SECRET = "The secret harbour of the chat lies behind the northern lighthouse."
QUESTION = "Where does the secret harbour lie?"


@pytest.fixture
def library(shelf: Shelf) -> Library:
    made = shelf.open()
    made.add([shelf.write("own.txt", SECRET)], collection="chat:1")
    return made


@asynccontextmanager
async def talking(
    api: FakeBotApi, library: Library, **settings: object
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the bot with the reading room beside it; give a client of that."""
    given = BotSettings(
        _env_file=None,
        telegram_bot_token=api.token,
        telegram_api_url=api.root,
        **{"web": "127.0.0.1:0", "web_url": ROOT, "web_token": TOKEN} | settings,
    )
    prepare_inbox(Path())
    async with (
        serving(given, Conversation(library), Path(), first_delay_s=0.01) as service,
        beside_bot(given, service.services) as url,
        httpx.AsyncClient(base_url=url or "", timeout=PATIENCE_S) as client,
    ):
        yield client


async def listed(api: FakeBotApi, person: Person) -> list[str]:
    """Ask, and return the addresses in the list of the answer's sources."""
    answer = await ask(api, person, QUESTION)
    _toast, (sources, *_) = await press(api, person, answer, "Show sources")
    return [entity.url for entity in sources.entities if entity.url]


def link(message: Message) -> str:
    (button,) = [button for button in message.buttons if button.url]
    assert button.text == "Open source"
    return str(button.url)


async def test_the_source_opens_where_the_quote_stands(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with talking(api, library) as client:
        address = link(await ask(api, api.private_chat(1), QUESTION))
        assert address.startswith(f"{ROOT}/d/")
        path = address.removeprefix(ROOT)
        page = await client.get(path)
        forged = await client.get(path.replace("chat=1&", "chat=2&"))
        bare = await client.get(path.partition("?")[0])
    assert marked(page) == SECRET
    assert [forged.status_code, bare.status_code] == [403, 401]
    assert "lighthouse" not in forged.text + bare.text


async def test_with_encryption_it_opens_inside_of_telegram(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    secure = ROOT.replace("http:", "https:")
    async with talking(api, library, web_url=secure) as client:
        answer = await ask(api, api.private_chat(1), QUESTION)
        (address,) = [button.web_app for button in answer.buttons if button.web_app]
        path = address.removeprefix(secure)
        data = {user: {"data": init_data(user, api.token)} for user in (1, 2)}
        page = await client.post(path, data=data[1], follow_redirects=True)
        other = await client.post(path, data=data[2], follow_redirects=True)
    assert marked(page) == SECRET
    assert other.status_code == 404
    assert "lighthouse" not in other.text


async def test_a_group_opens_it_by_a_link(
    api: FakeBotApi, library: Library, shelf: Shelf, folder: Path
) -> None:
    secure = ROOT.replace("http:", "https:")
    library.add([shelf.write("own.txt", SECRET)], collection="chat:-1007")
    ann, group = api.private_chat(1), api.group(-1007)
    async with talking(api, library, web_url=secure) as client:
        asked = ann.send(f"/ask {QUESTION}", chat=group)
        (answer,) = await api.wait_for(group, after=asked)
        page = await client.get(link(answer).removeprefix(secure))
    assert marked(page) == SECRET


async def test_a_link_leads_on_to_the_other_quotes_of_its_answer(
    api: FakeBotApi, library: Library, shelf: Shelf, folder: Path
) -> None:
    copy = f"{SECRET} Nobody else knows."
    library.add([shelf.write("copy.txt", copy)], collection="chat:1")
    async with talking(api, library) as client:
        ann = api.private_chat(1)
        links = await listed(api, ann)
        page = await client.get(links[0].removeprefix(ROOT))
        (onward,) = read(page).xpath("//a[@rel='next']/@href")
        there = await client.get(onward)
    assert len(links) > 1
    assert there.status_code == 200
    assert {str(marked(page)), str(marked(there))} == {SECRET, str(marked(there))}
    assert onward.partition("?")[0] != links[0].removeprefix(ROOT).partition("?")[0]


async def test_a_blocked_chat_reads_nothing_any_more(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with talking(api, library, owner=9) as client:
        path = link(await ask(api, api.private_chat(1), QUESTION)).removeprefix(ROOT)
        assert (await client.get(path)).status_code == 200
        owner = api.private_chat(9)
        await ask(api, owner, "/block 1")
        assert (await client.get(path)).status_code == 403


async def test_without_an_address_for_people_there_is_no_link(
    api: FakeBotApi, library: Library, folder: Path
) -> None:
    async with talking(api, library, web_url=None) as client:
        answer = await ask(api, api.private_chat(1), QUESTION)
        assert (await client.get("/")).status_code == 401
    assert [button.url for button in answer.buttons if button.url] == []


async def test_the_list_of_sources_links_to_each(
    api: FakeBotApi, library: Library, shelf: Shelf, folder: Path
) -> None:
    copy = f"{SECRET} Nobody else knows."
    library.add([shelf.write("copy.txt", copy)], collection="chat:1")
    async with talking(api, library) as client:
        ann = api.private_chat(1)
        found, *_ = await listed(api, ann)
        page = await client.get(found.removeprefix(ROOT))
    assert SECRET in str(marked(page))
