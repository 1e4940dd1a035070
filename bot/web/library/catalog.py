"""The page of the library: its documents as a list, by month as a chart, and its health."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import combining, normalize

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.i18n.language import _, day, decimal, ordinal
from bot.texts import answers, web
from bot.texts.sources import in_collection
from bot.web.library.paging import MAX_WORD_CHARS, Pages
from bot.web.rendering import page
from bot.web.room import conversation_of, room_of
from index.core.documents import Document

MAX_MONTHS = 36
MAX_BARS = 60
_NO_WORD = re.compile(r"^[\W_]+")
NEWEST, TITLE, PASSAGES = "newest", "title", "passages"
SORTS: dict[str, tuple[str, Callable[[Document], Any], bool]] = {
    NEWEST: (web.SORT_NEWEST, lambda one: one.metadata.published or date.min, True),
    "oldest": (web.SORT_OLDEST, lambda one: one.metadata.published or date.max, False),
    TITLE: (web.SORT_TITLE, lambda one: title_key(answers.document_name(one)), False),
    PASSAGES: (web.SORT_PASSAGES, lambda one: one.passages, True),
}
"""By their names in addresses: the label, the key and whether the largest comes first."""


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
    query, conversation = request.query_params, conversation_of(request)
    documents = await run_in_threadpool(room_of(request).documents, conversation)
    word = " ".join(query.get("q", "")[:MAX_WORD_CHARS].split())
    year, collection = query.get("year", ""), query.get("collection", "")
    sort = query.get("sort", NEWEST)
    _label, order, is_descending = SORTS.get(sort, SORTS[NEWEST])
    found = [
        (key, one)
        for key, one in documents.items()
        if (not word or _has(one, word))
        and (not year or _year(one) == year)
        and (not collection or one.collection == collection)
    ]
    found.sort(key=lambda item: order(item[1]), reverse=is_descending)
    chosen = {"q": word, "year": year, "collection": collection, "sort": sort}
    pages = Pages("/library", len(found), chosen, query.get("page", ""))
    names = Counter(one.collection for one in documents.values())
    return await page(
        "library.html",
        known=web.read_so_far(
            await run_in_threadpool(conversation.library.status, conversation.collections)
        ),
        shown=[listed(*item) for item in found[pages.shown]],
        found=web.found(len(found), len(documents)),
        word=word,
        years=[(one, ordinal(int(one))) for one in years(documents.values())],
        year=year,
        collections=[(name, in_collection(name, number)) for name, number in names.items()],
        collection=collection,
        sorts=[(name, _(label)) for name, (label, *_rest) in SORTS.items()],
        sort=sort,
        bars=bars([one for _key, one in found]),
        undated=web.undated(sum(_year(one) == "" for _key, one in found)),
        pages=pages,
    )


async def health_page(request: Request) -> Response:
    """Return whether every stored text, vector and offset is what it was when it was stored."""
    room_of(request).count(request)
    store = conversation_of(request).library.store
    number = len(await run_in_threadpool(store.find_faults))
    return await page("health.html", faults=number, said=web.health(number))


def listed(key: str, document: Document) -> Listed:
    metadata = document.metadata
    origin = filter(None, (metadata.publisher or metadata.author, document.path))
    return Listed(
        key,
        answers.document_name(document),
        day(metadata.published) if metadata.published else "",
        " · ".join(map(answers.one_line, origin)),
        decimal(document.passages),
    )


def years(documents: Iterable[Document]) -> list[str]:
    """Return the years of the documents, the last first."""
    return sorted({_year(one) for one in documents} - {""}, reverse=True)


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


def _has(document: Document, word: str) -> bool:
    """Whether the name, the publisher, the author or the file of a document has a word."""
    metadata = document.metadata
    shown = answers.document_name(document), metadata.publisher, metadata.author, document.path
    return any(word.casefold() in text.casefold() for text in filter(None, shown))


def _year(document: Document) -> str:
    return str(document.metadata.published.year) if document.metadata.published else ""
