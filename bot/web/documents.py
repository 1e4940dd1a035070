"""The page of a document, with a quote marked where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.places import SIGNATURE, original_url, quote_path, read_spans, write_span
from bot.conversation.replies import AnswerReply
from bot.errors import BusyError
from bot.texts import web
from bot.texts.answers import document_name
from bot.texts.citations import source_line
from bot.texts.sources import source_facts
from bot.web import picture
from bot.web.layout import page_of
from bot.web.questions import quotes_of
from bot.web.rendering import page
from bot.web.room import TooManyError, conversation_of, room_of
from index.core.answers import Quote
from index.core.documents import Document, Span
from index.sources.names import is_url
from index.store.context import Outline
from index.store.store import Store


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The paths of the quotes before and after one in an answer, "" for none."""

    previous: str = ""
    next: str = ""


async def document_page(request: Request) -> Response:
    """Return a document; `?q=START-END` is marked, `&a=` in it bold, `&for=` names the question."""
    document, query = find_document(request), request.query_params
    store = conversation_of(request).library.store
    room, conversation = room_of(request), conversation_of(request)
    outline = await run_in_threadpool(room.outline, conversation, document)
    span, bold = place_of(query.get("q", ""), outline), read_spans(query.get("a", "")) or ()
    question = "" if SIGNATURE in query else query.get("for", "").strip()
    quote = await run_in_threadpool(quote_at, store, document, outline, span, bold)
    around = Neighbours()
    if quote is not None and question:
        around = await neighbours(request, question, quote)
    is_lost = span is None and "q" in query
    return await page(
        "document.html",
        404 if is_lost else 200,
        name=document_name(document),
        facts=source_facts(document),
        path="" if is_url(document.path) else document.path,
        tongue=document.metadata.language or "",
        original=original_url(quote or whole(document)),
        is_lost=is_lost,
        quote=quote,
        citation=source_line(quote) if quote else "",
        link=link_to(request, quote) if quote else "",
        around=around,
        question=question,
        picture=picture_path(request, document, quote),
        body=await run_in_threadpool(page_of, outline, span, bold),
    )


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
    """Return the quotes before and after one in the answer to a question, if it can be had now."""
    try:
        reply = await room_of(request).ask(request, question)
    except (BusyError, TooManyError):
        return Neighbours()
    if not isinstance(reply, AnswerReply):
        return Neighbours()
    quotes = quotes_of(reply)
    places = [(other.document.id, other.span) for other in quotes]
    here = (quote.document.id, quote.span)
    if here not in places:
        return Neighbours()
    at = places.index(here)
    before = quote_path(quotes[at - 1], question) if at else ""
    behind = quote_path(quotes[at + 1], question) if at + 1 < len(quotes) else ""
    return Neighbours(before, behind)


def link_to(request: Request, quote: Quote) -> str:
    """Return the address of a quote to give away, which opens nothing by itself."""
    root = room_of(request).url or str(request.base_url).rstrip("/")
    return f"{root}{quote_path(replace(quote, answer=()))}"


def picture_path(request: Request, document: Document, quote: Quote | None) -> str:
    """Return the path of the page's picture, "" if there is none to show."""
    if quote is None or quote.page is None:
        return ""
    library = conversation_of(request).library
    if picture.find_file(library.store.folders(), document) is None:
        return ""
    query = request.url.include_query_params(q=write_span(quote.span)).query
    return f"/d/{request.path_params['key']}/page/{quote.page}.png?{query}"


async def page_picture(request: Request) -> Response:
    """Return a page of a PDF as a picture, with a box around `?q=START-END`."""
    document, number = find_document(request), request.path_params["number"]
    store = conversation_of(request).library.store
    file = await run_in_threadpool(picture.find_file, store.folders(), document)
    if file is None:
        raise HTTPException(404)
    room, conversation = room_of(request), conversation_of(request)
    outline = await run_in_threadpool(room.outline, conversation, document)
    span = place_of(request.query_params.get("q", ""), outline)
    text = span.cut(outline.text) if span else ""
    drawn = await picture.draw(file, number, text)
    return Response(drawn, media_type="image/png")
