"""The list of sources: its first page, and the pages that its buttons ask for."""

from __future__ import annotations

from functools import partial

from telegram import Message
from telegram.error import BadRequest

from bot.conversation.replies import Refusal, Sources
from bot.errors import BusyError
from bot.i18n.language import _
from bot.telegram.context import Desk, Press, Turn
from bot.telegram.handlers.links import say
from bot.telegram.rendering.message import Message as Text
from bot.telegram.rendering.sources import MAX_WORD_BYTES, PAGE_SIZE, format_page, read_page_data
from bot.telegram.sending.delivery import NOT_MODIFIED
from bot.texts import sources as texts


async def list_sources(desk: Desk, turn: Turn, message: Message, word: str) -> None:
    """Send the first page of the documents, or of those with a word in their names.

    Raises:
        BusyError: too many questions are waiting.
    """
    word = " ".join(word.split())
    if len(word.encode()) > MAX_WORD_BYTES:
        await say(desk, turn, message, Refusal(texts.word_too_long(MAX_WORD_BYTES)))
        return
    page = await find_page(desk, message.chat.id, 0, word, turn.received.recovered)
    await desk.delivery.reply(turn.received.update_id, message, [page])


async def turn_page(desk: Desk, press: Press) -> None:
    """Show another page in place of the one whose button was pressed."""
    try:
        skipped, word = read_page_data(press.data)
        page = await find_page(desk, press.chat_id, skipped, word)
    except ValueError:
        await press.answer(_(texts.OLD_BUTTON))
        return
    except BusyError as error:
        await press.answer(str(error))
        return
    try:
        await press.query.edit_message_text(
            page.text, entities=page.entities, reply_markup=page.keyboard
        )
    except BadRequest as error:
        # Pressed twice, or deleted meanwhile.
        if not any(reason in error.message.lower() for reason in (NOT_MODIFIED, "not found")):
            raise


async def find_page(
    desk: Desk, chat_id: int, skipped: int, word: str, patient: bool = False
) -> Text:
    """Return a page of what a chat sees.

    Raises:
        BusyError: too many questions are waiting.
    """
    find = partial(desk.conversation_of(chat_id).sources, skipped=skipped, limit=PAGE_SIZE)
    sources: Sources = await desk.answers.inference.run(find, word, patient)
    return format_page(sources, desk.links)
