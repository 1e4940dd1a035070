"""A scope as conditions of SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, or_, select

from index.core.scope import Scope
from index.store.schema import collections, documents, entries, passages


def within(query: Select[Any], scope: Scope) -> Select[Any]:
    """Return a query of passages, documents and collections with only what `scope` holds."""
    query = query.where(collections.c.name.in_(scope.collections))
    if scope.since is not None:
        query = query.where(passages.c.published >= scope.since)
    if scope.until is not None:
        query = query.where(passages.c.published <= scope.until)
    if scope.documents is not None:
        query = query.where(documents.c.id.in_(scope.documents))
    if scope.source is not None:
        query = query.where(_is_from(scope.source))
    return query


def in_entry() -> tuple[ColumnElement[bool], ...]:
    """What holds for the entry in which a passage begins."""
    earlier = entries.alias()
    start = (
        select(func.max(earlier.c.start))
        .where(earlier.c.document_id == passages.c.document_id, earlier.c.start <= passages.c.start)
        .correlate(passages)
        .scalar_subquery()
    )
    return entries.c.document_id == passages.c.document_id, entries.c.start == start


def _is_from(source: str) -> ColumnElement[bool]:
    """Whether a passage's document, or its entry in it, is named or published like this."""
    named = (documents.c.title, documents.c.path, documents.c.publisher, documents.c.url)
    of_entry = _contains((entries.c.title, entries.c.url), source)
    entry = select(entries.c.start).where(*in_entry(), of_entry).correlate(passages)
    return or_(_contains(named, source), entry.exists())


def _contains(columns: Sequence[Column[Any]], part: str) -> ColumnElement[bool]:
    return or_(*(column.icontains(part, autoescape=True) for column in columns))
