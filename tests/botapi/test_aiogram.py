"""A second library, aiogram, gets along with the server: it takes all that is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    ReplyParameters,
)

from tests.botapi import FakeBotApi
from tests.botapi.second_opinion import doubts, faults
from tests.botapi.server import METHODS

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="More", callback_data="more"),
            InlineKeyboardButton(text="Open", url="https://example.org/"),
            InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="a < b")),
        ]
    ]
)


def client(api: FakeBotApi, token: str | None = None) -> Bot:
    server = TelegramAPIServer.from_base(api.root)
    return Bot(token or api.token, session=AiohttpSession(api=server))


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    bot = client(api)
    async with bot.session:
        yield bot


async def talk(api: FakeBotApi, bot: Bot) -> None:
    """Call all that a bot may need, with all that changes the shape of an answer."""
    me = await bot.get_me()
    assert me.username == "onrecord_bot"
    ann = api.private_chat(1, "Ann", "ann")
    bob = api.private_chat(2, "Bob", language_code=None)
    group = api.group(administrators=[bob])
    plain = api.group(-5)

    sent = await bot.send_message(
        ann.id,
        "a 😀 b",
        entities=[MessageEntity(type="blockquote", offset=0, length=6)],
        reply_markup=KEYBOARD,
        reply_parameters=ReplyParameters(message_id=ann.send("Which borders?").message_id),
    )
    assert sent.entities is not None
    assert sent.entities[0].extract_from(sent.text or "") == "a 😀 b"
    assert sent.reply_markup is not None
    assert sent.reply_markup.model_dump() == KEYBOARD.model_dump()
    formatting = [MessageEntity(type=kind, offset=0, length=3) for kind in ("bold", "spoiler")]
    await bot.send_message(plain.id, "a b", entities=formatting)
    await bot.send_message(group.id, "See https://example.org, @ann, #tag and /help")
    await bot.send_message_draft(ann.id, draft_id=1, text="a")
    await bot.send_chat_action(ann.id, "typing")
    edited = await bot.edit_message_text(
        "c", chat_id=ann.id, message_id=sent.message_id, reply_markup=KEYBOARD
    )
    assert edited.edit_date
    await bot.edit_message_reply_markup(chat_id=ann.id, message_id=sent.message_id)
    document = await bot.send_document(
        ann.id, BufferedInputFile(b"abc", "note.txt"), caption="Here"
    )
    assert document.document is not None
    file = await bot.get_file(document.document.file_id)
    content = await bot.download(file)
    assert content is not None
    assert content.read() == b"abc"
    await bot.delete_message(ann.id, document.message_id)

    question = ann.send("@onrecord_bot /ask which? https://example.org", chat=group)
    bob.send("And then?", chat=group, reply_to=question)
    ann.edit(question, "@onrecord_bot who?")
    ann.send_photo(caption="Look")
    ann.send_voice()
    ann.send_sticker()
    ann.send_document("note.txt", b"abc", "text/plain", caption="/add", reply_to=question)
    bob.add_bot(plain, "administrator")
    button = await bot.send_message(ann.id, "Press", reply_markup=KEYBOARD)
    pressed = ann.press(ann.chat.messages[button.message_id], "More")
    asked = ann.inline("borders")
    ann.block()
    ann.unblock()
    kinds = {update.event_type for update in await bot.get_updates(timeout=1)}
    assert {"message", "edited_message", "callback_query", "inline_query"} <= kinds
    assert "my_chat_member" in kinds

    await bot.answer_callback_query(pressed.id, "More follows", show_alert=True)
    article = InlineQueryResultArticle(
        id="1", title="A", input_message_content=InputTextMessageContent(message_text="A")
    )
    await bot.answer_inline_query(asked.id, [article], cache_time=1, is_personal=True)
    assert asked.results is not None

    commands = [BotCommand(command="ask", description="Ask a question")]
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands, scope=scope, language_code="de")
    (command,) = await bot.get_my_commands(scope=scope, language_code="de")
    assert command.command == "ask"
    await bot.delete_my_commands(scope=scope, language_code="de")
    await bot.set_my_description("Long")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_description()).description == "Long"
    assert (await bot.get_my_short_description()).short_description == "Short"

    assert (await bot.get_chat(ann.id)).username == "ann"
    assert (await bot.get_chat(group.id)).title == "Newsroom"
    for member in (ann.id, bob.id, me.id):
        await bot.get_chat_member(group.id, member)
    await bot.leave_chat(group.id)
    await bot.set_webhook("https://bot.example.org/hook", secret_token="a")
    api.world.webhook |= {"last_error_date": 1, "last_error_message": "refused"}
    assert (await bot.get_webhook_info()).last_error_message == "refused"
    await bot.delete_webhook()


async def test_all_methods_answer_as_the_documentation_has_it(api: FakeBotApi, bot: Bot) -> None:
    await talk(api, bot)
    assert {call.method.lower() for call in api.calls} == METHODS.keys()
    assert {method.lower() for method, _ in api.results} == METHODS.keys()
    assert doubts(api) == []


async def test_refusals_have_their_kinds(api: FakeBotApi, bot: Bot) -> None:
    ann = api.private_chat(1)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(7, "a")
    unknown = MessageEntity(type="loud", offset=0, length=1)
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(ann.id, "a", entities=[unknown])
    api.fail_next("sendMessage", 429, retry_after=7)
    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_message(ann.id, "a")
    assert flood.value.retry_after == 7
    api.fail_next("sendMessage", 500)
    with pytest.raises(TelegramServerError):
        await bot.send_message(ann.id, "a")
    ann.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(ann.id, "a")
    group = api.group(-5)
    moved = ann.migrate(group, -1001000000009)
    with pytest.raises(TelegramMigrateToChat) as migration:
        await bot.send_message(group.id, "a")
    assert migration.value.migrate_to_chat_id == moved.id
    await bot.set_webhook("https://bot.example.org/hook")
    with pytest.raises(TelegramConflictError):
        await bot.get_updates(timeout=0)
    stranger = client(api, "1:AAWrong")
    async with stranger.session:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


def test_what_is_wrong_is_found() -> None:
    chat = {"id": 1, "type": "private"}
    right = {"message_id": 1, "date": 1, "chat": chat}
    assert faults("sendMessage", right) == []
    (missing,) = faults("sendMessage", {"message_id": 1, "chat": chat})
    assert "date" in missing
    assert "Field required" in missing
    (unknown,) = faults("sendMessage", right | {"chat": chat | {"nickname": "A"}})
    assert unknown == "sendMessage: nobody knows the field .chat.nickname"
    assert faults("getUpdates", [{"update_id": 1, "massage": right}])
    assert faults("sendMessag", right)
