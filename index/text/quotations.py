"""Finds what a draft quotes: the text between quotation marks, and block quotes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

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
_NEXT = re.compile(r"\S")
_MARK = re.compile(f"[{''.join(_PAIRS)}{''.join(_PAIRS.values())}]")


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
    starts = [block.start for block in blocks]
    ends = list(accumulate((block.end for block in blocks), max))

    def is_in_block(span: Span) -> bool:
        before = bisect_left(starts, span.end)
        return before > 0 and ends[before - 1] > span.start

    found = [Quotation(span, _LINE_MARK.sub("", span.cut(draft)).strip()) for span in blocks]
    for paragraph in _PARAGRAPH.finditer(draft):
        found += [
            Quotation(span, span.cut(draft))
            for span in _between_marks(draft, paragraph.start(), paragraph.end())
            if not is_in_block(span)
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
    closes = _closes(draft, start, end)
    following = _NEXT.search(draft, end)
    at = start
    while at < end:
        if draft[at] not in _PAIRS or not _opens(draft, at):
            at += 1
        elif at in closes:
            yield Span(at + 1, closes[at])
            at = closes[at] + 1
        elif draft[at] != '"' and following and following[0] == draft[at]:  # the next goes on
            yield Span(at + 1, end)
            return
        else:
            at += 1


def _closes(draft: str, start: int, end: int) -> dict[int, int]:
    """The place of the mark that ends each quotation, by that of the mark which begins it."""
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {opening: [] for opening in _PAIRS}
    for place in (mark.start() for mark in _MARK.finditer(draft, start, end)):
        for opening, closing in _PAIRS.items():
            ends = draft[place] in closing and not _is_apostrophe(draft, place)
            if ends and opened[opening]:
                found[opened[opening].pop()] = place
            if draft[place] == opening and (not ends or opening == closing):
                opened[opening].append(place)
    return found


def _opens(draft: str, at: int) -> bool:
    """Whether a mark stands where a quotation begins: not inside or behind a word."""
    before, behind = draft[at - 1 : at], draft[at + 1 : at + 2]
    return not before.isalnum() and bool(behind) and not behind.isspace()


def _is_apostrophe(draft: str, at: int) -> bool:
    return draft[at] == "’" and draft[at + 1 : at + 2].isalnum()
