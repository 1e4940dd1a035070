"""An answer as cards to choose from in inline mode: what is shown is what would be sent."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions

from bot.conversation.replies import AnswerReply
from bot.i18n.language import _
from bot.telegram.rendering.message import Message
from bot.telegram.rendering.replies import check_verbatim, format_quote
from bot.texts import answers as wording
from bot.texts import sources as texts
from index.core.answers import Quote
from index.store.certificates import certificate_id

MAX_CARDS = 3


def answer_cards(reply: AnswerReply, question: str) -> list[InlineQueryResultArticle]:
    """Return a card for each quote that fits a message, or one that says there is no answer.

    Raises:
        VerbatimError: a quote would not appear as it stands in its document.
    """
    if not reply.answer.answered:
        message = Message(texts.inline_abstention(question, reply))
        searched = wording.extent(reply.status)
        return [article("none", _(texts.INLINE_NO_ANSWER), searched, message)]
    cards = []
    for number, quote in enumerate(reply.answer.quotes[:MAX_CARDS], start=1):
        blocks = format_quote(quote, 1, Message(""))
        check_verbatim(blocks, [quote])
        # Only one message can be sent.
        if len(blocks) == 1 and blocks[0].fits:
            source = f"{wording.document_name(quote.source)}{wording.place(quote)}"
            name = f"{number}-{certificate_id(quote)}"
            cards.append(article(name, card_title(quote), source, blocks[0]))
    return cards


def card_title(quote: Quote) -> str:
    """Return the short answer, or else how the quote begins."""
    shown = quote.cut(quote.answer[0]) if quote.answer else quote.text
    return wording.shorten(shown, texts.MAX_INLINE_TITLE_CHARS) or _(texts.INLINE_UNTITLED)


def article(name: str, title: str, description: str, message: Message) -> InlineQueryResultArticle:
    """Return a card that sends a message."""
    content = InputTextMessageContent(
        message.text,
        entities=message.entities,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return InlineQueryResultArticle(name, title, content, description=description)
