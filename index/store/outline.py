"""Reads a whole document: its text, and where its paragraphs and pages lie in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from index.core.documents import Span
from index.store.database import fetch
from index.store.schema import pages, sentences


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A document's text and its parts. It is too large to be compared: each is another.

    Attributes:
        paragraphs: the number of each that may be quoted, from 1, and its span; ascending.
        pages: the number and the offset of each page, ascending; empty without pages.
    """

    text: str
    paragraphs: tuple[tuple[int, Span], ...]
    pages: tuple[tuple[int, int], ...]


def read_outline(engine: Engine, document_id: int, text: str) -> Outline:
    of_paragraph = (
        select(
            sentences.c.paragraph,
            func.min(sentences.c.start).label("start"),
            func.max(sentences.c.end).label("end"),
        )
        .where(sentences.c.document_id == document_id)
        .group_by(sentences.c.paragraph)
        .order_by("start")
    )
    of_page = select(pages.c.number, pages.c.start).where(pages.c.document_id == document_id)
    return Outline(
        text,
        tuple((row.paragraph, Span(row.start, row.end)) for row in fetch(engine, of_paragraph)),
        tuple((row.number, row.start) for row in fetch(engine, of_page.order_by(pages.c.number))),
    )
