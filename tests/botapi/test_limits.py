"""Calls are held to the limits of the Bot API."""

from typing import Any

import pytest
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import (
    ExtBot,
)

from tests.botapi import FakeBotApi

ROCKET = "\N{ROCKET}"


async def refused(awaitable: Any, reason: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await awaitable
    assert reason.lower() in refusal.value.message.lower()


def keyboard(**action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Press", **action)]])


async def test_text_is_measured_in_utf16(api: FakeBotApi, bot: ExtBot[None]) -> None:
    api.private_chat(1)
    await bot.send_message(1, ROCKET * 2048)
    await bot.send_message(1, "<" * 4096, entities=[MessageEntity("bold", 0, 4096)])
    await refused(bot.send_message(1, ROCKET * 2049), "message is too long")
    await refused(bot.send_message(1, "a" * 4097), "message is too long")
    await refused(bot.send_message(1, " \n\u200b\u00a0"), "message text is empty")
    bold = [MessageEntity("bold", 2 * at, 1) for at in range(101)]
    await refused(bot.send_message(1, " ", entities=bold[:1]), "message text is empty")
    await bot.send_message(1, "a " * 101, entities=bold[:100])
    await refused(bot.send_message(1, "a " * 101, entities=bold), "ENTITIES_TOO_LONG")


@pytest.mark.parametrize("mode", ["HTML", "Markdown", "MarkdownV2", "other"])
async def test_markup_is_refused(api: FakeBotApi, bot: ExtBot[None], mode: str) -> None:
    api.private_chat(1)
    await refused(bot.send_message(1, "a", parse_mode=mode), "unsupported parse_mode")


async def test_explicit_entities_are_held_to_the_text(api: FakeBotApi, bot: ExtBot[None]) -> None:
    api.private_chat(1)
    bold = MessageEntity("bold", 2, 1)
    sent = await bot.send_message(1, f"{ROCKET}a", entities=[bold])
    assert sent.entities == (bold,)
    for offset, length, reason in [(1, 2, "middle"), (0, 1, "middle"), (0, 9, "ends after")]:
        entity = MessageEntity("bold", offset, length)
        await refused(bot.send_message(1, f"{ROCKET}a", entities=[entity]), reason)


async def test_buttons_are_checked(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann = api.private_chat(1)
    await bot.send_message(1, "a", reply_markup=keyboard(callback_data="x" * 64))
    await bot.send_message(1, "a", reply_markup=keyboard(copy_text=CopyTextButton("x" * 256)))
    assert ann.chat.sent[0].button("Press").callback_data == "x" * 64
    for action, reason in [
        ({"callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"url": "http://localhost:8000/"}, "Wrong HTTP URL"),
        ({}, "Text buttons are unallowed"),
    ]:
        await refused(bot.send_message(1, "a", reply_markup=keyboard(**action)), reason)


async def test_replies_and_quotes(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann = api.private_chat(1)
    question = ann.send(f"Which {ROCKET} borders did they reach?")
    quoted = ReplyParameters(question.message_id, quote=f"{ROCKET} borders")
    sent = await bot.send_message(1, "a", reply_parameters=quoted)
    assert sent.quote is not None
    assert sent.quote.position == 6
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == question.text
    for parameters, reason in [
        (ReplyParameters(question.message_id, quote="frontiers"), "QUOTE_TEXT_INVALID"),
        (ReplyParameters(99), "message to be replied not found"),
    ]:
        await refused(bot.send_message(1, "a", reply_parameters=parameters), reason)
    lenient = ReplyParameters(99, allow_sending_without_reply=True)
    assert (await bot.send_message(1, "a", reply_parameters=lenient)).reply_to_message is None


async def test_edits_and_deletions(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann = api.private_chat(1)
    question = ann.send("hello")
    sent = await bot.send_message(1, "a", reply_markup=keyboard(callback_data="x"))
    await refused(sent.edit_text("a", reply_markup=sent.reply_markup), "message is not modified")
    await sent.edit_reply_markup(None)
    await sent.edit_text("b", entities=[MessageEntity("bold", 0, 1)])
    assert ann.chat.sent[0].entity_texts("bold") == ["b"]
    assert ann.chat.sent[0].buttons == []
    await refused(bot.edit_message_text("a", 1, question.message_id), "message can't be edited")
    await refused(bot.edit_message_text("a", 1, 99), "message to edit not found")
    await sent.delete()
    assert ann.chat.sent == []
    await refused(sent.delete(), "message to delete not found")


async def test_commands_and_descriptions(api: FakeBotApi, bot: ExtBot[None]) -> None:
    await bot.set_my_commands([("ask", "Ask the documents")])
    assert [command.command for command in await bot.get_my_commands()] == ["ask"]
    await refused(bot.set_my_commands([("Ask", "a")]), "BOT_COMMAND_INVALID")
    await refused(bot.set_my_commands([("ask", "a" * 257)]), "BOT_COMMAND_DESCRIPTION_INVALID")
    await bot.set_my_description("a" * 512)
    await refused(bot.set_my_short_description("a" * 121), "BOT_DESCRIPTION_INVALID")


async def test_chats_the_bot_cannot_write_to(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann = api.private_chat(1)
    group = api.group(-5)
    await refused(bot.send_message(2, "a"), "chat not found")
    ann.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1, "a")
    ann.unblock()
    await bot.send_message(1, "a")
    ann.migrate(group, -1005)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "a")
    assert moved.value.new_chat_id == -1005
    await bot.leave_chat(-1005)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(-1005, "a")


async def test_chats_and_members_are_told(api: FakeBotApi, bot: ExtBot[None]) -> None:
    ann, ben = api.private_chat(1, "Ann", "ann"), api.private_chat(2, "Ben")
    group = api.group(administrators=[ann])
    assert (await bot.get_chat(1)).username == "ann"
    assert (await bot.get_chat(group.id)).title == "Newsroom"
    assert (await bot.get_chat_member(group.id, ann.id)).status == "administrator"
    assert (await bot.get_chat_member(group.id, ben.id)).status == "left"
    assert (await bot.get_chat_member(group.id, bot.id)).status == "member"
    await bot.send_chat_action(group.id, "typing")
    await refused(bot.send_chat_action(group.id, "thinking"), "wrong parameter action")
    assert group.actions == ["typing"]
