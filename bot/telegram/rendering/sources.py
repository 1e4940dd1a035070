"""Sources on Telegram: those of quotes, and the documents as a list, in pages or alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.conversation.replies import Sources, source_of
from bot.i18n.language import _
from bot.telegram.links import DeepLinks
from bot.telegram.rendering.message import Message, pack, styled
from bot.texts import answers, notices, sources
from bot.texts.citations import source_line
from index.core.answers import Quote
from index.core.documents import Document
from index.store.certificates import certificate_id

MAX_PATH_CHARS = 300
MAX_OTHERS = 10
PAGE_SIZE = 10
PAGE = "p"
# Of the 64 bytes that a button carries, beside the number of documents before its page.
MAX_WORD_BYTES = 48


def format_origins(
    quotes: Sequence[Quote],
    first: int,
    address_of: Callable[[Quote], str | None] = lambda _quote: None,
) -> list[Message]:
    """Return the sources of quotes numbered from `first`: name, file, address, and others.

    The name leads to where `address_of` says that the first quote of a source stands.
    """
    numbered = list(enumerate(quotes, start=first))
    groups = [list(group) for _source, group in groupby(numbered, lambda item: source_of(item[1]))]
    return pack(
        format_origin(group, address_of(group[0][1]), is_alone=len(groups) == 1) for group in groups
    )


def format_origin(
    numbered: Sequence[tuple[int, Quote]], address: str | None, is_alone: bool
) -> Message:
    """Return the source of some quotes, with their numbers unless it is the only one."""
    source = numbered[0][1].source
    url = source.metadata.url
    path = answers.shorten(source.path, MAX_PATH_CHARS) or _("Untitled")
    label = "" if is_alone else f"[{', '.join(str(number) for number, _quote in numbered)}] "
    name = Message(answers.dated_name(source))
    if address is not None:
        name = styled(name.text, MessageEntity.TEXT_LINK, address)
    block = f"{answers.line_start()}{label}" + name + "\n" + styled(path, MessageEntity.CODE)
    if url and url != source.path:
        block += f"\n{answers.shorten(url, MAX_PATH_CHARS)}"
    others = [other for _number, quote in numbered for other in quote.also]
    if others:
        block += f"\n{notices.also_heading(len(others))}"
    for other in others[:MAX_OTHERS]:
        block += "\n" + source_line(other, "• ")
    return block


def format_certificates(quotes: Sequence[Quote], first: int) -> Message:
    """Return the certificates of quotes numbered from `first`, as code, which a tap copies."""
    message = Message(_(notices.CERTIFICATES))
    for number, quote in enumerate(quotes, start=first):
        label = "" if first + len(quotes) == 2 else f"[{number}] "
        message += f"\n{answers.line_start()}{label}" + styled(
            f"/verify {certificate_id(quote)}", MessageEntity.CODE
        )
    return message


def format_sources(reply: Sources) -> Message:
    message = Message(sources.sources_heading(reply))
    for document in reply.documents:
        message += f"\n{answers.line_start()}• {answers.dated_name(document)}"
    return message + f"\n{answers.unlisted(reply.unlisted)}" if reply.unlisted else message


def format_source(document: Document) -> Message:
    """Return the facts about a document, and how to ask about it alone."""
    card = Message(answers.document_name(document))
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
        message += (
            f"\n{answers.line_start()}• "
            + styled(name, MessageEntity.TEXT_LINK, url)
            + answers.published(document)
        )
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
