"""The report on the index: what went wrong, document by document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from index.answering.json import report_to_json, unread_to_json
from index.core.documents import HAVE_ORIGINS
from index.library import Library

_LABELS = {"published": "date"}


def report_lines(library: Library, *, as_json: bool) -> Iterator[str]:
    """Yield the report: files that could not be read, then documents, the doubtful first."""
    unread = [unread_to_json(*file) for file in library.store.unread.files()]
    documents = [report_to_json(document) for document in library.documents()]
    documents.sort(key=lambda one: (not one["warnings"], one["quotable"] or 0.0))
    if as_json:
        yield from map(json.dumps, [*unread, *documents])
        return
    for one in unread:
        yield f"not read  {one['document']}: {one['error']}"
    for one in documents:
        yield from _lines(one)
    warned = sum(bool(one["warnings"]) for one in documents)
    yield (
        f"{len(documents):,} document{'s' * (len(documents) != 1)}, {warned:,} with warnings; "
        f"{len(unread):,} file{'s' * (len(unread) != 1)} could not be read"
    )


def _lines(document: dict[str, Any]) -> Iterator[str]:
    share = "?" if document["quotable"] is None else f"{document['quotable']:.0%}"
    facts = [_fact(name, document[name], document[f"{name}_from"]) for name in HAVE_ORIGINS]
    shown = " · ".join([document["document"], *facts, f"id {document['id']}"])
    yield f"{share:>5}  {shown}"
    for warning in document["warnings"]:
        yield f"       warning: {warning}"


def _fact(name: str, known: str | None, origin: str | None) -> str:
    label = _LABELS.get(name, name)
    if known is None:
        return f"no {label}"
    return f"{label}: {known} ({origin})" if origin else f"{label}: {known}"
