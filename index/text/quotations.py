"""Finds what a draft quotes: the text between quotation marks, and block quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.core.documents import Span

MIN_WORDS = 2
"""A word alone between quotation marks is a name, or irony, rather than a quotation."""

_PAIRS = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    "‘": "’",
    '"': '"',
}
_PARAGRAPH = re.compile(r"\S(?:(?!\n[ \t>]*\n).)*", re.DOTALL)
_QUOTED_LINES = re.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]{0,3}>(?:[ \t]?>)*[ \t]?", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation: its place in the draft without its marks, and the words that are to be found."""

    span: Span
    text: str


def find_quotations(draft: str, block_quotes: Iterable[Span] = ()) -> list[Quotation]:
    """Return the quotations of a draft in their order, none inside another.

    Lines that begin with > are block quotes as well as those given. A quotation that no mark ends
    is one to the end of its paragraph if the next paragraph goes on with it.
    """
    blocks = sorted({*block_quotes, *_quoted_lines(draft)})
    found = [Quotation(span, _LINE_MARK.sub("", span.cut(draft)).strip()) for span in blocks]
    for paragraph in _PARAGRAPH.finditer(draft):
        found += [
            Quotation(span, span.cut(draft))
            for span in _between_marks(draft, paragraph.start(), paragraph.end())
            if not any(span.overlaps(block) for block in blocks)
        ]
    long_enough = (one for one in found if len(_WORD.findall(one.text)) >= MIN_WORDS)
    return sorted(long_enough, key=lambda one: one.span)


def _quoted_lines(draft: str) -> Iterator[Span]:
    for lines in _QUOTED_LINES.finditer(draft):
        # A blank quoted line begins another paragraph of it.
        start = lines.start()
        for part in re.split(r"(?m)(^[ \t>]*\n)", lines[0]):
            if _WORD.search(part):
                yield Span(start, start + len(part.rstrip()))
            start += len(part)


def _between_marks(draft: str, start: int, end: int) -> Iterator[Span]:
    at = start
    while at < end:
        closing = _PAIRS.get(draft[at])
        if closing is None or not _opens(draft, at):
            at += 1
            continue
        close = _close(draft, at, end, closing)
        if close is not None:
            yield Span(at + 1, close)
            at = close + 1
        elif _goes_on(draft, end, draft[at]):
            yield Span(at + 1, end)
            return
        else:
            at += 1


def _opens(draft: str, at: int) -> bool:
    """Whether a mark stands where a quotation begins: not inside or behind a word."""
    before, behind = draft[at - 1 : at], draft[at + 1 : at + 2]
    return not before.isalnum() and bool(behind) and not behind.isspace()


def _close(draft: str, at: int, end: int, closing: str) -> int | None:
    """The place of the mark that ends the quotation which begins at `at`."""
    opening, depth = draft[at], 0
    for place in range(at + 1, end):
        mark = draft[place]
        if mark in closing and not _is_apostrophe(draft, place):
            if not depth:
                return place
            depth -= 1
        elif mark == opening:
            depth += 1
    return None


def _is_apostrophe(draft: str, at: int) -> bool:
    return draft[at] == "’" and draft[at + 1 : at + 2].isalnum()


def _goes_on(draft: str, end: int, mark: str) -> bool:
    """Whether the next paragraph begins with the same mark."""
    return mark != '"' and draft[end:].lstrip().startswith(mark)
