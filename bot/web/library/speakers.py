"""The page of the speakers: who is quoted in the documents, how often, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.filters import write_limits
from bot.i18n.language import decimal
from bot.texts import web
from bot.web.library.paging import MAX_WORD_CHARS, Pages
from bot.web.questions import Shown, shown_in_library
from bot.web.rendering import page
from bot.web.room import conversation_of, room_of
from index.attribution.speakers import split_role
from index.core.answers import Quote
from index.core.documents import Document, Span
from index.core.scope import Scope
from index.store.store import Store

WORDS_ON_PAGE = 20
"""Each is read from the store and laid out."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who is quoted; `share` of the one quoted most is 0..1."""

    name: str
    role: str
    count: str
    share: float
    path: str


async def speakers_page(request: Request) -> Response:
    """Return those whose name or role has `?q=`; with `said=NAME`, the words of one of them."""
    query, conversation = request.query_params, conversation_of(request)
    said = " ".join(query.get("said", "")[:MAX_WORD_CHARS].split()).replace('"', "")
    if said:
        return await words_page(request, said)
    word = " ".join(query.get("q", "")[:MAX_WORD_CHARS].split())
    attributions = conversation.library.attributions
    everybody = await run_in_threadpool(attributions.speakers, conversation.collections)
    found = [item for item in everybody if word.casefold() in item[0].casefold()]
    pages = Pages("/speakers", len(found), {"q": word}, query.get("page", ""))
    most = max((count for _speaker, count in everybody), default=1)
    return await page(
        "speakers.html",
        word=word,
        said="",
        found=web.found_speakers(len(found), len(everybody)),
        speakers=[speaker_of(*item, most) for item in found[pages.shown]],
        quotes=(),
        pages=pages,
    )


async def words_page(request: Request, who: str) -> Response:
    """Return the sentences that report somebody's words, the latest first."""
    room, conversation = room_of(request), conversation_of(request)
    library, names = conversation.library, conversation.collections
    documents = {one.id: one for one in room.documents(conversation).values()}
    places = await run_in_threadpool(library.store.attributions.said_by, names, who)
    places = [place for place in places if place[0] in documents]
    page_number = request.query_params.get("page", "")
    pages = Pages("/speakers", len(places), {"said": who}, page_number, WORDS_ON_PAGE)

    def read() -> list[Shown]:
        return list(shown_in_library(quotes_at(library.store, documents, places[pages.shown])))

    return await page(
        "speakers.html",
        word="",
        said=who,
        found=web.count_words(len(places)),
        speakers=(),
        quotes=await run_in_threadpool(read),
        limit=write_limits("", replace(Scope(), said=who)),
        pages=pages,
    )


def speaker_of(speaker: str, count: int, most: int) -> Speaker:
    name, role = split_role(speaker)
    path = f"/speakers?{urlencode({'said': name})}"
    return Speaker(name, role, decimal(count), count / most, path)


def quotes_at(
    store: Store, documents: dict[int, Document], places: Iterable[tuple[int, Span]]
) -> Iterator[Quote]:
    """Return what stands at places of documents, if they are still the same."""
    for document_id, span in places:
        for passage in store.passages.read(store.passages.overlapping(document_id, span)[:1]):
            if passage.span.covers(span):
                yield Quote.from_passage(passage, span)
                break
            # It goes on in the next passage, so that only the text of the document has all of it.
            text = store.passages.cut(document_id, span)
            yield Quote(documents[document_id], span, text, passage.paragraph_at(span.start), 0.0)
