"""/sources: lists the documents, page by page."""

from __future__ import annotations

from functools import partial

from bot.conversation.replies import Sources
from bot.errors import BusyError
from bot.i18n.language import _
from bot.telegram.context import Context
from bot.telegram.rendering.message import Message
from bot.telegram.rendering.sources import MAX_WORD_BYTES, PAGE_SIZE, format_page, read_page_data
from bot.telegram.sending.editing import show_instead
from bot.texts.sources import OLD_BUTTON, word_too_long


async def list_sources(context: Context) -> None:
    """Send the first page of the documents, or of those with a word in their names.

    Raises:
        BusyError: too many questions are waiting.
    """
    word = " ".join(context.rest.split())
    if len(word.encode()) > MAX_WORD_BYTES:
        await context.refuse(word_too_long(MAX_WORD_BYTES))
        return
    await context.reply(await find_page(context, 0, word, context.received.recovered))


async def turn_page(context: Context) -> None:
    """Show another page in place of the one whose button was pressed."""
    try:
        skipped, word = read_page_data(context.data)
        page = await find_page(context, skipped, word)
    except ValueError:
        await context.answer(_(OLD_BUTTON))
        return
    except BusyError as error:
        await context.answer(str(error))
        return
    await show_instead(context.query, page)


async def find_page(context: Context, skipped: int, word: str, patient: bool = False) -> Message:
    services = context.services
    find = partial(context.conversation.sources, skipped=skipped, limit=PAGE_SIZE)
    sources: Sources = await services.answers.inference.run(find, word, patient)
    return format_page(sources, services.records.links)
