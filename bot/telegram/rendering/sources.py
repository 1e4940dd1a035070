"""Sources on Telegram: those of quotes, and the documents as a list, in pages or alone."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.conversation.replies import Sources
from bot.i18n.language import _
from bot.telegram.links import DeepLinks
from bot.telegram.rendering.message import Message, pack, styled
from bot.texts import answers, notices, sources
from index.core.answers import Quote
from index.core.documents import Document
from index.store.certificates import certificate_id

MAX_PATH_CHARS = 300
MAX_OTHERS = 10
PAGE_SIZE = 10
PAGE = "p"
# Of the 64 bytes that a button carries, beside the number of documents before its page.
MAX_WORD_BYTES = 48


def format_name(document: Document) -> Message:
    """Return the title, or else the first words and the name of the file.

    The file is marked as code, since names such as notes.md would become links.
    """
    title = answers.document_title(document)
    if document.metadata.title and title:
        return Message(title)
    file = styled(answers.file_name(document), MessageEntity.CODE)
    return f"{title} (" + file + ")" if title else file


def source_line(quote: Quote, label: str) -> Message:
    """Return a label, the name of the document that a quote is from, and the place in it."""
    return f"{answers.line_start()}{label}" + format_name(quote.source) + answers.place(quote)


def format_origins(quotes: Sequence[Quote], first: int, is_certified: bool) -> list[Message]:
    """Return the sources of quotes numbered from `first`: name, place, file, address, others."""
    return pack(
        format_origin(quote, number, is_certified)
        for number, quote in enumerate(quotes, start=first)
    )


def format_origin(quote: Quote, number: int, is_certified: bool) -> Message:
    source, url = quote.source, quote.source.metadata.url
    path = answers.shorten(source.path, MAX_PATH_CHARS) or answers.file_name(source)
    block = source_line(quote, f"[{number}] ") + "\n" + styled(path, MessageEntity.CODE)
    if url and url != source.path:
        block += f"\n{answers.shorten(url, MAX_PATH_CHARS)}"
    if is_certified:
        block += f"\n{notices.certificate_line(certificate_id(quote))}"
    if quote.also:
        block += f"\n{notices.also_heading(quote)}"
    for other in quote.also[:MAX_OTHERS]:
        block += "\n" + source_line(other, "• ")
    return block


def format_sources(reply: Sources) -> Message:
    message = Message(sources.sources_heading(reply))
    for document in reply.documents:
        message += f"\n{answers.line_start()}• " + format_name(document)
        message += answers.published(document)
    return message + f"\n{answers.unlisted(reply)}" if reply.unlisted else message


def format_source(document: Document) -> Message:
    """Return the facts about a document, and how to ask about it alone."""
    card = format_name(document)
    for fact in sources.source_facts(document):
        card += f"\n{fact}"
    # The filter puts the path between quotation marks.
    if not set(document.path) & set('"\u201c\u201d\n'):
        limit = styled(f'source:"{document.path}" ', MessageEntity.CODE)
        card += f"\n{_(sources.ASK_ABOUT)} " + limit
    return card


def format_page(reply: Sources, links: DeepLinks) -> Message:
    """Return a page of sources that link to their cards, with buttons if there are other pages."""
    message = Message(sources.sources_heading(reply))
    for document in reply.documents:
        name, url = answers.document_name(document), links.to_source(document)
        message += "\n• " + styled(name, MessageEntity.TEXT_LINK, url) + answers.published(document)
    if reply.found > len(reply.documents):
        message += f"\n\n{sources.listed(reply)}"
    return Message(message.text, message.entities, page_buttons(reply))


def page_buttons(reply: Sources) -> InlineKeyboardMarkup | None:
    pages = []
    if reply.skipped:
        pages.append((sources.NEWER, max(0, reply.skipped - PAGE_SIZE)))
    if reply.unlisted:
        pages.append((sources.OLDER, reply.skipped + len(reply.documents)))
    row = [
        InlineKeyboardButton(_(label), callback_data=f"{PAGE}:{skipped}:{reply.word}")
        for label, skipped in pages
    ]
    return InlineKeyboardMarkup([row]) if row else None


def read_page_data(data: str) -> tuple[int, str]:
    """Return the data of a button: how many documents come before its page, and the word.

    Raises:
        ValueError: the button is not one of these.
    """
    _page, skipped, word = data.split(":", 2)
    return int(skipped), word
