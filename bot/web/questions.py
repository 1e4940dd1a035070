"""The page that asks: one box, and the answer, the unsure one or the silence below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation import replies
from bot.conversation.places import quote_path
from bot.texts import answers, notices, small_talk, states, web
from bot.texts.citations import headings, source_line
from bot.web.layout import marked
from bot.web.rendering import page
from bot.web.room import conversation_of, room_of
from index.core.answers import Quote
from index.store.certificates import certificate_id


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote on a page.

    Attributes:
        text: with the short answer in bold.
        line: its document, and where it stands there.
        path: of the page that shows it where it stands.
        also: the name and path of other places that say the same.
        above: how it stands to the quote before, "" if it answers like that.
    """

    text: Markup
    line: str
    path: str
    also: Sequence[tuple[str, str]] = ()
    certificate: str = ""
    above: str = ""


async def ask_page(request: Request) -> Response:
    """Return the page with the box, and with what the documents say to `?q=`."""
    room, question = room_of(request), request.query_params.get("q", "").strip()
    if not question:
        conversation = conversation_of(request)
        welcome = await room.answers.inference.run(lambda _text: conversation.welcome(), "")
        known = web.read_so_far(welcome.status)
        return await ask("", said=known, examples=welcome.examples)
    reply = await room.ask(request, question)
    match reply:
        case replies.AnswerReply():
            answer = reply.answer
            return await ask(
                question,
                form_key=room.form_key,
                state=answer.state,
                remarks=[line for line in (notices.notes(reply), states.remark(reply)) if line],
                heading=states.heading(answer.state, answer.closest_about),
                quotes=list(shown(quotes_of(reply), question, reply)),
            )
        case replies.SmallTalk():
            return await ask(question, said=small_talk.line(reply.kind), examples=reply.examples)
        case replies.Refusal():
            return await ask(question, 400, said=answers.refusal(reply.text))
    raise TypeError(f"no question is answered by {reply!r}")


async def ask(question: str, status: int = 200, **values: Any) -> Response:
    """Return the page with the box and whatever is known of these values."""
    empty = {"state": "", "remarks": (), "heading": "", "quotes": (), "said": "", "examples": ()}
    empty |= {"form_key": ""}
    return await page("ask.html", status, question=question, **empty | values)


def quotes_of(reply: replies.AnswerReply) -> tuple[Quote, ...]:
    """Return the quotes to show: those of the answer, or all that come close to one."""
    if reply.answer.quotes:
        return reply.shown
    return replies.in_groups(reply.answer.closest) if reply.answer.on_subject else ()


def shown_in_library(quotes: Iterable[Quote]) -> Iterator[Shown]:
    """Return quotes that are part of no answer."""
    for quote in quotes:
        text = marked(quote.text, quote.span.start, quote.answer)
        yield Shown(text, source_line(quote), quote_path(quote))


def shown(quotes: Sequence[Quote], question: str, reply: replies.AnswerReply) -> Iterator[Shown]:
    kept = set(map(certificate_id, reply.shown)) if reply.is_certified else set()
    for quote, above in zip(quotes, headings(quotes), strict=True):
        certificate = certificate_id(quote)
        yield Shown(
            marked(quote.text, quote.span.start, quote.answer),
            source_line(quote),
            quote_path(quote, question),
            [(answers.dated_name(other.source), quote_path(other)) for other in quote.also],
            certificate if certificate in kept else "",
            above,
        )
