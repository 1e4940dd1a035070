"""Lays out texts as HTML in which a quote is still the slice of its document.

Markup adds elements, never characters: without its tags, what is laid out is the text.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from bot.errors import VerbatimError
from index.core.documents import Span
from index.store.context import Outline
from index.text.diff import Diff, Op

_TAG = re.compile(r"<[^>]*>")
_CHANGES = {
    Op.SAME: Markup("{}"),
    Op.REMOVED: Markup("<del>{}</del>"),
    Op.ADDED: Markup("<ins>{}</ins>"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its number, or what stands between paragraphs, with None."""

    span: Span
    number: int | None


def marked(text: str, start: int, bold: Iterable[Span] = ()) -> Markup:
    """Return a text that begins at `start` of its document, with the spans in bold.

    Raises:
        VerbatimError: it would show other characters: a bug.
    """
    return _checked(_styled(text, start, bold), text)


def changes(diff: Diff) -> Markup:
    """Return the parts of two wordings, those of one alone struck through or underlined."""
    return Markup().join(_CHANGES[op].format(_escaped(text)) for op, text in diff)


def page_of(outline: Outline, quote: Span | None, bold: Sequence[Span] = ()) -> Markup:
    """Return a whole document in paragraphs, with the quote in `<mark id="quote">`.

    Raises:
        VerbatimError: the mark would not be the quote: a bug.
    """
    blocks, parts = _plain(outline)
    if quote is None:
        return _lines(parts)
    # The quote and the blocks that share a character with it are laid out as one.
    first = bisect_right(blocks, quote.start, key=lambda block: block.span.end)
    last = max(first, bisect_left(blocks, quote.end, key=lambda block: block.span.start))
    shared = blocks[first:last]
    spans = [quote, *(block.span for block in shared)]
    whole = Block(
        Span(min(span.start for span in spans), max(span.end for span in spans)),
        next((block.number for block in shared if block.number), None),
    )
    before = blocks[first - 1].span.start + 1 if first else 0
    marked_part = _after_pages(outline, before, whole, quote, bold)
    return _lines([*parts[:first], marked_part, *parts[last:]])


@lru_cache(maxsize=8)
def _plain(outline: Outline) -> tuple[list[Block], list[Markup]]:
    """The blocks of a document without a quote, and each of them as HTML."""
    blocks = list(_all_blocks(outline))
    starts = [0, *(block.span.start + 1 for block in blocks)]
    parts = [
        _after_pages(outline, before, block, None, ())
        for before, block in zip(starts, blocks, strict=False)
    ]
    return blocks, parts


def _after_pages(
    outline: Outline, before: int, block: Block, quote: Span | None, bold: Sequence[Span]
) -> Markup:
    """A block behind the pages that begin between `before` and its first character."""
    pages = [_page("div", number) for number, _at in _pages(outline, before, block.span.start + 1)]
    return _lines([*pages, _paragraph(outline, block, quote, bold)])


def _lines(parts: Sequence[Markup]) -> Markup:
    return Markup("\n".join(parts))  # noqa: S704  # each is laid out


def _all_blocks(outline: Outline) -> Iterator[Block]:
    """Every character of the text but white space between paragraphs."""
    end = 0
    for number, span in outline.paragraphs:
        yield from _between(outline.text, end, span.start)
        yield Block(span, number)
        end = span.end
    yield from _between(outline.text, end, len(outline.text))


def _between(text: str, start: int, end: int) -> Iterator[Block]:
    between = text[start:end]
    if bare := between.strip():
        start += len(between) - len(between.lstrip())
        yield Block(Span(start, start + len(bare)), None)


def _paragraph(outline: Outline, block: Block, quote: Span | None, bold: Sequence[Span]) -> Markup:
    if block.number is None:
        opening = Markup('<p class="aside" dir="auto">')
    else:
        opening = Markup('<p id="p{0}" data-number="{0}" dir="auto">').format(block.number)
    first, last = block.span.start, block.span.end
    if quote is None or not block.span.overlaps(quote):
        return opening + _with_pages(outline, block.span, first) + Markup("</p>")
    inside = _with_pages(outline, quote, first, [span for span in bold if quote.covers(span)])
    return Markup("").join(
        (
            opening,
            _with_pages(outline, Span(first, quote.start), first),
            Markup('<mark id="quote" tabindex="-1">'),
            _checked(inside, quote.cut(outline.text)),
            Markup("</mark>"),
            _with_pages(outline, Span(quote.end, last), first),
            Markup("</p>"),
        )
    )


def _with_pages(outline: Outline, span: Span, after: int, bold: Sequence[Span] = ()) -> Markup:
    """The text under a span, with an empty element at each page that begins behind `after`."""
    parts, position = [], span.start
    for number, at in _pages(outline, max(span.start, after + 1), span.end):
        parts += [_styled(outline.text[position:at], position, bold), _page("span", number)]
        position = at
    return Markup("").join([*parts, _styled(outline.text[position : span.end], position, bold)])


def _pages(outline: Outline, start: int, end: int) -> Sequence[tuple[int, int]]:
    """The pages that begin within [start, end), but for those to which the text comes back."""
    first, last = (bisect_left(outline.pages, at, key=lambda page: page[1]) for at in (start, end))
    return [mark for mark in outline.pages[first:last] if outline.begins(*mark)]


def _page(element: str, number: int) -> Markup:
    """An element without text, so that the text around it stays what it is."""
    template = Markup('<{0} class="page" id="page{1}" data-page="{1}"></{0}>')
    return template.format(element, number)


def _styled(text: str, start: int, bold: Iterable[Span]) -> Markup:
    parts, position, end = [], start, start + len(text)
    for span in sorted(bold):
        first, last = max(position, span.start), min(end, span.end)
        if first < last:
            parts.append(_escaped(text[position - start : first - start]))
            parts.append(Markup("<b>{}</b>").format(_escaped(text[first - start : last - start])))
            position = last
    return Markup("").join([*parts, _escaped(text[position - start :])])


def _escaped(text: str) -> Markup:
    """The text as HTML; as such, a browser would take a carriage return for a line feed."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704  # escaped it is


def _checked(markup: Markup, text: str) -> Markup:
    if html.unescape(_TAG.sub("", markup)) != text:
        raise VerbatimError("a page would show a quote changed")
    return markup
