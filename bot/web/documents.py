"""The page of a document, with a quote marked where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.originals import original_url
from bot.conversation.places import (
    key_of,
    quote_path,
    read_spans,
    wording_of,
    write_span,
)
from bot.conversation.replies import AnswerReply
from bot.errors import BusyError
from bot.texts import web
from bot.texts.answers import document_name
from bot.texts.citations import source_line
from bot.texts.sources import source_facts
from bot.web.layout import page_of
from bot.web.packing import SEAM, Part, respond
from bot.web.pictures.files import draw, find_file
from bot.web.questions import quotes_of
from bot.web.rendering import render
from bot.web.room import TooManyError, conversation_of, room_of, visit_of
from index.core.answers import Quote
from index.core.documents import Document, Span
from index.core.errors import CertificateError
from index.core.scope import Scope
from index.sources.names import is_url
from index.store.certificates import certificate_id, parse_id
from index.store.context import Outline
from index.store.store import Store


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The paths of the quotes before and after one in an answer, "" for none, and its place."""

    previous: str = ""
    next: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What a request for a document is about."""

    document: Document
    quote: Quote | None
    body: Part
    picture: str


async def document_page(request: Request) -> Response:
    """Return a document; `?q=START-END` is marked, `&a=` in it bold, `&for=` names the question.

    If `&v=` says that it had other words there, nothing is marked.
    """
    query, is_guest = request.query_params, visit_of(request) is not None
    place = await run_in_threadpool(find_place, request)
    document, quote = place.document, place.quote
    question = "" if is_guest else query.get("for", "").strip()
    around = await neighbours(request, question, quote) if quote else Neighbours()
    is_lost = quote is None and "q" in query
    status = 404 if is_lost else 200
    shown = await run_in_threadpool(
        render,
        "document.html",
        is_guest=is_guest,
        name=document_name(document),
        facts=source_facts(document),
        path="" if is_url(document.path) else document.path,
        tongue=document.metadata.language or "",
        original=original_url(quote or whole(document)),
        is_lost=is_lost,
        quote=quote,
        citation=source_line(quote) if quote else "",
        link=link_to(request, quote) if quote else "",
        certificate=await run_in_threadpool(certificate_of, request, quote) if quote else "",
        form_key="" if is_guest else room_of(request).form_key,
        around=around,
        question=question,
        picture=place.picture,
        body=SEAM if place.body.raw else "",
    )
    return respond(request, status, shown, place.body)


def find_place(request: Request) -> Place:
    """Return what a request is about.

    Raises:
        HTTPException: there is no such document that the reader may see.
    """
    room, conversation, query = room_of(request), conversation_of(request), request.query_params
    document = find_document(request)
    outline = room.outline(conversation, document)
    span, bold = place_of(query.get("q", ""), outline), read_spans(query.get("a", "")) or ()
    if span is not None and query.get("v", (here := wording_of(span.cut(outline.text)))) != here:
        span = None
    store, place = conversation.library.store, (document.id, span, bold)
    read = partial(quote_at, store, document, outline, span, bold)
    quote = room.quotes.get((store.revision(), *place), read)
    body = room.parts.get(place, lambda: Part.of(page_of(outline, span, bold)))
    return Place(document, quote, body, picture_path(request, document, quote))


def find_document(request: Request) -> Document:
    """Return the document of the address, by its key or its number in the index.

    Raises:
        HTTPException: there is none that the reader may see.
    """
    key = request.path_params["key"]
    documents = room_of(request).documents(conversation_of(request))
    found = documents.get(key)
    if found is None and key.isdecimal():
        found = next((one for one in documents.values() if str(one.id) == key), None)
    if found is None:
        raise HTTPException(404, web.NO_DOCUMENT)
    return found


def place_of(text: str, outline: Outline) -> Span | None:
    """Return the span of a quote, None if the document has no such place."""
    spans = read_spans(text)
    if spans is None or len(spans) != 1 or spans[0].end > len(outline.text):
        return None
    return spans[0]


def quote_at(
    store: Store, document: Document, outline: Outline, span: Span | None, bold: Sequence[Span]
) -> Quote | None:
    """Return what stands at a place as a quote, even if it is not of whole sentences."""
    if span is None:
        return None
    inside = tuple(part for part in bold if span.covers(part))
    text = span.cut(outline.text)
    passages = store.passages.read(store.passages.overlapping(document.id, span)[:1])
    for passage in passages:
        start = max(span.start, passage.span.start)
        found = Quote.from_passage(
            passage, Span(start, max(start, min(span.end, passage.span.end)))
        )
        return replace(found, span=span, text=text, answer=inside)
    return Quote(document, span, text, paragraph=0, score=0.0, answer=inside)


def whole(document: Document) -> Quote:
    """Return a document as a quote without words, for its address."""
    return Quote(document, Span(0, 0), "", paragraph=0, score=0.0)


async def neighbours(request: Request, question: str, quote: Quote) -> Neighbours:
    """Return the quotes before and after one in its answer, if that is known or can be had now.

    Who comes by a link from a chat is led through the answer that was sent there.
    """
    room, visit = room_of(request), visit_of(request)
    quotes: Sequence[Quote] = ()
    if visit is not None and room.chats is not None:
        quotes = await run_in_threadpool(room.chats.quotes_of, visit.answer, visit.chat)
    elif question:
        with suppress(BusyError, TooManyError):
            reply = await room.ask(request, question)
            quotes = quotes_of(reply) if isinstance(reply, AnswerReply) else ()

    def path_of(other: Quote) -> str:
        key = key_of(other.document)
        if visit is None or room.chats is None:
            return quote_path(other, question)
        signed = room.chats.signer.sign(visit.chat, key, visit.answer, visit.until)
        return quote_path(other, signed=signed)

    places = [(key_of(other.document), other.span) for other in quotes]
    here = (key_of(quote.document), quote.span)
    if here not in places:
        return Neighbours()
    at = places.index(here)
    return Neighbours(
        path_of(quotes[at - 1]) if at else "",
        path_of(quotes[at + 1]) if at + 1 < len(quotes) else "",
        web.place_among(at + 1, len(quotes)) if len(quotes) > 1 else "",
    )


def certificate_of(request: Request, quote: Quote) -> str:
    """Return the certificate of a quote that was shown, "" for any other place."""
    conversation, certificate = conversation_of(request), certificate_id(quote)
    try:
        conversation.library.store.certificates.read(
            parse_id(certificate), Scope(conversation.collections)
        )
    except CertificateError:
        return ""
    return certificate


def link_to(request: Request, quote: Quote) -> str:
    """Return the address of a quote to give away, which opens nothing by itself."""
    root = room_of(request).url or str(request.base_url).rstrip("/")
    return f"{root}{quote_path(replace(quote, answer=()))}"


def picture_path(request: Request, document: Document, quote: Quote | None) -> str:
    """Return the path of the page's picture, "" if there is none to show."""
    if quote is None or quote.page is None or file_of(request, document) is None:
        return ""
    query = request.url.include_query_params(q=write_span(quote.span)).query
    return f"/d/{request.path_params['key']}/page/{quote.page}.png?{query}"


async def page_picture(request: Request) -> Response:
    """Return a page of a PDF as a picture, with a box around `?q=START-END`."""
    document, number = find_document(request), request.path_params["number"]
    file = await run_in_threadpool(file_of, request, document)
    if file is None:
        raise HTTPException(404)
    room, conversation = room_of(request), conversation_of(request)
    outline = await run_in_threadpool(room.outline, conversation, document)
    span = place_of(request.query_params.get("q", ""), outline)
    text = span.cut(outline.text) if span else ""
    return Response(await draw(file, number, text), media_type="image/png")


def file_of(request: Request, document: Document) -> Path | None:
    """Return the PDF that a document was made of, None if it is not at hand as it was."""
    chats = room_of(request).chats
    sent = chats.upload_of(document) if chats else None
    return find_file(conversation_of(request).library.store.folders(), document, sent)
