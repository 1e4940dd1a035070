"""The real library talks to the fake server."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from tests.botapi import Entity, FakeBotApi

Context = ContextTypes.DEFAULT_TYPE


def keyboard(**action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Press", **action)]])


async def echo(update: Update, context: Context) -> None:
    assert update.effective_message is not None
    text = update.effective_message.text
    assert text is not None
    await update.effective_message.reply_text(
        text,
        entities=[MessageEntity("blockquote", 0, len(text))],
        reply_markup=keyboard(callback_data="more"),
        do_quote=True,
    )


async def answer_press(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("More follows")
    await update.callback_query.edit_message_text("More")


async def answer_inline(update: Update, context: Context) -> None:
    assert update.inline_query is not None
    query = update.inline_query.query
    content = InputTextMessageContent(query, entities=[MessageEntity("bold", 0, len(query))])
    await update.inline_query.answer([InlineQueryResultArticle("1", "Answer", content)])


async def return_document(update: Update, context: Context) -> None:
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    content = bytes(await file.download_as_bytearray())
    await update.message.reply_document(content[::-1], filename="отчёт.txt", caption="Here")


@asynccontextmanager
async def running(api: FakeBotApi) -> AsyncIterator[None]:
    application = (
        ApplicationBuilder()
        .token(api.token)
        .base_url(api.base_url)
        .base_file_url(api.base_file_url)
        .build()
    )
    add_handlers(application)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        yield
        await application.updater.stop()
        await application.stop()


def add_handlers(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    application.add_handler(CommandHandler("start", echo))
    application.add_handler(MessageHandler(filters.Document.ALL, return_document))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(answer_press))
    application.add_handler(InlineQueryHandler(answer_inline))


async def test_an_application_talks_over_http() -> None:
    async with FakeBotApi() as api, running(api):
        ann = api.private_chat(1, "Ann", "ann")
        question = ann.send("a < b")
        (reply,) = await api.wait_for(ann)
        assert reply.entity_texts("blockquote") == ["a < b"]
        assert reply.reply_to is question

        press = ann.press(reply, "Press")
        await api.wait_until(lambda: reply.text == "More")
        assert press.answer == {"text": "More follows", "show_alert": False}

        inline = ann.inline("borders")
        await api.wait_until(lambda: inline.results is not None)
        assert inline.results is not None
        assert inline.results[0].entities == [Entity("bold", 0, 7)]

        sent = ann.send_document("note.txt", b"abc", "text/plain")
        (document,) = await api.wait_for(ann, after=sent)
        assert document.file is not None
        assert (document.file.name, document.file.content) == ("отчёт.txt", b"cba")

        group = api.group()
        asked = ann.send("/start@onrecord_bot", chat=group)
        (reply,) = await api.wait_for(group, after=asked)
        assert reply.reply_to is asked


async def test_the_server_runs_as_a_process() -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi", "--say", "hello",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stdin is not None
    root = (await server.stdout.readline()).decode().strip()
    token = (await server.stdout.readline()).decode().strip()
    server.stdin.write(b"again\n")
    async with ExtBot(token, base_url=f"{root}/bot") as bot:
        texts: list[str | None] = []
        while len(texts) < 2:
            offset = -1 if texts else None
            updates = await bot.get_updates(offset, timeout=5)
            texts = [update.message.text for update in updates if update.message]
            if len(texts) < 2:
                await asyncio.sleep(0.05)
        await bot.send_message(1001, "fine")
    printed = json.loads(await server.stdout.readline())
    server.send_signal(signal.SIGKILL)
    await server.wait()
    assert texts == ["hello", "again"]
    assert printed["text"] == "fine"
