"""Admins give and take rights in the chat, and that holds at once."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import Engine

from bot.storage.access import Access, Grant, Role
from bot.storage.messages import Outbox
from bot.storage.updates import Inbox
from bot.telegram.commands import commands_for
from tests.botapi import FakeBotApi, Message
from tests.support.chat import handled, is_silent, tell
from tests.support.library import StubLibrary
from tests.support.roles import GROUP, NAMED, PEOPLE, appoint, settings
from tests.support.running import introduced, running


@pytest.fixture
def access(engine: Engine) -> Access:
    return appoint(engine)


async def test_roles_and_commands(api: FakeBotApi, access: Access) -> None:
    acts = {
        "allow 41": "User 41 may ask",
        "disallow 42": "User 42",
        "block 43": "User 43 is blocked",
        "unblock 43": "User 43 is no",
        "admins": "Owner: 1",
        "audit": "UTC",
        "admins add 44": "User 44 is an admin",
        "privacy": "Your id is",
    }
    refused: set[object] = set()
    async with running(api, **NAMED):
        for role, user_id in PEOPLE.items():
            person = api.private_chat(user_id)
            for act, done in acts.items():
                name = act.partition(" ")[0]
                is_unknown = name not in commands_for(role)
                if role is Role.BLOCKED or (is_unknown and role in refused):
                    assert await is_silent(api, person, f"/{act}")
                    continue
                reply = await tell(api, person, f"/{act}")
                if is_unknown:
                    refused.add(role)
                    said = "your id" if role is Role.STRANGER else "don't know the command"
                    assert said in reply, (role, act)
                elif act == "admins add 44" and role is not Role.OWNER:
                    assert "Only the owner" in reply
                else:
                    assert done in reply, (role, act)


async def test_allowing_and_blocking(api: FakeBotApi, engine: Engine, log: io.StringIO) -> None:
    async with running(api, owner=1, open_to_all=False) as library:
        ann, bob = api.private_chat(1), api.private_chat(22, "Bob", "bob")
        assert "your id: 22" in await tell(api, bob, "Which borders?")
        assert await tell(api, ann, "/allow 22") == "User 22 may ask now."
        assert "bordering" in await tell(api, bob, "Which borders?")
        assert await tell(api, ann, "/allow 22 uploads") == "User 22 may ask and upload now."
        assert await tell(api, ann, "/allow 22 uploads") == "User 22 may ask and upload already."
        assert await tell(api, ann, "/block 22") == "User 22 is blocked now."
        for text in ("Which borders?", "/start", "/privacy", "/forget yes"):
            assert await is_silent(api, bob, text)
        assert not bob.chat.actions[1:]
        assert "/unblock 22" in await tell(api, ann, "/allow 22")
        assert await tell(api, ann, "/unblock 22") == "User 22 is no longer blocked."
        assert "bordering" in await tell(api, bob, "And then?")
        assert await tell(api, ann, "/disallow 22") == "User 22 is off the list."
        assert "your id: 22" in await tell(api, bob, "And then?")
        audit = await tell(api, ann, "/audit")
    assert library.asked == ["Which borders?", "And then?"]
    assert [line.split(" · ")[1] for line in audit.split("\n\n")[0].splitlines()] == [
        "1 no longer lets upload: 22",
        "1 no longer lets ask: 22",
        "1 unblocked 22",
        "1 blocked 22",
        "1 let upload: 22",
        "1 let ask: 22",
    ]
    assert "Owner: 1 (ONRECORD_OWNER)" in audit
    assert "1 gave 22: blocked" in log.getvalue()
    assert "Bob" not in log.getvalue()


async def test_admins_come_and_go_by_the_owner(api: FakeBotApi, engine: Engine) -> None:
    async with running(api, owner=1, admins={2}):
        ann, bob, carol = (api.private_chat(number) for number in (1, 2, 3))
        assert await tell(api, ann, "/admins add 3") == "User 3 is an admin now."
        assert "User 9 may ask" in await tell(api, carol, "/allow 9")
        assert "only the owner" in await tell(api, carol, "/block 2")
        assert "only the owner" in await tell(api, bob, "/block 3")
        assert "ONRECORD_OWNER" in await tell(api, bob, "/block 1")
        assert "somebody else" in await tell(api, bob, "/block 2")
        assert "That's me" in await tell(api, bob, f"/block {api.world.bot.id}")
        listed = await tell(api, bob, "/admins")
        assert "Admins: 2 (ONRECORD_ADMINS); 3" in listed
        assert "not a group" in await tell(api, ann, "/admins add -100123")
        assert "ONRECORD_ADMINS" in await tell(api, ann, "/admins remove 2")
        assert await tell(api, ann, "/admins remove 3") == "User 3 is no longer an admin."
        assert "don't know" in await tell(api, carol, "/block 9")
        assert await tell(api, ann, "/block 2") == "User 2 is blocked now."
        assert await is_silent(api, bob, "/unblock 2")


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("/block", "Whom do you mean?"),
        ("/block @bob", "does not tell bots who @bob is"),
        ("/block Bob", "Whom do you mean?"),
        ("/block 0", "0 is no id"),
        ("/block 99999999999999999999", "is no id"),
        ("/block 5 6", "I don't understand “6”"),
        ("/allow 5 upload", "I don't understand “upload”"),
        ("/admins delete 5", "/admins add 1234"),
        ("/block here", "Whom do you mean?"),
    ],
)
async def test_a_command_that_names_nobody(
    api: FakeBotApi, engine: Engine, text: str, reply: str
) -> None:
    async with running(api, owner=1):
        assert reply in await tell(api, api.private_chat(1), text)
    assert not Access(engine, settings()).acts(1)


async def test_somebody_is_named_by_a_reply_in_a_group(api: FakeBotApi, engine: Engine) -> None:
    api.world.privacy_mode = False
    async with running(api, owner=1, open_to_all=False):
        ann, bob = api.private_chat(1), api.private_chat(22)
        group = api.group()
        assert await is_silent(api, bob, "@onrecord_bot which borders?", chat=group)
        assert await is_silent(api, bob, "/allow 22", chat=group)
        said: Message = bob.send("May I?", chat=group)
        text = await tell(api, ann, "/allow uploads", chat=group, reply_to=said)
        assert text == "User 22 may ask and upload now."
        assert "bordering" in await tell(api, bob, "@onrecord_bot which borders?", chat=group)
        assert await tell(api, ann, "/block here", chat=group) == f"Group {GROUP} is blocked now."
        assert await is_silent(api, bob, "@onrecord_bot which borders?", chat=group)
        text = await tell(api, ann, "/unblock@onrecord_bot here", chat=group)
        assert text == f"Group {GROUP} is no longer blocked."


async def test_somebody_is_named_by_a_forwarded_message(api: FakeBotApi, engine: Engine) -> None:
    async with running(api, owner=1):
        ann = api.private_chat(1)
        forwarded = ann.compose()
        bob = {"id": 22, "is_bot": False, "first_name": "Bob"}
        origins = {
            "User 22 is blocked now.": {"type": "user", "date": 1, "sender_user": bob},
            "number: /block 1234.": {"type": "hidden_user", "date": 1, "sender_user_name": "Bob"},
        }
        for reply, origin in origins.items():
            forwarded.media = {"forward_origin": origin}
            assert reply in await tell(api, ann, "/block", reply_to=forwarded)


async def test_a_question_that_waits_is_not_answered_to_somebody_blocked(
    api: FakeBotApi, engine: Engine
) -> None:
    library = StubLibrary()
    library.free.clear()
    async with running(api, library, owner=1):
        ann, bob, carol = (api.private_chat(number) for number in (1, 22, 33))
        for person in (bob, carol):
            person.send(f"Which borders, {person.id}?")
            person.send(f"And then, {person.id}?")
        await api.wait_until(lambda: bool(bob.chat.actions and carol.chat.actions))
        await tell(api, ann, "/block 22")
        library.free.set()
        await api.wait_for(carol, 2)
        await handled(api)
    assert not bob.chat.sent
    assert "And then, 22?" not in library.asked


async def test_nothing_left_over_reaches_somebody_blocked_meanwhile(
    api: FakeBotApi, engine: Engine
) -> None:
    bob = api.private_chat(22)
    bob.send("Which borders?")
    bob.send("And then?")
    first, _ = Inbox(engine).put(list(api.world.updates.pending))
    Outbox(engine).plan(first.update_id, 22, [{"text": "Yes.", "entities": []}])
    Access(engine, settings()).give(1, 22, Grant.BLOCKED)
    async with running(api) as library:
        await handled(api)
    assert not library.asked
    assert not bob.chat.sent
    assert Inbox(engine).counts() == {"answered": 2}


async def test_admins_are_offered_their_commands(api: FakeBotApi, engine: Engine) -> None:
    api.private_chat(1)
    carol = api.private_chat(3)
    # User 2 has never talked to the bot, so that there is no chat to have a menu.
    async with running(api, owner=1, admins={2}):
        ann = api.private_chat(1)
        await introduced(api)
        assert offered(api, 1) == [*commands_for(Role.OWNER)]
        assert offered(api, 2) is None
        await tell(api, ann, f"/admins add {carol.id}")
        await api.wait_until(lambda: offered(api, 3) == [*commands_for(Role.ADMIN)])
        await tell(api, ann, "/block 3")
        await api.wait_until(lambda: offered(api, 3) is None)


def offered(api: FakeBotApi, user_id: int) -> list[str] | None:
    """Return the names in the menu of a private chat that has one of its own."""
    key = (json.dumps({"chat_id": user_id, "type": "chat"}, sort_keys=True), "")
    menu = api.world.commands.get(key)
    return None if menu is None else [command["command"] for command in menu]


async def test_a_group_keeps_its_rights_under_a_new_number(
    api: FakeBotApi, engine: Engine, log: io.StringIO
) -> None:
    old, new, named = -77, -1001000000077, -88
    access = Access(engine, settings(allowed={named}))
    access.give(1, old, Grant.BLOCKED)
    async with running(api, allowed={named}, open_to_all=True):
        bob = api.private_chat(22)
        moved = bob.migrate(api.group(old), new)
        bob.migrate(api.group(named), new - 1)
        await handled(api)
        assert await is_silent(api, bob, "/ask which borders?", chat=moved)
    assert Access(engine, settings()).is_blocked(None, new)
    assert not Access(engine, settings()).is_blocked(None, old)
    assert f"group {named} is {new - 1} now; please change the settings" in log.getvalue()
