"""Replies to questions about the documents: those on a subject, the newest, what one is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.conversation.collection import Kind, Request
from bot.conversation.followups.dialogue import Dialogue
from bot.conversation.replies import Count, Languages, Listing, Openings
from bot.i18n.language import LANGUAGES, day, speaking
from index.core.answers import MAX_QUOTES, Quote
from index.core.documents import Document
from index.core.errors import DocumentError
from index.core.scope import Scope
from index.text.language import base

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library

MAX_TITLES = 10
_MARKS = re.compile(r"[\W_]+")


def reply(
    library: Library, request: Request, scope: Scope, dialogue: Dialogue
) -> Count | Languages | Listing | Openings:
    """Return the reply to a question about the documents within `scope`."""
    if request.kind is Kind.COUNT:
        return Count(library.status(scope.collections))
    documents = [at for at in library.documents(scope.collections) if _lies_within(at, scope)]
    if request.kind is Kind.LANGUAGES:
        tags = (at.metadata.language for at in documents)
        counts = Counter(base(tag) for tag in tags if tag is not None)
        return Languages(tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))))
    subject, are_naming = request.subject, True
    if request.kind is Kind.SUMMARY:
        chosen = (
            [document for document in documents if matches(document, subject)]
            if subject
            else _meant(documents, dialogue)
        )
        if quotes := tuple(_openings(library, newest_first(chosen))):
            return Openings(quotes, library.certify(quotes))
    if subject:
        found = library.on_subject(subject, scope)
        subject, documents, are_naming = found.subject, list(found.documents), found.are_naming
        if request.kind is Kind.SUMMARY and are_naming:
            quotes = tuple(_openings(library, documents))
            return Openings(quotes, library.certify(quotes))
    if request.kind is Kind.LATEST or not subject:
        documents = newest_first(documents)
    shown = tuple(documents[:MAX_TITLES])
    status = library.status(scope.collections)
    return Listing(request.kind, subject, shown, len(documents) - len(shown), status, are_naming)


def newest_first(documents: Iterable[Document]) -> list[Document]:
    """Return documents by date, those without one last."""
    return sorted(documents, key=lambda at: at.metadata.published or date.min, reverse=True)


def matches(document: Document, words: str) -> bool:
    """Whether what lists show of a document has some words: its title, publisher, date or file.

    They may be copied from a list, as in "The dam breaks on… · 2 May 2022".
    """
    shown = [_plain(text) for text in _shown(document)]
    return all(any(part in text for text in shown) for part in map(_plain, words.split(" · ")))


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip("…").casefold()


def _shown(document: Document) -> Iterator[str]:
    metadata = document.metadata
    yield from (metadata.title or document.opening, metadata.publisher or "", document.path)
    yield _MARKS.sub(" ", document.path)
    if metadata.published:
        yield from _days(metadata.published)


@lru_cache(maxsize=20_000)
def _days(published: date) -> tuple[str, ...]:
    """Return a date as the languages of the interface write it, and as limits do."""
    days = {published.isoformat()}
    for language in LANGUAGES:
        with speaking(language):
            days.add(day(published))
    return tuple(days)


def _meant(documents: Sequence[Document], dialogue: Dialogue) -> Sequence[Document]:
    """Return the document that "this article" means: the best one shown, else the only one."""
    by_id = {document.id: document for document in documents}
    shown = [by_id[at] for at in dialogue.documents or dialogue.shown if at in by_id]
    return shown[:1] or (documents if len(documents) == 1 else [])


def _openings(library: Library, documents: Sequence[Document]) -> Iterator[Quote]:
    for document in documents[:MAX_QUOTES]:
        # It may be gone by now, or hold no sentence.
        with suppress(DocumentError):
            yield library.opening(document.id)


def _lies_within(document: Document, scope: Scope) -> bool:
    published = document.metadata.published
    if scope.since is not None and (published is None or published < scope.since):
        return False
    if scope.until is not None and (published is None or published > scope.until):
        return False
    return scope.source is None or matches(document, scope.source)
