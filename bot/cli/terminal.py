"""The conversation on standard input and output."""

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

from bot.cli.lines import check_text, lines_of, readable
from bot.conversation import replies
from bot.conversation.conversation import Conversation
from bot.conversation.followups.dialogue import ALONE, Dialogue
from bot.conversation.questions import Request, split_questions
from bot.i18n.language import N_, _
from bot.texts import answers, checks, listings, notices, small_talk, sources, states
from bot.texts.citations import Citation, cite, source_line
from index.core.answers import Quote
from index.core.errors import QuestionError
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
# One picture per control character, so that offsets stay valid.
PICTURES = {code: 0x2400 + code for code in range(32) if code not in b"\t\n\r"}
PICTURES |= {ord("\r"): ord(" "), 0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
GOODBYE = N_("Goodbye.")
IN_BROWSER = N_("In a browser: {url}")
QUIT_HINT = N_("/quit – End the conversation")


class Quoted:
    """A text behind a bar on its left."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the text line by line, each behind the bar."""
        bar = Segment("| " if options.ascii_only else "▌ ", BAR_STYLE)
        # Lines that are not to be wrapped would be cut off at the width.
        width = 2 * len(self.text) + 1 if options.no_wrap else options.max_width - 2
        narrow = options.update_width(max(1, width))
        for line in console.render_lines(self.text, narrow, pad=False):
            yield bar
            yield from line
            yield Segment.line()


def run(
    conversation: Conversation,
    console: Console | None = None,
    source: TextIO | None = None,
    url: str | None = None,
) -> None:
    """Reply to the questions in each line of `source` until it ends or one is /quit.

    With a terminal on both sides this is a dialogue; else questions are printed before their
    replies and lines are never wrapped, so that other programs can read them. Either way each line
    of a document is behind a bar, so that no document can imitate what stands below quotes. `url`
    is where the same conversation is to be had in a browser.
    """
    console = console or Console(highlight=False)
    source = source or sys.stdin
    interactive = source.isatty() and console.is_terminal
    if interactive:
        show(console, render_reply(conversation.welcome()), interactive)
        if url is not None:
            show(console, Text(_(IN_BROWSER).format(url=url)), interactive)
    # Control-C ends the dialogue like the end of the input.
    with suppress(KeyboardInterrupt):
        dialogue = ALONE
        for text in until_quit(read_dialogue() if interactive else lines_of(source)):
            try:
                check_text(text)
            except QuestionError as error:
                show(console, Text(f"{PROMPT}{readable(text)}\n{error}"), interactive)
                continue
            asked = split_questions(Request.read(text))
            for request in asked.requests:
                if interactive and len(asked.requests) > 1:
                    console.print(Text(request.text, style=QUESTION_STYLE))
                reply = respond(conversation, console, request, dialogue, interactive)
                dialogue = dialogue.after(reply)
            if asked.left_out:
                remark = notices.too_many(len(asked.requests), asked.left_out)
                show(console, remark, interactive)
    if interactive:
        console.print(_(GOODBYE))


def until_quit(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that are not blank, up to /quit."""
    for line in lines:
        text = line.strip()
        if text.lower() in QUIT:
            return
        if text:
            yield text


def read_dialogue() -> Iterator[str]:
    """Yield what is typed at the prompt, with history and line editing if available."""
    with suppress(ImportError):
        import_module("readline")
    with suppress(EOFError):
        while True:
            yield input(PROMPT)


def respond(
    conversation: Conversation,
    console: Console,
    request: Request,
    dialogue: Dialogue,
    interactive: bool,
) -> replies.Reply:
    """Print the reply to `request`, below its text unless interactive; return the reply."""
    if interactive:
        with console.status(_("Searching…")):
            reply = conversation.reply(request, dialogue)
    else:
        console.print(Text(f"{PROMPT}{request.text.translate(PICTURES)}"), soft_wrap=True)
        reply = conversation.reply(request, dialogue)
    show(console, render_reply(reply), interactive)
    return reply


def show(console: Console, text: RenderableType, interactive: bool) -> None:
    """Print a text and a blank line."""
    console.print(text, soft_wrap=not interactive)
    console.print()


def render_reply(reply: replies.Reply) -> RenderableType:
    """Return a reply for the console, free of markup."""
    rendered: RenderableType
    match reply:
        case replies.Welcome():
            rendered = Text(answers.welcome(reply))
        case replies.Help():
            rendered = Text(f"{answers.help_text()}\n{_(QUIT_HINT)}")
        case replies.SmallTalk():
            rendered = Text(small_talk.line_with_examples(reply))
        case replies.About():
            rendered = Text(sources.about(reply))
        case replies.Sources():
            rendered = render_sources(reply)
        case replies.Count() | replies.Languages() | replies.Listing() | replies.Speakers():
            rendered = Text(listings.in_words(reply))
        case replies.Openings():
            heading = Text(listings.openings_heading(reply))
            rendered = Group(heading, render_quotes(reply))
        case replies.SourceCard():
            facts = sources.source_facts(reply.document)
            rendered = Text("\n".join([answers.document_name(reply.document), *facts]))
        case replies.AnswerReply():
            rendered = render_answer(reply)
        case replies.CheckReply() | replies.VerificationReply():
            rendered = render_places(checks.places(reply))
        case replies.Refusal():
            rendered = Text(answers.refusal(reply.text))
    return rendered


def render_sources(reply: replies.Sources) -> Text:
    names = [f"• {answers.dated_name(document)}" for document in reply.documents]
    lines = [sources.sources_heading(reply), *names, answers.unlisted(reply.unlisted)]
    return Text("\n".join(line for line in lines if line))


def render_answer(reply: replies.AnswerReply) -> RenderableType:
    """Return the quotes with their sources, those of an answer or the closest one."""
    answer = reply.answer
    parts: list[RenderableType] = []
    if notes := notices.notes(reply):
        parts.append(Text(notes, style=SOURCE_STYLE))
    heading = states.heading(answer.state, answer.closest_about) if reply.shown else ""
    parts += [Text(text) for text in [states.remark(reply), heading] if text]
    return Group(*parts, render_quotes(reply))


def render_quotes(reply: replies.AnswerReply | replies.Openings) -> RenderableType:
    """Return the quotes of a reply, each with the lines below it."""
    parts: list[RenderableType] = []
    for citation in cite(reply.shown):
        certificate = ""
        if reply.is_certified:
            certificate = " · " + _("certificate {certificate}").format(
                certificate=certificate_id(citation.quote)
            )
        parts += render_place(citation, certificate)
    return Group(*parts)


def render_place(citation: Citation, after: str = "") -> list[RenderableType]:
    """Return a quote, the lines below it, and the other sources that say the same."""
    lines = [
        f"{citation.line}{after}",
        *(f"    {answers.dated_name(other.source)}" for other in citation.quote.also),
        *filter(None, [citation.source]),
    ]
    above = [Text(citation.above)] if citation.above else []
    return [
        *above,
        Quoted(render_quote(citation.quote)),
        *(Text(line, style=SOURCE_STYLE) for line in lines),
    ]


def render_places(places: Sequence[checks.Place]) -> RenderableType:
    """Return headings, each with its quote and its changes, if any."""
    parts: list[RenderableType] = []
    for heading, quote, diff in places:
        parts.append(Text(heading))
        if quote is not None:
            parts += render_place(Citation(quote, source_line(quote)))
        if diff:
            parts += [Text(_(answers.MARKED_CHANGES)), Quoted(render_diff(diff))]
    return Group(*parts)


def render_diff(diff: Diff) -> Text:
    """Return the changes between wdiff's marks, because not every terminal has the styles."""
    text = Text()
    for op, part in diff:
        shown = part.translate(PICTURES)
        opening, closing = CHANGE_MARKS[op]
        text.append(f"{opening}{shown}{closing}", style=CHANGE_STYLES[op])
    return text


def render_quote(quote: Quote) -> Text:
    """Return the quote with the short answer in bold.

    Control characters are replaced by pictures, because they would drive the terminal.
    """
    text = Text(quote.text.translate(PICTURES))
    for span in quote.answer:
        text.stylize(ANSWER_STYLE, span.start - quote.span.start, span.end - quote.span.start)
    return text
