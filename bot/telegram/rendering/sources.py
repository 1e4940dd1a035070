"""The list of sources on Telegram, a page at a time, each source with a link to its card."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.conversation.replies import Sources
from bot.i18n.language import _
from bot.telegram.links import DeepLinks
from bot.telegram.rendering.message import Message, utf16_len
from bot.texts import answers as wording
from bot.texts import sources as texts
from index.core.documents import Document

PAGE_SIZE = 10
PAGE = "p"
# Of the 64 bytes that a button carries, with the number of documents before its page.
MAX_WORD_BYTES = 48


def format_page(reply: Sources, links: DeepLinks) -> Message:
    """Return a page of sources, with buttons where there are others."""
    message = Message(texts.sources_heading(reply))
    for document in reply.documents:
        message += Message("\n• ") + linked_name(document, links)
        message += Message(wording.published(document))
    if reply.found > len(reply.documents):
        message += Message(f"\n\n{texts.listed(reply)}")
    return Message(message.text, message.entities, page_buttons(reply))


def linked_name(document: Document, links: DeepLinks) -> Message:
    """Return the name of a document, which opens its card."""
    name = wording.document_name(document)
    link = MessageEntity(MessageEntity.TEXT_LINK, 0, utf16_len(name), url=links.to_source(document))
    return Message(name, (link,))


def page_buttons(reply: Sources) -> InlineKeyboardMarkup | None:
    """Return the buttons that lead to the pages before and after this one."""
    row = []
    if reply.skipped:
        before = max(0, reply.skipped - PAGE_SIZE)
        row.append(
            InlineKeyboardButton(_(texts.NEWER), callback_data=page_data(before, reply.word))
        )
    if reply.unlisted:
        after = reply.skipped + len(reply.documents)
        row.append(InlineKeyboardButton(_(texts.OLDER), callback_data=page_data(after, reply.word)))
    return InlineKeyboardMarkup([row]) if row else None


def page_data(skipped: int, word: str) -> str:
    """Return what a button carries: how many documents come before its page, and the word."""
    return f"{PAGE}:{skipped}:{word}"


def read_page_data(data: str) -> tuple[int, str]:
    """Return what a button carries.

    Raises:
        ValueError: it was not made here.
    """
    _, skipped, word = data.split(":", 2)
    return int(skipped), word
