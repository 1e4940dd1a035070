"""A reply as Telegram messages: format the answer, then check that every quote is verbatim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telegram import MessageEntity

from bot.conversation.replies import (
    About,
    AnswerReply,
    CheckReply,
    Help,
    Refusal,
    Reply,
    SourceCard,
    Sources,
    VerificationReply,
    Welcome,
)
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
from bot.texts import answers as wording
from bot.texts import buttons as button_wording
from bot.texts import checks as check_wording
from bot.texts import notices as remarks
from bot.texts import sources as source_wording
from index.core.answers import Quote
from index.core.documents import Document, Span
from index.store.certificates import certificate_id
from index.text.diff import Diff, Op

MAX_PATH_CHARS = 300
MAX_OTHERS = 10
EXPANDABLE_ABOVE_CHARS = 300
# Beside the short answer, a block has the blockquote and the name of the file.
MAX_BOLD = MAX_ENTITIES - 2
CHANGE_TYPES = {Op.REMOVED: MessageEntity.STRIKETHROUGH, Op.ADDED: MessageEntity.UNDERLINE}
QUOTE_TYPES = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)


def format_reply(reply: Reply) -> list[Message]:
    """Return the messages that say a reply, in the order to send them.

    Raises:
        VerbatimError: a quote would not appear as it stands in its document.
    """
    messages: list[Message]
    match reply:
        case Welcome():
            messages = [Message(wording.welcome(reply))]
        case Help():
            messages = [Message(wording.help_text(PUBLIC_COMMANDS))]
        case About():
            messages = [Message(source_wording.about(reply))]
        case Sources():
            messages = [format_sources(reply)]
        case SourceCard():
            messages = [format_source(reply.document)]
        case AnswerReply():
            messages = format_answer(reply)
        case CheckReply() | VerificationReply():
            messages = format_places(check_wording.places(reply))
        case Refusal():
            messages = [Message(wording.refusal(reply.text))]
    return messages


def format_under(question: str, reply: Reply) -> list[Message]:
    """Return the messages that say a reply, under the question that it is to."""
    heading = styled(remarks.echo(question), MessageEntity.BOLD)
    first, *others = format_reply(reply)
    return [*pack([heading, first]), *others]


def format_answer(reply: AnswerReply) -> list[Message]:
    """Return the quotes with their sources, or what came closest to an answer."""
    answer = reply.answer
    blocks: list[Message] = []
    if notes := remarks.notes(reply):
        blocks.append(Message(notes))
    if not answer.answered:
        blocks.append(Message(wording.abstention(reply)))
    return format_quotes(reply.shown, 1, answer.answered, blocks)


def format_quotes(
    quotes: Sequence[Quote], first: int, answered: bool, before: Sequence[Message] = ()
) -> list[Message]:
    """Return quotes numbered from `first`, after other blocks, each with its source."""
    blocks = list(before)
    heading = Message("" if answered else f"{_(wording.CLOSEST)}\n")
    for number, quote in enumerate(quotes, start=first):
        blocks += format_quote(quote, number, heading)
    messages = pack(blocks)
    check_verbatim(messages, quotes)
    return messages


def format_context(pieces: Sequence[Quote], number: int, certificate: str) -> list[Message]:
    """Return what stands around a quote: the piece that holds it has its number and is unfolded."""
    blocks: list[Message] = []
    heading = Message(f"{button_wording.context_heading(number)}\n")
    for piece in pieces:
        blocks += format_quote(piece, number if piece.answer else None, heading, len(piece.text))
        heading = Message("")
    messages = pack([*blocks, Message(button_wording.certificate_line(certificate))])
    check_verbatim(messages, pieces)
    return messages


def format_origins(quotes: Sequence[Quote], first: int) -> list[Message]:
    """Return where quotes are from, numbered from `first`: name, place, file, address, others."""
    blocks = []
    for number, quote in enumerate(quotes, start=first):
        source = quote.source
        block = (
            Message(f"{wording.line_start()}[{number}] ")
            + format_name(source)
            + Message(wording.place(quote))
        )
        path = wording.shorten(source.path, MAX_PATH_CHARS)
        block += Message("\n") + styled(path or wording.file_name(source), MessageEntity.CODE)
        if source.metadata.url and source.metadata.url != source.path:
            block += Message(f"\n{wording.shorten(source.metadata.url, MAX_PATH_CHARS)}")
        block += Message(f"\n{button_wording.certificate_line(certificate_id(quote))}")
        if quote.also:
            block += Message(f"\n{button_wording.also_heading(quote)}")
        for other in quote.also[:MAX_OTHERS]:
            block += (
                Message(f"\n{wording.line_start()}• ")
                + format_name(other.source)
                + Message(wording.place(other))
            )
        blocks.append(block)
    return pack(blocks)


def format_places(places: Sequence[check_wording.Place]) -> list[Message]:
    """Return headings, each with its quote and how that differs, where there are any."""
    blocks: list[Message] = []
    quotes = [place.quote for place in places if place.quote is not None]
    number = 0
    for heading, quote, diff in places:
        if quote is None:
            blocks.append(Message(heading))
            continue
        number += 1
        blocks += format_quote(quote, number, Message(f"{heading}\n"))
        if diff:
            blocks += format_diff(diff)
    messages = pack(blocks)
    check_verbatim(messages, quotes)
    return messages


def format_diff(diff: Diff) -> list[Message]:
    """Return what was given struck through and what the document has underlined."""
    blocks = [Message(f"{_(wording.CHANGES)}\n")]
    for op, text in diff:
        for piece in utf16_split(text, MAX_UNITS):
            part = format_change(op, piece)
            if (joined := blocks[-1] + part).fits:
                blocks[-1] = joined
            else:
                blocks.append(part)
    return [block for block in blocks if block.text.strip()]


def format_change(op: Op, text: str) -> Message:
    """Return a part of a text in the style of its change, without the white space around it.

    Telegram would move the borders of an entity that begins or ends with white space.
    """
    body = text.strip()
    if op is Op.SAME or not body:
        return Message(text)
    lead, _, tail = text.partition(body)
    return Message(lead) + styled(body, CHANGE_TYPES[op]) + Message(tail)


def format_quote(
    quote: Quote,
    number: int | None,
    heading: Message,
    foldable_above_chars: int = EXPANDABLE_ABOVE_CHARS,
) -> list[Message]:
    """Return a quote between its heading and its source, in one block unless it is too long."""
    mark = wording.line_start()
    source = Message(f"\n{mark}" if number is None else f"\n{mark}[{number}] ")
    source += format_name(quote.source) + Message(wording.place(quote))
    source += Message(wording.also(quote))
    max_units = MAX_UNITS - utf16_len(heading.text) - utf16_len(source.text)
    blocks = []
    start = quote.span.start
    for piece in utf16_split(quote.text, max_units):
        span = Span(start, start + len(piece))
        blocks.append(blockquote(piece, span, quote, foldable_above_chars))
        start = span.end
    blocks[0] = heading + blocks[0]
    blocks[-1] += source
    return blocks


def blockquote(piece: str, span: Span, quote: Quote, foldable_above_chars: int) -> Message:
    """Return the piece of a quote under `span`, with the short answer in bold."""
    long = len(quote.text) > foldable_above_chars
    outer = styled(piece, MessageEntity.EXPANDABLE_BLOCKQUOTE if long else MessageEntity.BLOCKQUOTE)
    bold = [
        MessageEntity(
            MessageEntity.BOLD,
            offset=utf16_len(piece[: answer.start - span.start]),
            length=utf16_len(piece[answer.start - span.start : answer.end - span.start]),
        )
        for answer in clip(quote.answer, span)
    ]
    return Message(outer.text, (*outer.entities, *bold[:MAX_BOLD]))


def clip(spans: Iterable[Span], border: Span) -> list[Span]:
    """Return the parts of the spans that lie inside `border`."""
    return [
        Span(max(span.start, border.start), min(span.end, border.end))
        for span in spans
        if len(span) and span.overlaps(border)
    ]


def format_name(document: Document) -> Message:
    """Return the title, or else the first words and the name of the file.

    The file name is code, as Telegram would make a link of notes.md.
    """
    title = wording.document_title(document)
    if document.metadata.title and title:
        return Message(title)
    file = styled(wording.file_name(document), MessageEntity.CODE)
    return Message(f"{title} (") + file + Message(")") if title else file


def format_sources(reply: Sources) -> Message:
    """Return the list of documents."""
    message = Message(source_wording.sources_heading(reply))
    for document in reply.documents:
        message += (
            Message(f"\n{wording.line_start()}• ")
            + format_name(document)
            + Message(wording.published(document))
        )
    if reply.unlisted:
        message += Message(f"\n{wording.unlisted(reply)}")
    return message


def format_source(document: Document) -> Message:
    """Return what is known of a document, and how to ask about it alone."""
    facts = [format_name(document), *map(Message, source_wording.source_facts(document))]
    # What the limit names must be able to stand between quotation marks.
    if not set(document.path) & set('"\u201c\u201d\n'):
        limit = styled(f'source:"{document.path}" ', MessageEntity.CODE)
        facts.append(Message(f"{_(source_wording.ASK_ABOUT)} ") + limit)
    card = facts[0]
    for fact in facts[1:]:
        card += Message("\n") + fact
    return card


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
