"""Replies as Telegram messages or inline cards, in which every quote is checked to be verbatim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from telegram import InlineQueryResultArticle, InputTextMessageContent, MessageEntity

from bot.conversation import replies
from bot.errors import VerbatimError
from bot.i18n.language import _
from bot.telegram.commands import PUBLIC_COMMANDS
from bot.telegram.rendering.message import (
    MAX_ENTITIES,
    MAX_UNITS,
    Message,
    pack,
    styled,
    utf16_len,
    utf16_split,
)
from bot.telegram.rendering.sources import format_source, format_sources
from bot.texts import answers, checks, listings, notices, small_talk, sources, states
from bot.texts.citations import Citation, cite, source_line
from index.core.answers import Quote
from index.core.documents import Span
from index.core.ellipsis import takes_back
from index.store.certificates import certificate_id
from index.text.diff import Diff, Op

EXPANDABLE_ABOVE_CHARS = 300
_SEEN_CHARS = 100
MAX_CARDS = 3
# Beside the short answer, a block has the blockquote and the name of the file.
MAX_BOLD = MAX_ENTITIES - 2
CHANGE_TYPES = {Op.REMOVED: MessageEntity.STRIKETHROUGH, Op.ADDED: MessageEntity.UNDERLINE}
QUOTE_TYPES = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)


def format_reply(reply: replies.Reply) -> list[Message]:  # noqa: PLR0911
    """Return the messages of a reply, in the order to send them.

    Raises:
        VerbatimError: a quote would not appear as it stands in its document.
    """
    match reply:
        case replies.AnswerReply():
            return format_answer(reply)
        case replies.CheckReply() | replies.VerificationReply():
            return format_places(checks.places(reply))
        case replies.Sources():
            return [format_sources(reply)]
        case replies.Count() | replies.Languages() | replies.Listing() | replies.Speakers():
            return [Message(listings.in_words(reply))]
        case replies.Openings():
            return format_quotes(reply.shown, 1, listings.openings_heading(reply))
        case replies.SourceCard():
            return [format_source(reply.document)]
        case replies.Welcome():
            return [Message(answers.welcome_with_buttons(reply))]
        case replies.Help():
            return [Message(answers.help_text(PUBLIC_COMMANDS))]
        case replies.SmallTalk():
            return [Message(small_talk.line(reply.kind))]
        case replies.About():
            return [Message(sources.about(reply))]
        case replies.Refusal():
            return [Message(answers.refusal(reply.text))]


def format_together(asked: Sequence[tuple[str, replies.Reply]]) -> list[Message]:
    """Return the replies to questions, each below its own, in one message if they fit.

    In one message the quotes of all are numbered through, in several those of each.
    """
    total = sum(len(reply.shown) for _question, reply in asked if is_answer(reply))
    first, blocks = 1, []
    for question, reply in asked:
        messages = format_answer(reply, first, total) if is_answer(reply) else format_reply(reply)
        blocks += under(question, messages)
        first += len(reply.shown) if is_answer(reply) else 0
    if len(packed := pack(blocks)) == 1:
        return packed
    return [
        message for question, reply in asked for message in under(question, format_reply(reply))
    ]


def is_answer(reply: replies.Reply) -> TypeGuard[replies.AnswerReply]:
    return isinstance(reply, replies.AnswerReply)


def under(question: str, messages: Sequence[Message]) -> list[Message]:
    """Return messages below a question."""
    heading = styled(notices.echo(question), MessageEntity.BOLD)
    joined = heading + "\n" + messages[0]
    return [*([joined] if joined.fits else [heading, messages[0]]), *messages[1:]]


def format_answer(
    reply: replies.AnswerReply, first: int = 1, total: int | None = None
) -> list[Message]:
    """Return the quotes with their sources, or the one that came closest to an answer."""
    answer = reply.answer
    before = [notices.notes(reply), states.remark(reply)]
    blocks = [Message(text) for text in before if text]
    heading = states.heading(answer.state, answer.closest_about)
    return format_quotes(reply.shown, first, heading, blocks, total)


def format_quotes(
    quotes: Sequence[Quote],
    first: int,
    heading: str,
    before: Sequence[Message] = (),
    total: int | None = None,
) -> list[Message]:
    """Return quotes numbered from `first` below a heading, after other blocks, with sources."""
    together = [*before, *quote_blocks(cite(quotes, first, total), heading)]
    if len(pack(together)) <= 1:
        return checked(together, quotes)
    # Each message names the sources of its quotes.
    apart = [
        at for number, quote in enumerate(quotes, first) for at in cite([quote], number, total or 2)
    ]
    return checked([*before, *quote_blocks(apart, heading)], quotes)


def quote_blocks(citations: Sequence[Citation], heading: str) -> Iterator[Message]:
    for number, citation in enumerate(citations):
        lines = ["" if number else heading, citation.above]
        above = "".join(f"{line}\n" for line in lines if line)
        yield from format_quote(citation.quote, citation.line, above)
        if citation.source:
            yield Message(citation.source)


def format_context(pieces: Sequence[Quote], number: int, of_several: bool) -> list[Message]:
    """Return a quote, unfolded and with its number among several, amid the text around it."""
    blocks: list[Message] = []
    heading = notices.context_heading(number, of_several) + "\n"
    for piece in pieces:
        label = f"[{number}] " if piece.answer and of_several else ""
        blocks += format_quote(piece, source_line(piece, label), heading, len(piece.text))
        heading = ""
    return checked(blocks, pieces)


def format_places(places: Sequence[checks.Place]) -> list[Message]:
    """Return headings, each with its quote and the differences from it, if there are any."""
    blocks: list[Message] = []
    quotes: list[Quote] = []
    for heading, quote, diff in places:
        if quote is None:
            blocks.append(Message(heading))
            continue
        quotes.append(quote)
        blocks += format_quote(quote, source_line(quote), f"{heading}\n")
        if diff:
            blocks += format_diff(diff)
    return checked(blocks, quotes)


def format_diff(diff: Diff) -> list[Message]:
    """Return both texts in one: the given one struck through, that of the document underlined."""
    blocks = [Message(f"{_(answers.CHANGES)}\n")]
    for op, text in diff:
        for piece in utf16_split(text, MAX_UNITS):
            part = format_change(op, piece)
            if (joined := blocks[-1] + part).fits:
                blocks[-1] = joined
            else:
                blocks.append(part)
    return [block for block in blocks if block.text.strip()]


def format_change(op: Op, text: str) -> Message:
    """Return a part of a text, styled by its change but for the white space around it.

    Telegram would move the borders of an entity that begins or ends with white space.
    """
    body = text.strip()
    if op is Op.SAME or not body:
        return Message(text)
    lead, _, tail = text.partition(body)
    return lead + styled(body, CHANGE_TYPES[op]) + tail


def format_quote(
    quote: Quote, line: str, heading: str = "", foldable_above_chars: int = EXPANDABLE_ABOVE_CHARS
) -> list[Message]:
    """Return a quote between its heading and a line, in one block unless it is too long."""
    source = f"\n{line}"
    max_units = MAX_UNITS - utf16_len(heading) - utf16_len(source)
    # Telegram shows about three lines of a folded quote.
    is_long = len(quote.text) > foldable_above_chars and not takes_back(quote.text[_SEEN_CHARS:])
    blocks = []
    start = quote.span.start
    for piece in utf16_split(quote.text, max_units):
        span = Span(start, start + len(piece))
        blocks.append(blockquote(piece, span, quote.answer, is_long))
        start = span.end
    blocks[0] = heading + blocks[0]
    blocks[-1] += source
    return blocks


def blockquote(piece: str, span: Span, answer: Iterable[Span], is_long: bool) -> Message:
    """Return the piece of a quote under `span`, with the short answer in bold."""
    outer = MessageEntity.EXPANDABLE_BLOCKQUOTE if is_long else MessageEntity.BLOCKQUOTE
    bold = []
    for part in answer:
        if len(part) and part.overlaps(span):
            start, end = max(part.start, span.start), min(part.end, span.end)
            offset = utf16_len(piece[: start - span.start])
            length = utf16_len(piece[start - span.start : end - span.start])
            bold.append(MessageEntity(MessageEntity.BOLD, offset, length))
    message = styled(piece, outer)
    return Message(piece, (*message.entities, *bold[:MAX_BOLD]))


def checked(blocks: Iterable[Message], quotes: Sequence[Quote]) -> list[Message]:
    """Return the blocks in messages that show nothing but the quotes as quotes."""
    messages = pack(blocks)
    check_verbatim(messages, quotes)
    return messages


def check_verbatim(messages: Iterable[Message], quotes: Sequence[Quote]) -> None:
    """Check that the blockquotes, in order, are the quotes and nothing else.

    A quote may stand in several blockquotes that together are its slice.

    Raises:
        VerbatimError: a bug in the formatting.
    """
    pieces = iter([text for message in messages for text in message.texts_under(*QUOTE_TYPES)])
    for quote in quotes:
        shown = ""
        while len(shown) < len(quote.text) and (piece := next(pieces, "")):
            shown += piece
        if shown != quote.text or not is_consistent(quote):
            raise VerbatimError(
                f"{quote.document.path}[{quote.span.start}:{quote.span.end}] would be shown changed"
            )
    if next(pieces, ""):
        raise VerbatimError("a message would show text as a quote that is none")


def is_consistent(quote: Quote) -> bool:
    """Whether the spans of a quote belong to its text."""
    covered = all(quote.span.covers(answer) for answer in quote.answer)
    return covered and len(quote.text) == len(quote.span)


def answer_cards(reply: replies.AnswerReply, question: str) -> list[InlineQueryResultArticle]:
    """Return a card for each quote that fits a message, or one that reports that there is none.

    Raises:
        VerbatimError: a quote would not appear as it stands in its document.
    """
    answer = reply.answer
    if answer.state == "none":
        message = Message(sources.inline_abstention(question, reply))
        searched = answers.extent(reply.status)
        return [article("none", _(sources.INLINE_NO_ANSWER), searched, message)]
    heading = states.heading(answer.state)
    before = [Message(text) for text in [states.remark(reply)] if text]
    cards = []
    for number, quote in enumerate(answer.quotes[:MAX_CARDS], start=1):
        messages = format_quotes(replies.with_sides([quote]), 1, heading, before)
        # Only one message can be sent.
        if len(messages) == 1 and messages[0].fits:
            source = source_line(quote)
            name = f"{number}-{certificate_id(quote)}"
            described = f"{heading} {source}".lstrip()
            cards.append(article(name, card_title(quote), described, messages[0]))
    return cards


def card_title(quote: Quote) -> str:
    """Return the short answer, or else the beginning of the quote, if nothing denies it there."""
    shown = quote.text
    if quote.answer:
        before, answer, after = (
            quote.cut(Span(quote.span.start, quote.answer[0].start)),
            quote.cut(quote.answer[0]),
            quote.cut(Span(quote.answer[0].end, quote.span.end)),
        )
        if not (takes_back(before) or takes_back(after)):
            shown = answer
    title = answers.shorten_quote(shown, sources.MAX_INLINE_TITLE_CHARS)
    return title or _(sources.INLINE_UNTITLED)


def article(name: str, title: str, description: str, message: Message) -> InlineQueryResultArticle:
    content = InputTextMessageContent(message.text, entities=message.entities)
    return InlineQueryResultArticle(name, title, content, description=description)
