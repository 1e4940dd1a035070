"""Drafts whose quotations are checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.answering.draft_check import MAX_QUOTATIONS
from index.core.documents import Metadata, Span
from index.text.quotations import Quotation, find_quotations

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with what it quotes.

    Attributes:
        block_quotes: passages of it that are set as quotations.
        left_out: the number of quotations beyond the limit.
    """

    text: str
    block_quotes: tuple[Span, ...]
    quotations: Sequence[Quotation]
    left_out: int = 0


def make_draft(text: str, block_quotes: Sequence[Span] = ()) -> Draft:
    """Return a draft; block quotes that lie outside of the text are ignored."""
    inside = tuple(span for span in block_quotes if span.end <= len(text))
    found = find_quotations(text, inside)
    return Draft(text, inside, found[:MAX_QUOTATIONS], max(0, len(found) - MAX_QUOTATIONS))


def read_draft(library: Library, name: str, data: bytes) -> Draft:
    """Return the draft in a file of any format that can be indexed.

    Raises:
        DocumentError: it cannot be read.
    """
    parsed = library.prepare(name, data, Metadata()).parsed
    return make_draft(parsed.text, parsed.block_quotes)
