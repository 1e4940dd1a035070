"""Archives sent to the bot: each file in one is a document of the chat, and they go together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.telegram.app import serving
from index.library import Library
from tests.botapi import Chat, FakeBotApi, Message, Person
from tests.support.chat import quotes, text_of
from tests.support.containers import zipped
from tests.support.embedder import Gate
from tests.support.folders import Shelf

OWNER = 1
FERRY = "The ferry to Norderney leaves at nine from the eastern quay of the old harbour."
BRIDGE = "The bridge over the Elbe was closed by the council on Tuesday after a storm."
MUSEUM = "The museum in Kiel opens its new hall of maps to visitors in the coming spring."
PAIR = {"ferries.txt": FERRY, "deep/bridges.md": BRIDGE}
ON_BRIDGE = "Who closed the bridge over the Elbe?"


@asynccontextmanager
async def running(api: FakeBotApi, shelf: Shelf, **settings: Any) -> AsyncIterator[Library]:
    given = BotSettings(
        _env_file=None,
        telegram_bot_token=api.token,
        telegram_api_url=api.root,
        **{"owner": OWNER} | settings,
    )
    shelf.sync()
    library = shelf.open()
    async with serving(given, Conversation(library), shelf.data, 0.01, 0.01):
        yield library


async def sent(
    api: FakeBotApi, person: Person, members: dict[str, Any], chat: Chat | None = None
) -> str:
    """Send an archive; return the end of the message about it."""
    caption = "@onrecord_bot" if chat else ""
    content = zipped(members)
    message = person.send_document("pack.zip", content, chat=chat, caption=caption)
    (progress,) = await api.wait_for(chat or person, after=message)
    await api.wait_until(lambda: not re.search(r"(…|received\.|before it\.)$", text_of(progress)))
    return text_of(progress)


async def asked(api: FakeBotApi, person: Person, text: str, chat: Chat | None = None) -> Message:
    message = person.send(text if chat is None else f"@onrecord_bot {text}", chat=chat)
    place = chat or person
    await api.wait_for(place, after=message)
    return (await api.wait_for(place, after=message))[-1]


def files(shelf: Shelf) -> int:
    return len(list((shelf.data / "uploads").glob("*/*")))


async def test_each_file_is_a_document_and_all_go_together(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        end = await sent(api, ann, PAIR)
        assert end.startswith("pack.zip is ready: 2 documents. Ask me about it.")
        assert quotes(await asked(api, ann, ON_BRIDGE))[0] == BRIDGE
        assert shelf.paths() == ["pack.zip/deep/bridges.md", "pack.zip/ferries.txt"]
        listed = text_of(await asked(api, ann, "/remove"))
        assert re.search(r"^\d+ +pack\.zip: 2 documents$", listed, re.MULTILINE)
        number = re.findall(r"^(\d+) ", listed, re.MULTILINE)[0]
        removed = text_of(await asked(api, ann, f"/remove {number}"))
        assert removed == "pack.zip is removed, with its 2 documents."
    assert shelf.paths() == []
    assert files(shelf) == 0


async def test_what_is_left_out_is_told_in_one_line(api: FakeBotApi, shelf: Shelf) -> None:
    members = PAIR | {
        "a.exe": b"MZ",
        "b.exe": b"MZ",
        "c.mp3": b"x",
        "empty.txt": " ",
        "z.txt": "Z.",
    }
    async with running(api, shelf, uploads_per_chat=3):
        ann = api.private_chat(OWNER)
        end = await sent(api, ann, members)
    assert end.startswith("pack.zip is ready: 2 documents.")
    assert len(end.splitlines()) == 1
    assert "3 files of formats that I do not read (.exe, .mp3)" in end
    assert "1 file for which this chat has no room" in end
    assert "empty.txt: an empty file" in end


async def test_sent_again_it_takes_the_place_of_the_one_before(
    api: FakeBotApi, shelf: Shelf
) -> None:
    async with running(api, shelf, uploads_per_chat=2):
        ann = api.private_chat(OWNER)
        await sent(api, ann, PAIR)
        assert (await sent(api, ann, PAIR)).startswith("pack.zip is here already.")
        changed = {"ferries.txt": FERRY.replace("nine", "ten"), "maps.txt": MUSEUM}
        end = await sent(api, ann, changed)
        assert end.startswith("pack.zip is ready: 2 documents.")
        assert shelf.paths() == ["pack.zip/ferries.txt", "pack.zip/maps.txt"]
        assert files(shelf) == 1
        reply = await asked(api, ann, "When does the ferry to Norderney leave?")
        assert "at ten" in quotes(reply)[0]
        failed = await sent(api, ann, {"a.exe": b"MZ"})
        assert failed == "pack.zip: 1 file of a format that I do not read (.exe)"
    assert shelf.paths() == []
    assert files(shelf) == 0


async def test_nobody_replaces_or_removes_the_archive_of_another(
    api: FakeBotApi, shelf: Shelf
) -> None:
    async with running(api, shelf, uploaders=frozenset({2, 3})):
        bob, cem, group = api.private_chat(2), api.private_chat(3), api.group()
        await sent(api, bob, PAIR, group)
        end = await sent(api, cem, {"maps.txt": MUSEUM}, group)
        assert end.startswith("pack (2).zip is ready: 1 document.")
        listed = text_of(await asked(api, cem, "/remove", group))
        number = re.findall(r"^(\d+) +pack\.zip", listed, re.MULTILINE)[0]
        assert "pack.zip/" in text_of(await asked(api, cem, f"/remove {number}", group))
    assert len(shelf.paths()) == 3


async def test_a_shared_archive_answers_everywhere(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann, bob = api.private_chat(OWNER), api.private_chat(2)
        await sent(api, ann, PAIR)
        listed = text_of(await asked(api, ann, "/remove"))
        number = re.findall(r"^(\d+) ", listed, re.MULTILINE)[0]
        reply = text_of(await asked(api, ann, f"/share {number}"))
        assert reply.startswith("pack.zip is in the library now, as pack.zip")
        assert "No documents" in text_of(await asked(api, ann, "/remove"))
        assert bob.chat.sent == []
    assert len(shelf.paths()) == 2


async def test_bombs_passwords_and_damage_are_one_line(api: FakeBotApi, shelf: Shelf) -> None:
    async with running(api, shelf):
        ann = api.private_chat(OWNER)
        await sent(api, ann, PAIR)
        end = await sent(api, ann, {"bomb.txt": b" " * 50_000_000})
        assert "unpacks to more than 200 times its size" in end
        message = ann.send_document("pack.zip", b"PK\3\4 but no archive")
        (progress,) = await api.wait_for(ann, after=message)
        await api.wait_until(lambda: "damaged" in text_of(progress))
        nested = await sent(api, ann, {"in.zip": zipped(PAIR)})
        assert "an archive in an archive" in nested
    assert files(shelf) == 0


async def test_an_archive_goes_on_after_a_stop(api: FakeBotApi, shelf: Shelf) -> None:
    members = {f"{n}.txt": f"{FERRY} It is number {n}. " + "Wait a while. " * 200 for n in range(9)}
    ann = api.private_chat(OWNER)
    shelf.embedder.before = gate = Gate()
    async with running(api, shelf) as library:
        library.interrupt = gate.open  # type: ignore[method-assign]  # as the bot ends
        message = ann.send_document("pack.zip", zipped(members))
        (progress,) = await api.wait_for(ann, after=message)
        await api.wait_until(lambda: "% read…" in text_of(progress))
    assert len(shelf.paths()) < len(members)
    async with running(api, shelf):
        await api.wait_until(lambda: "is ready" in text_of(progress))
        await asyncio.sleep(0)
    assert text_of(progress).startswith("pack.zip is ready: 9 documents.")
    assert len(shelf.paths()) == len(members)
    assert len(ann.chat.sent) == 1
