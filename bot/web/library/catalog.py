"""The page of the library: its documents as a list, by month as a chart, and its health."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import combining, normalize

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.i18n.language import _, current_language, day, decimal, ordinal
from bot.texts import answers, web
from bot.texts.sources import in_collection
from bot.web.library.paging import MAX_WORD_CHARS, Pages
from bot.web.rendering import page
from bot.web.room import conversation_of, room_of
from index.core.documents import Document

MAX_MONTHS = 36
MAX_BARS = 60
_NO_WORD = re.compile(r"^[\W_]+")
NEWEST = "newest"
SORTS: dict[str, tuple[str, Callable[[Entry], Any], bool]] = {
    NEWEST: (web.SORT_NEWEST, lambda one: one.document.metadata.published or date.min, True),
    "oldest": (web.SORT_OLDEST, lambda one: one.document.metadata.published or date.max, False),
    "title": (web.SORT_TITLE, lambda one: one.order, False),
    "passages": (web.SORT_PASSAGES, lambda one: one.document.passages, True),
}
"""By their names in addresses: the label, the key and whether the largest comes first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the library, with what is asked of it for each page.

    Attributes:
        words: its name, publisher, author and file, case folded.
        order: see `title_key`.
        year: "" without a date.
    """

    key: str
    document: Document
    name: str
    words: str
    order: tuple[str, str]
    year: str


def title_key(title: str) -> tuple[str, str]:
    """Return what titles are ordered by: letters without marks, from the first letter or digit."""
    bare = "".join(mark for mark in normalize("NFKD", title) if not combining(mark)).casefold()
    return _NO_WORD.sub("", bare), bare


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list."""

    key: str
    name: str
    published: str
    origin: str  # publisher or author, and the file or address
    passages: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The number of documents of a month or year; `share` of the highest bar is 0..1."""

    label: str
    count: int
    share: float


async def library_page(request: Request) -> Response:
    """Return the documents that match `?q=`, `year=` and `collection=`, in the order of `sort=`."""
    return await page("library.html", **await run_in_threadpool(choose, request))


def choose(request: Request) -> dict[str, Any]:
    """Return what the page shows of the documents."""
    query, conversation = request.query_params, conversation_of(request)
    entries = entries_of(request)
    word = " ".join(query.get("q", "")[:MAX_WORD_CHARS].split())
    year, collection = query.get("year", ""), query.get("collection", "")
    sort = query.get("sort", NEWEST)
    _label, order, is_descending = SORTS.get(sort, SORTS[NEWEST])
    found = [
        one
        for one in entries
        if (not word or word.casefold() in one.words)
        and (not year or one.year == year)
        and (not collection or one.document.collection == collection)
    ]
    found.sort(key=order, reverse=is_descending)
    chosen = {"q": word, "year": year, "collection": collection, "sort": sort}
    pages = Pages("/library", len(found), chosen, query.get("page", ""))
    names = Counter(one.document.collection for one in entries)
    years = sorted({one.year for one in entries} - {""}, reverse=True)
    return {
        "known": web.read_so_far(conversation.library.status(conversation.collections)),
        "shown": [listed(one) for one in found[pages.shown]],
        "found": web.found(len(found), len(entries)),
        "word": word,
        "years": [(one, ordinal(int(one))) for one in years],
        "year": year,
        "collections": [(name, in_collection(name, number)) for name, number in names.items()],
        "collection": collection,
        "sorts": [(name, _(label)) for name, (label, *_rest) in SORTS.items()],
        "sort": sort,
        "bars": bars([one.document for one in found]),
        "undated": web.undated(sum(not one.year for one in found)),
        "pages": pages,
    }


def entries_of(request: Request) -> Sequence[Entry]:
    """Return the documents that a reader sees, by path; those of a revision are read once."""
    room, conversation = room_of(request), conversation_of(request)
    # An untitled document has a name in the language of the reader.
    revision, language = conversation.library.store.revision(), current_language()

    def read() -> Sequence[Entry]:
        return [entry(key, one) for key, one in room.documents(conversation).items()]

    entries: Sequence[Entry] = room.lists.get((revision, conversation.collections, language), read)
    return entries


def entry(key: str, document: Document) -> Entry:
    metadata, name = document.metadata, answers.document_name(document)
    shown = filter(None, (name, metadata.publisher, metadata.author, document.path))
    year = str(metadata.published.year) if metadata.published else ""
    return Entry(key, document, name, "\n".join(shown).casefold(), title_key(name), year)


async def health_page(request: Request) -> Response:
    """Return whether every stored text, vector and offset is what it was when it was stored."""
    room_of(request).count(request)
    store = conversation_of(request).library.store
    number = len(await run_in_threadpool(store.find_faults))
    return await page("health.html", faults=number, said=web.health(number))


def listed(one: Entry) -> Listed:
    metadata = one.document.metadata
    origin = filter(None, (metadata.publisher or metadata.author, one.document.path))
    return Listed(
        one.key,
        one.name,
        day(metadata.published) if metadata.published else "",
        " · ".join(map(answers.one_line, origin)),
        decimal(one.document.passages),
    )


def bars(documents: Sequence[Document]) -> list[Bar]:
    """Return the number of documents by month, or by year if that would be many bars.

    Months without any lie between as well; of many years, the last MAX_BARS are returned.
    """
    days = [one.metadata.published for one in documents if one.metadata.published]
    if not days:
        return []
    months = Counter(12 * one.year + one.month - 1 for one in days)
    if max(months) - min(months) < MAX_MONTHS:
        counts = {f"{at // 12}-{at % 12 + 1:02}": months[at] for at in _range(months)}
    else:
        of_year = Counter(one.year for one in days)
        counts = {str(at): of_year[at] for at in _range(of_year)}
    kept = list(counts.items())[-MAX_BARS:]
    highest = max(1, *(count for _label, count in kept))
    return [Bar(label, count, count / highest) for label, count in kept]


def _range(counts: Counter[int]) -> range:
    return range(min(counts), max(counts) + 1)
