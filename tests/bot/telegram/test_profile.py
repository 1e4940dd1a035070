"""The commands that Telegram offers while one types, and replies to unknown ones."""

import json

import pytest

from bot.telegram.commands import COMMANDS, PUBLIC_COMMANDS
from tests.botapi import FakeBotApi
from tests.support.running import introduced, running

pytestmark = pytest.mark.usefixtures("folder")


def menu(api: FakeBotApi, scope: str, language: str = "") -> list[str]:
    entries = api.world.commands[json.dumps({"type": scope}), language]
    return [entry["command"] for entry in entries]


async def test_each_kind_of_chat_has_its_menu(api: FakeBotApi) -> None:
    async with running(api):
        await introduced(api)
    assert menu(api, "all_private_chats") == list(PUBLIC_COMMANDS)
    for scope in ("default", "all_group_chats", "all_chat_administrators"):
        assert menu(api, scope) == [name for name in PUBLIC_COMMANDS if COMMANDS[name].in_groups]


async def test_menus_speak_other_languages(api: FakeBotApi) -> None:
    async with running(api):
        await introduced(api)
    german = api.world.commands[json.dumps({"type": "all_private_chats"}), "de"]
    assert [entry["command"] for entry in german] == list(PUBLIC_COMMANDS)
    assert german[0]["description"].startswith("Eine Frage stellen")
    assert menu(api, "all_group_chats", "de") == menu(api, "all_group_chats")


async def test_every_offered_command_is_one_the_bot_knows(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        for name in PUBLIC_COMMANDS:
            sent = ann.send(f"/{name}")
            (reply,) = await api.wait_for(ann, after=sent)
            assert "I don't know the command" not in (reply.text or "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sourcse", "sources"), ("lnik", "link"), ("HLEP", "help"), ("abuot me", "about")],
)
async def test_an_unknown_command_names_the_nearest(
    api: FakeBotApi, typed: str, meant: str
) -> None:
    async with running(api) as library:
        ann = api.private_chat(1)
        ann.send(f"/{typed}")
        (reply,) = await api.wait_for(ann)
    assert f"Did you mean /{meant}?" in (reply.text or "")
    assert library.asked == []


async def test_nothing_is_guessed_for_what_resembles_nothing(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        ann.send("/zzzzzz")
        (reply,) = await api.wait_for(ann)
    assert "/help" in (reply.text or "")
    assert "Did you mean" not in (reply.text or "")


async def test_a_group_hears_of_unknown_commands_only_if_they_name_the_bot(
    api: FakeBotApi,
) -> None:
    async with running(api):
        ann, group = api.private_chat(1), api.group()
        ann.send("/sourcse", chat=group)
        sent = ann.send("/sourcse@onrecord_bot", chat=group)
        (reply,) = await api.wait_for(group)
    assert reply.reply_to is sent


async def test_about(api: FakeBotApi) -> None:
    async with running(api):
        ann = api.private_chat(1)
        ann.send("/about")
        (reply,) = await api.wait_for(ann)
    for part in ("Onrecord 0", "1,204 documents", "31 December 2021", "word for"):
        assert part in (reply.text or "")
