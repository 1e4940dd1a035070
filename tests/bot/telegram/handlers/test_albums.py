"""Albums, captions and forwarded posts: one message about what was sent, and an answer if asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pytest

from bot.conversation.conversation import Conversation
from bot.settings import BotSettings
from bot.telegram.app import serving
from bot.texts.notices import ATTACHMENTS, FORWARDED
from index.core.documents import Vector
from tests.botapi import FakeBotApi
from tests.support import PATIENCE_S
from tests.support.chat import handled, quotes, text_of
from tests.support.folders import Shelf
from tests.support.library import ScriptedLibrary
from tests.support.running import running

FERRY = "The ferry to Norderney leaves at nine from the eastern quay of the old harbour."
BRIDGE = "The bridge over the Elbe was closed by the council on Tuesday after a storm."
OWNER = 1
BOT = "@onrecord_bot"
GROUPED = {"media_group_id": "77"}
POSTED = {"type": "hidden_user", "date": 1, "sender_user_name": "Cleo"}


@asynccontextmanager
async def taking_in(api: FakeBotApi, shelf: Shelf, drain_s: float = 10.0) -> AsyncIterator[None]:
    given = BotSettings(
        _env_file=None,
        telegram_bot_token=api.token,
        telegram_api_url=api.root,
        owner=OWNER,
        drain_s=drain_s,
    )
    shelf.sync(allow_empty=True)
    async with serving(given, Conversation(shelf.open()), shelf.data, 0.01, 0.01):
        yield


async def test_an_album_is_one_job_and_its_caption_is_answered(
    api: FakeBotApi, shelf: Shelf
) -> None:
    async with taking_in(api, shelf):
        ann = api.private_chat(OWNER)
        caption = "When does the ferry to Norderney leave?"
        ann.send_document("bridges.txt", BRIDGE.encode(), caption=caption, **GROUPED)
        ann.send_document("ferries.txt", FERRY.encode(), **GROUPED)
        ann.send_document("noise.bin", b"1", **GROUPED)
        progress, reply = await api.wait_for(ann, 2)
        await handled(api, shelf.data)
        assert len(ann.chat.sent) == 2
    ready, also_ready, failed, hint = text_of(progress).splitlines()
    assert (ready, also_ready) == ("bridges.txt is ready.", "ferries.txt is ready.")
    assert failed.startswith("noise.bin: not a format")
    assert hint.startswith("Ask me about them.")
    assert quotes(reply)[0] == FERRY


async def test_an_album_in_a_group_is_meant_by_one_caption(api: FakeBotApi, shelf: Shelf) -> None:
    api.world.privacy_mode = False
    async with taking_in(api, shelf):
        ann, group = api.private_chat(OWNER), api.group()
        ann.send_document("a.txt", FERRY.encode(), chat=group, caption=BOT, **GROUPED)
        ann.send_document("b.txt", BRIDGE.encode(), chat=group, **GROUPED)
        ann.send_document("c.txt", BRIDGE.encode(), chat=group, media_group_id="78")
        await api.wait_for(group)
        await handled(api, shelf.data)
        (progress,) = group.sent
    assert text_of(progress).splitlines()[:2] == [
        "a.txt is ready.",
        "b.txt is ready.",
    ]


@pytest.mark.usefixtures("folder")
async def test_a_caption_that_mentions_the_bot_is_a_question(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, group = api.private_chat(1), api.group()
        sent = ann.send_photo(caption=f"{BOT} Who fled?", chat=group)
        (reply,) = await api.wait_for(group, after=sent)
        assert quotes(reply) == ["A thousand people fled."]
        ann.send_photo(caption="Who fled?", chat=group)
        await handled(api)
        assert len(group.sent) == 1


@pytest.mark.usefixtures("folder")
async def test_an_album_of_photos_gets_one_line(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann, bob, group = api.private_chat(1), api.private_chat(2), api.group()
        for _ in range(3):
            ann.send_photo(**GROUPED)
            ann.send_photo(chat=group, **GROUPED)
        bob.send_photo(caption="Who fled?", media_group_id="78")
        bob.send_photo(media_group_id="78")
        await api.wait_for(bob)
        await handled(api)
    assert [text_of(sent) for sent in ann.chat.sent] == [ATTACHMENTS["photo"]]
    (reply,) = bob.chat.sent
    assert quotes(reply) == ["A thousand people fled."]
    assert not group.sent


@pytest.mark.usefixtures("folder")
async def test_what_is_addressed_in_a_group_gets_its_line(
    api: FakeBotApi, library: ScriptedLibrary
) -> None:
    async with running(api, library):
        ann, group = api.private_chat(1), api.group()
        (answer,) = await api.wait_for(group, after=ann.send(f"{BOT} Who fled?", chat=group))
        ann.send_sticker(chat=group, reply_to=answer)
        ann.send_voice(chat=group)
        sent = ann.send_voice(chat=group, reply_to=answer)
        await api.wait_for(group, 1, after=sent)
        await handled(api)
    assert [text_of(reply) for reply in group.sent[1:]] == [ATTACHMENTS["voice"]]


@pytest.mark.usefixtures("folder")
async def test_a_forwarded_post_is_no_question(api: FakeBotApi, library: ScriptedLibrary) -> None:
    async with running(api, library):
        ann = api.private_chat(1)
        posted = ann.send("Five borders were reached.", forward_origin=POSTED)
        (reply,) = await api.wait_for(ann, after=posted)
        assert text_of(reply) == FORWARDED
        ann.send_photo(caption="Our cat", forward_origin=POSTED)
        ann.send("/check", reply_to=posted)
        await api.wait_until(lambda: library.checked == ["Five borders were reached."])
        asked = ann.send("Who fled?", forward_origin=POSTED)
        await api.wait_for(ann, after=asked)
        assert any(quotes(reply) == ["A thousand people fled."] for reply in ann.chat.sent)
        await handled(api)
        assert [text_of(sent) for sent in ann.chat.sent].count(FORWARDED) == 1


async def test_a_type_stands_in_for_an_ending(api: FakeBotApi, shelf: Shelf) -> None:
    async with taking_in(api, shelf):
        ann = api.private_chat(OWNER)
        for name, kind in (("minutes", "text/plain"), ("notes 1.2", "text/markdown")):
            ann.send_document(name, f"{FERRY} {name}.".encode(), kind)
        cue = f"1\n00:00:01,000 --> 00:00:04,000\n{BRIDGE}\n"
        ann.send_document("film.srt", cue.encode(), "application/x-subrip")
        ann.send_document("picture.exe", BRIDGE.encode(), "text/plain")
        await api.wait_for(ann, 4)
        await handled(api, shelf.data)
    texts = sorted(text_of(sent) for sent in ann.chat.sent)
    ready = [text.partition(" is ready.")[0] for text in texts[:3]]
    assert ready == ["film.srt", "minutes.txt", "notes 1.2.md"]
    assert texts[3].startswith("picture.exe: not a format")


async def test_a_part_that_comes_late_joins_the_others(api: FakeBotApi, shelf: Shelf) -> None:
    async with taking_in(api, shelf):
        ann = api.private_chat(OWNER)
        for name, text in (("a.txt", FERRY), ("noise.bin", "1")):
            ann.send_document(name, text.encode(), **GROUPED)
        await handled(api, shelf.data)
        caption = "Which bridge was closed?"
        ann.send_document("b.txt", BRIDGE.encode(), caption=caption, **GROUPED)
        await handled(api, shelf.data)
        progress, reply = ann.chat.sent
    lines = text_of(progress).splitlines()
    assert [line.partition(":")[0] for line in lines[:3]] == [
        "a.txt is ready.",
        "noise.bin",
        "b.txt is ready.",
    ]
    assert BRIDGE in quotes(reply)


async def test_a_caption_that_comes_last_means_the_whole_album(
    api: FakeBotApi, shelf: Shelf
) -> None:
    api.world.privacy_mode = False
    async with taking_in(api, shelf):
        ann, group = api.private_chat(OWNER), api.group()
        ann.send_document("a.txt", FERRY.encode(), chat=group, **GROUPED)
        await handled(api, shelf.data)
        assert not group.sent
        ann.send_document("b.txt", BRIDGE.encode(), chat=group, caption=BOT, **GROUPED)
        await handled(api, shelf.data)
        (progress,) = group.sent
    assert text_of(progress).splitlines()[:2] == [
        "a.txt is ready.",
        "b.txt is ready.",
    ]


@pytest.mark.parametrize("grouped", [{}, GROUPED])
async def test_a_caption_is_answered_after_a_stop_between_it_and_its_file(
    api: FakeBotApi, shelf: Shelf, grouped: dict[str, str]
) -> None:
    ann, asked, go_on = api.private_chat(OWNER), Event(), Event()
    answer_now = shelf.embedder.embed_question

    def answer_late(text: str) -> Vector:
        asked.set()
        go_on.wait(PATIENCE_S)
        return answer_now(text)

    shelf.embedder.embed_question = answer_late  # type: ignore[method-assign]
    async with taking_in(api, shelf, drain_s=0.0):
        ann.send_document("a.txt", FERRY.encode(), caption="Which ferry leaves?", **grouped)
        await asyncio.to_thread(asked.wait, PATIENCE_S)
        assert [text_of(sent)[:14] for sent in ann.chat.sent] == ["a.txt is ready"]
    go_on.set()
    async with taking_in(api, shelf):
        await handled(api, shelf.data)
    progress, reply = ann.chat.sent
    assert text_of(progress).startswith("a.txt is ready")
    assert quotes(reply) == [FERRY]
