"""The terminal front end: the same conversation, on standard input and output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bot.conversation.conversation import Conversation
from bot.conversation.followup import ALONE, Dialogue
from bot.conversation.questions import Request, split_questions
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
from bot.i18n.language import N_, _
from bot.texts import answers as wording
from bot.texts import checks as check_wording
from bot.texts import notices as remarks
from bot.texts import sources as source_wording
from index.core.answers import Quote
from index.core.documents import Document
from index.store.certificates import certificate_id
from index.text.diff import Diff, Op

PROMPT = "> "
QUIT = frozenset({"/quit", "/exit"})
ANSWER_STYLE = "bold"
QUESTION_STYLE = "underline"
SOURCE_STYLE = "dim"
CHANGE_STYLES = {Op.SAME: "", Op.REMOVED: "strike", Op.ADDED: "underline"}
CHANGE_MARKS = {Op.SAME: ("", ""), Op.REMOVED: ("[-", "-]"), Op.ADDED: ("{+", "+}")}
BAR_STYLE = Style(color="cyan")
# What is shown for control characters; one for each, so that offsets stay what they are.
PICTURES = {code: 0x2400 + code for code in range(32) if code not in b"\t\n\r"}
PICTURES |= {ord("\r"): ord(" "), 0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
GOODBYE = N_("Goodbye.")
QUIT_HINT = N_("/quit End the conversation")


class Quoted:
    """A text behind a bar on its left."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the text line by line, each behind the bar."""
        bar = Segment("| " if options.ascii_only else "▌ ", BAR_STYLE)
        narrow = options.update_width(max(1, options.max_width - 2))
        for line in console.render_lines(self.text, narrow, pad=False):
            yield bar
            yield from line
            yield Segment.line()


def run(
    conversation: Conversation, console: Console | None = None, source: TextIO | None = None
) -> None:
    """Reply to the questions in each line of `source` until it ends or says /quit.

    With a terminal on both sides this is a dialogue, else question and answer follow each other
    and the quotes stay unbroken, so that other programs can read them.
    """
    console = console or Console(highlight=False)
    source = source or sys.stdin
    interactive = source.isatty() and console.is_terminal
    respond = converse if interactive else print_exchange
    if interactive:
        console.print(render_reply(conversation.welcome()), "")
    # Control-C ends it as politely as the end of the input does.
    with suppress(KeyboardInterrupt):
        dialogue = ALONE
        for text in until_quit(read_dialogue() if interactive else source):
            asked = split_questions(Request.read(text))
            for request in asked.requests:
                if interactive and len(asked.requests) > 1:
                    console.print(Text(request.text, style=QUESTION_STYLE))
                dialogue = dialogue.after(respond(conversation, console, request, dialogue))
            if asked.left_out:
                remark = remarks.too_many(len(asked.requests), asked.left_out)
                console.print(remark, "", soft_wrap=not interactive)
    if interactive:
        console.print(f"\n{_(GOODBYE)}")


def until_quit(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that say something, up to the one that says /quit."""
    for line in lines:
        text = line.strip()
        if text.lower() in QUIT:
            return
        if text:
            yield text


def read_dialogue() -> Iterator[str]:
    """Yield what is typed at the prompt, with history and line editing where the system has it."""
    with suppress(ImportError):
        import_module("readline")
    with suppress(EOFError):
        while True:
            yield input(PROMPT)


def converse(
    conversation: Conversation, console: Console, request: Request, dialogue: Dialogue
) -> Reply:
    """Print the reply to what was typed, and return it."""
    with console.status(_("Searching…")):
        reply = conversation.reply(request, dialogue)
    console.print(render_reply(reply), "")
    return reply


def print_exchange(
    conversation: Conversation, console: Console, request: Request, dialogue: Dialogue
) -> Reply:
    """Print what was asked and the reply, each paragraph on one line, and return the reply."""
    console.print(Text(f"{PROMPT}{request.text}"), soft_wrap=True)
    reply = conversation.reply(request, dialogue)
    console.print(render_reply(reply, bar=False), "", soft_wrap=True)
    return reply


def render_reply(reply: Reply, bar: bool = True) -> RenderableType:
    """Return a reply for the console. Nothing in it is read as markup."""
    rendered: RenderableType
    match reply:
        case Welcome():
            rendered = Text(wording.welcome(reply))
        case Help():
            rendered = Text(f"{wording.help_text()}\n{_(QUIT_HINT)}")
        case About():
            rendered = Text(source_wording.about(reply))
        case Sources():
            rendered = render_sources(reply)
        case SourceCard():
            rendered = render_source(reply.document)
        case AnswerReply():
            rendered = render_answer(reply, bar)
        case CheckReply() | VerificationReply():
            rendered = render_places(check_wording.places(reply), bar)
        case Refusal():
            rendered = Text(wording.refusal(reply.text))
    return rendered


def render_sources(reply: Sources) -> Text:
    """Return the list of documents."""
    names = [
        f"• {wording.document_name(document)}{wording.published(document)}"
        for document in reply.documents
    ]
    lines = [source_wording.sources_heading(reply), *names, wording.unlisted(reply)]
    return Text("\n".join(line for line in lines if line))


def render_source(document: Document) -> Text:
    """Return what is known of a document."""
    return Text(
        "\n".join([wording.document_name(document), *source_wording.source_facts(document)])
    )


def render_answer(reply: AnswerReply, bar: bool) -> RenderableType:
    """Return the quotes with their sources, or what came closest to an answer."""
    answer = reply.answer
    parts: list[RenderableType] = []
    if notes := remarks.notes(reply):
        parts.append(Text(notes, style=SOURCE_STYLE))
    if not answer.answered:
        parts.append(Text(wording.abstention(reply)))
        if answer.closest:
            parts.append(Text(_(wording.CLOSEST)))
    for number, quote in enumerate(reply.shown, start=1):
        parts += render_place(quote, number, bar)
        parts.append(Text(f"    {wording.certificate(certificate_id(quote))}", style=SOURCE_STYLE))
    return Group(*parts)


def render_place(quote: Quote, number: int, bar: bool) -> list[RenderableType]:
    """Return a quote, its source, and who else says the same."""
    text = render_quote(quote)
    source = f"[{number}] {wording.document_name(quote.source)}{wording.place(quote)}"
    lines = [
        f"{source}{wording.also(quote)}",
        *(f"    {wording.other_source(other)}" for other in quote.also),
    ]
    return [Quoted(text) if bar else text, *(Text(line, style=SOURCE_STYLE) for line in lines)]


def render_places(places: Sequence[check_wording.Place], bar: bool) -> RenderableType:
    """Return headings, each with its quote and how that differs, where there are any."""
    parts: list[RenderableType] = []
    number = 0
    for heading, quote, diff in places:
        parts.append(Text(heading))
        if quote is not None:
            number += 1
            parts += render_place(quote, number, bar)
        if diff:
            parts += [Text(_(wording.MARKED_CHANGES)), render_diff(diff)]
    return Group(*parts)


def render_diff(diff: Diff) -> Text:
    """Return the changes between marks, as wdiff has them: not every terminal has the styles."""
    text = Text()
    for op, part in diff:
        shown = part.translate(PICTURES)
        opening, closing = CHANGE_MARKS[op]
        text.append(f"{opening}{shown}{closing}", style=CHANGE_STYLES[op])
    return text


def render_quote(quote: Quote) -> Text:
    """Return the quote with the short answer in bold.

    Control characters are shown as pictures of themselves: sent on, they would drive the terminal.
    """
    text = Text(quote.text.translate(PICTURES))
    for span in quote.answer:
        text.stylize(ANSWER_STYLE, span.start - quote.span.start, span.end - quote.span.start)
    return text
