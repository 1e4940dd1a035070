"""Makes text of recognized pages, and puts it where the pages are in a document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from index.core.documents import Paragraph, Parsed, Span
from index.parsers.ocr.tesseract import Block, Word
from index.parsers.plain import is_caption

_SEPARATOR = "\n\n"
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟:;,][\"'”’»)\]]*$")
_CUT_WORD = re.compile(r"[^\W\d_]{2,}[-\u2010\u00ad]$")
_NUMBER = re.compile(r"\W*[\divxlc]{1,6}\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_MAX_HEADING_CHARS = 80
_MARGIN = 0.1
_REPEATED = 3


def compose(pages: Sequence[Sequence[Block]]) -> list[Parsed]:
    """Return the text of each page, with its quotable paragraphs and its doubtful words.

    Page numbers and running heads are left out, headings are not quoted.
    """
    repeated = Counter(
        _DIGITS.sub("#", _line(block)) for page in pages for block in page if _is_margin(block)
    )
    return [
        _page(
            [
                block
                for block in page
                if not (
                    _is_margin(block)
                    and (
                        _NUMBER.fullmatch(_line(block))
                        or repeated[_DIGITS.sub("#", _line(block))] >= _REPEATED
                    )
                )
            ]
        )
        for page in pages
    ]


def splice(parsed: Parsed, pages: Mapping[int, Parsed]) -> Parsed:
    """Return a document with the text of further pages, by number, where each of them begins.

    A paragraph that runs on across such a page is cut there.
    """
    inserted: list[tuple[int, int, str, Parsed]] = []  # place, page, the gap before it, text
    cut = parsed
    for number, page in sorted(pages.items()):
        if page.text:
            at = min(parsed.pages[number - 1], len(parsed.text))
            inside = any(one.span.start < at < one.span.end for one in cut.paragraphs)
            is_last = at == len(parsed.text)
            gap = _SEPARATOR if inside or (is_last and (at or inserted)) else ""
            cut = _cut(cut, at) if inside else cut
            inserted.append((at, number, gap, page))
    pieces: list[str] = []
    paragraphs: list[Paragraph] = []
    doubtful: list[Span] = list(parsed.doubtful)
    shifts: list[tuple[int, int, int]] = []  # place, page, characters put in there
    done = length = 0
    for at, number, gap, page in inserted:
        pieces += [parsed.text[done:at], gap, page.text]
        start = length + at - done + len(gap)
        paragraphs += [replace(one, span=_moved(one.span, start)) for one in page.paragraphs]
        doubtful += [_moved(span, start) for span in page.doubtful]
        behind = _SEPARATOR if at < len(parsed.text) else ""
        pieces.append(behind)
        shifts.append((at, number, len(gap) + len(page.text) + len(behind)))
        length, done = start + len(page.text) + len(behind), at
    text = "".join([*pieces, parsed.text[done:]])
    for one in cut.paragraphs:
        by = sum(count for at, _, count in shifts if at <= one.span.start)
        paragraphs.append(replace(one, span=_moved(one.span, by)))
    starts = []
    gaps = {number: len(gap) for _, number, gap, _ in inserted}
    for number, start in enumerate(parsed.pages, 1):
        before = sum(count for _, other, count in shifts if other < number)
        starts.append(min(start + before + gaps.get(number, 0), len(text)))
    resumed = [
        (number, start + sum(count for at, _, count in shifts if at <= start))
        for number, start in parsed.resumed
    ]
    return replace(
        parsed,
        text=text,
        paragraphs=tuple(sorted(paragraphs, key=lambda one: one.span)),
        pages=tuple(starts),
        resumed=tuple(resumed),
        doubtful=tuple(sorted(doubtful)),
    )


def _cut(parsed: Parsed, at: int) -> Parsed:
    """A document whose paragraph around `at` is two."""
    paragraphs: list[Paragraph] = []
    for one in parsed.paragraphs:
        if one.span.start < at < one.span.end:
            head = Span(one.span.start, at).cut(parsed.text).rstrip()
            paragraphs.append(replace(one, span=Span(one.span.start, one.span.start + len(head))))
            paragraphs.append(replace(one, span=Span(at, one.span.end)))
        else:
            paragraphs.append(one)
    return replace(parsed, paragraphs=tuple(paragraphs))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _page(blocks: Sequence[Block]) -> Parsed:
    texts: list[str] = []
    paragraphs: list[Paragraph] = []
    doubtful: list[Span] = []
    heading, start = "", 0
    whole = list(_joined(blocks))
    for at, block in enumerate(whole):
        pieces = list(_pieces(block))
        text = "".join(piece for piece, _ in pieces)
        if _is_heading(block, text) and at + 1 < len(whole):
            heading = text
        elif not is_caption(text):
            paragraphs.append(Paragraph(Span(start, start + len(text)), heading))
            offset = start
            for piece, word in pieces:
                if word is not None and word.is_doubtful:
                    doubtful.append(Span(offset, offset + len(piece)))
                offset += len(piece)
        texts.append(text)
        start += len(text) + len(_SEPARATOR)
    return Parsed(_SEPARATOR.join(texts), tuple(paragraphs), doubtful=tuple(doubtful))


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, those that Tesseract split inside a sentence as one."""
    before: Block | None = None
    for block in blocks:
        if before is None:
            before = block
        elif _line(block)[0].islower() and not _ENDS_SENTENCE.search(_line(before)):
            before = Block([*before.lines, *block.lines], before.top, block.bottom)
        else:
            yield before
            before = block
    if before is not None:
        yield before


def _pieces(block: Block) -> Iterator[tuple[str, Word | None]]:
    """The words of a paragraph and the blanks between them; words cut at line ends are joined."""
    words = [word for line in block.lines for word in line]
    for word, following in pairwise([*words, None]):
        if word is None:
            return
        text = word.text
        if following is None:
            yield text, word
        elif (
            word.place != following.place
            and _CUT_WORD.search(text)
            and following.text[:1].islower()
        ):
            yield text[:-1], word
        else:
            yield text, word
            yield " ", None


def _is_heading(block: Block, text: str) -> bool:
    """Whether a paragraph is one short line that ends no sentence."""
    return (
        len(block.lines) == 1
        and len(text) <= _MAX_HEADING_CHARS
        and not _ENDS_SENTENCE.search(text)
        and any(map(str.isalpha, text))
    )


def _is_margin(block: Block) -> bool:
    """Whether a paragraph is one line at the head or the foot of a page."""
    return len(block.lines) == 1 and (block.bottom < _MARGIN or block.top > 1 - _MARGIN)


def _line(block: Block) -> str:
    return " ".join(word.text for line in block.lines for word in line)
