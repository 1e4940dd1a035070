"""Users learn about the data that is kept, have it deleted, and silence the bot."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from bot.settings import BotSettings
from bot.storage.access import Access, Grant
from bot.storage.chats import Chats
from bot.storage.schema import messages, updates
from bot.storage.updates import Inbox
from tests.botapi import FakeBotApi
from tests.support.chat import handled, is_silent, tell
from tests.support.library import StubLibrary
from tests.support.running import running

SECRET = "Which zanzibarine borders?"


def message(number: int, user_id: int, chat_id: int, **more: Any) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup"}
    body = {"message_id": number, "chat": chat, "from": {"id": user_id}, "text": SECRET}
    return {"update_id": number, "message": body | more}


def words_in(folder: Path) -> bytes:
    """Return all that the files of the bot's database hold."""
    return b"".join(file.read_bytes() for file in folder.glob("bot.db*"))


async def test_privacy(api: FakeBotApi, engine: Engine) -> None:
    async with running(api, allowed={1}, keep_days=3, log_questions=True):
        text = await tell(api, api.private_chat(22), "/privacy")
        assert "until 3 days after" in text
        assert "Your id is 22." in text
        assert "My log shows what you ask" in text
        group = api.group()
        assert await is_silent(api, api.private_chat(22), "/privacy", chat=group)
        text = await tell(api, api.private_chat(1), "/privacy@onrecord_bot", chat=group)
        assert "/forget" in text


async def test_help_names_the_commands_of_a_chat(api: FakeBotApi, engine: Engine) -> None:
    async with running(api):
        text = await tell(api, api.private_chat(1), "/help")
    assert all(f"\n/{name} " in text for name in ("privacy", "forget", "stop"))


async def test_a_user_is_forgotten_to_the_last_byte(
    api: FakeBotApi, engine: Engine, tmp_path: Path
) -> None:
    async with running(api, owner=1) as library:
        ann, bob = api.private_chat(1), api.private_chat(22, "Bobzanzibarine", "bob")
        group = api.group()
        await tell(api, ann, "Another question?")
        await tell(api, bob, SECRET)
        asked = bob.send(f"@onrecord_bot {SECRET}", chat=group)
        await api.wait_for(group, after=asked)
        await tell(api, ann, "@onrecord_bot and this?", chat=group, reply_to=asked)
        library.error = RuntimeError("broken")
        assert "reference" in await tell(api, bob, f"{SECRET} Again?")
        assert b"zanzibarine" in words_in(tmp_path)
        confirm = await tell(api, bob, "/forget")
        assert "/forget yes" in confirm
        assert b"zanzibarine" in words_in(tmp_path)
        told = await tell(api, bob, "/forget yes")
        await handled(api)
        assert "Messages and button presses of yours: 4" in told
        assert "Messages of mine: 4" in told
    assert b"zanzibarine" not in words_in(tmp_path)
    with engine.connect() as connection:
        for table in (updates, messages):
            kept = connection.execute(select(table.c.chat_id)).scalars().all()
            assert 22 not in kept
        users = connection.execute(select(updates.c.user_id)).scalars().all()
    assert 22 not in users
    assert users.count(1) == 2


async def test_what_was_forgotten_is_not_answered_when_it_comes_again(
    api: FakeBotApi, engine: Engine
) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        await tell(api, ann, SECRET)
        with engine.connect() as connection:
            number = connection.execute(select(updates.c.update_id)).scalar_one()
        await tell(api, ann, "/forget yes")
        await handled(api)
        again = message(number, 1, 1)
        assert Inbox(engine).put([again]) == []
        assert "bordering" in await tell(api, ann, "And then?")
    async with running(api, library):
        assert "bordering" in await tell(api, ann, "Which rivers were crossed?")
    assert library.asked == [SECRET, "And then?", "Which rivers were crossed?"]


async def test_what_waits_is_forgotten_and_what_is_under_way_leaves_nothing(
    api: FakeBotApi, engine: Engine, tmp_path: Path
) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library):
        ann, bob = api.private_chat(1), api.private_chat(2)
        group = api.group()
        ann.send(f"@onrecord_bot {SECRET}", chat=group)
        await api.wait_until(lambda: bool(group.actions))
        ann.send(f"@onrecord_bot more {SECRET}", chat=group)
        bob.send("@onrecord_bot and this?", chat=group)
        assert "yours: 2" in await tell(api, ann, "/forget yes")
        library.free.set()
        await api.wait_for(group, 2)
        await handled(api)
    assert library.asked == [SECRET, "and this?"]
    assert b"zanzibarine" not in words_in(tmp_path)
    with engine.connect() as connection:
        rows = connection.execute(select(messages.c.chat_id)).scalars().all()
    assert rows == [group.id]


async def test_forgetting_is_between_two(api: FakeBotApi, engine: Engine) -> None:
    async with running(api):
        ann, group = api.private_chat(1), api.group()
        await tell(api, ann, SECRET)
        text = await tell(api, ann, "/forget@onrecord_bot yes", chat=group)
        assert "private chat" in text
        await handled(api)
        assert Inbox(engine).counts() == {"answered": 2}
        strangers = api.private_chat(3)
        assert "There was nothing" in await tell(api, strangers, "/forget yes")


async def test_stop_and_start(api: FakeBotApi, engine: Engine) -> None:
    async with running(api) as library:
        ann, bob = api.private_chat(1), api.private_chat(2)
        assert "/start" in await tell(api, ann, "/stop")
        assert await is_silent(api, ann, "Which borders?")
        assert await is_silent(api, ann, "/help")
        assert "bordering" in await tell(api, bob, "Which borders?")
        assert "/forget" in await tell(api, ann, "/privacy")
        sent = len(ann.chat.sent)
        ann.send_photo()
        await handled(api)
        assert len(ann.chat.sent) == sent
    async with running(api, library):
        assert await is_silent(api, ann, "Which borders?")
        assert "Questions to try" in await tell(api, ann, "/start")
        assert "bordering" in await tell(api, ann, "And then?")
    assert library.asked == ["Which borders?", "And then?"]


async def test_a_group_is_silenced_by_its_administrators(api: FakeBotApi, engine: Engine) -> None:
    async with running(api, owner=9):
        ann, bob, owner = (api.private_chat(number) for number in (1, 2, 9))
        group = api.group(administrators=[ann])
        assert "administrators" in await tell(api, bob, "/stop", chat=group)
        assert "bordering" in await tell(api, bob, "/ask which borders?", chat=group)
        assert "quiet" in await tell(api, ann, "/stop", chat=group)
        for text in ("/ask which borders?", "/start", "/privacy"):
            assert await is_silent(api, bob, text, chat=group)
        assert "bordering" in await tell(api, bob, "Which borders?")
        assert "Questions to try" in await tell(api, owner, "/start", chat=group)
        assert "bordering" in await tell(api, bob, "/ask which borders?", chat=group)


async def test_chats_that_put_the_bot_out(
    api: FakeBotApi, engine: Engine, log: io.StringIO
) -> None:
    async with running(api):
        ann, group = api.private_chat(1), api.group()
        ann.block()
        ann.remove_bot(group)
        await handled(api)
        left = Chats(engine)
        assert left.has_left(1)
        assert left.has_left(group.id)
        ann.unblock()
        ann.add_bot(group)
        await handled(api)
        left = Chats(engine)
        assert not left.has_left(1)
        assert not left.has_left(group.id)
        assert "bordering" in await tell(api, ann, "Which borders?")
    assert "chat 1 is closed to the bot" in log.getvalue()


async def test_somebody_blocked_is_still_known_to_have_left(
    api: FakeBotApi, engine: Engine
) -> None:
    Access(engine, BotSettings(_env_file=None)).give(1, 22, Grant.BLOCKED)
    async with running(api):
        api.private_chat(22).block()
        await handled(api)
    assert Chats(engine).has_left(22)


async def test_too_many_requests_for_privacy_are_refused(api: FakeBotApi, engine: Engine) -> None:
    async with running(api, questions_per_minute=2):
        ann = api.private_chat(1)
        replies = [await tell(api, ann, "/privacy") for _ in range(3)]
    assert ["2 questions a minute" in reply for reply in replies] == [False, False, True]
