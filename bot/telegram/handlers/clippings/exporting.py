"""/clippings, and the buttons that send the clippings of a chat as a file."""

from __future__ import annotations

import asyncio

from bot.exports.formats import Format, export, find_format
from bot.i18n.language import _
from bot.telegram.context import Context
from bot.telegram.handlers.clippings.listing import find_page, recalled_in
from bot.telegram.rendering.clippings import export_buttons
from bot.telegram.rendering.keyboards import read_data, with_buttons
from bot.telegram.rendering.message import Message
from bot.texts import answers, clippings, notices


async def show_clippings(context: Context) -> None:
    """List the clippings of the chat, or export them: /clippings export bibtex."""
    word, _blank, name = context.rest.strip().lower().partition(" ")
    if not word:
        await context.reply(await find_page(context, 0))
    elif word != "export":
        await context.say(_(clippings.USAGE))
    elif not name:
        await context.reply(*with_buttons([Message(_(clippings.CHOOSE))], export_buttons()))
    elif (chosen := find_format(name)) is not None:
        line, file = await make_export(context, chosen)
        await context.say(line)
        await attach(context, chosen, file)
    else:
        await context.say(_(clippings.USAGE))


async def export_pressed(context: Context) -> None:
    """Send the clippings of the chat as a file."""
    data, services = read_data(context.data), context.services
    chosen = find_format(data.exchange_id) if data else None
    if chosen is None:
        await context.answer(_(notices.EXPIRED_BUTTON))
        return
    if wait_s := context.take_quota():
        await context.answer(answers.too_fast(services.quota.per_minute, wait_s))
        return
    await context.answer()
    line, file = await make_export(context, chosen)
    await context.reply_below(Message(line))
    await attach(context, chosen, file)


async def make_export(context: Context, chosen: Format) -> tuple[str, bytes]:
    """Return the line about an export, and its file; b"" if there is nothing to export."""
    kept = context.services.records.clippings.part(context.chat.id)
    if not kept:
        return _(clippings.NONE_KEPT), b""
    recalled = await recalled_in(context, kept)
    file, number = await asyncio.to_thread(export, chosen, recalled)
    if not number:
        return _(clippings.NOTHING_LEFT), b""
    return clippings.exported(number, len(recalled) - number), file


async def attach(context: Context, chosen: Format, file: bytes) -> None:
    if file:
        message = context.update.effective_message
        assert message is not None  # noqa: S101  # of a command or of a button
        await context.services.delivery.attach(message, chosen.file_name, file)
