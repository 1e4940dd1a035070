"""Plain text: paragraphs between blank lines, or one on each line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.core.documents import Paragraph, Parsed, Span
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.encoding import decode_text
from index.parsers.toolkit.metadata import read_book, read_head

_BLOCK = re.compile(r"\S(?:.*\n(?!\s*\n))*.*")
_LINE = re.compile(r"[^\r\n]+")
_CAPTION = re.compile(
    r"\W{0,2}(?:file |stock )?(?:photo(?:graph)?s?|images?|picture|caption|credit|foto|bild|фото)"
    r"(?: (?:by|credit|source|caption|courtesy(?: of)?))?(?:\s*[:/©]|,)\s*\S.{0,160}",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"\s*(?:[-*•–]|\(?\d{1,3}[.)])\s")
_UNDERLINE = re.compile(r"[=\-~_*#\s]{3,}")
_CUT_WORD = re.compile(r"\w[-\u2010\u00ad]$")
_WORD = re.compile(r"[^\W\d_]{3}")
_ENDS_STATEMENT = re.compile(r"[.,;:…。][\"'”’»)\]]*$")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟:;,][\"'”’»)\]]*$")
_PAGE_FOOT = re.compile(r"\[Page \w{1,6}\][^\S\n]*$", re.MULTILINE)
_PAGE_BREAK = re.compile(r"[^\n\f]*\[Page \w{1,6}\]\s*(?:\f\s*[^\n]*)?")
_MIN_PAGES = 2
_MAX_TITLE_CHARS = 200
_MAX_HEADING_CHARS = 80
_MIN_PAGE_CHARS = 45
_MIN_NARROW_CHARS = 18
_MAX_PAGE_CHARS = 100


def parse_txt(name: str, data: bytes) -> Parsed:
    """Return the document in a text file, character for character.

    Raises:
        DocumentError: empty, binary, or not in its encoding.
    """
    text = decode_text(name, data)
    metadata, body = read_head(text)
    end = len(text)
    if book := read_book(text):
        metadata, body, end = book
    found = (_trim(text, Span(*match.span())) for match in _BLOCK.finditer(text, body, end))
    blocks = [block for block in found if not _UNDERLINE.fullmatch(block.cut(text))]
    if len(_PAGE_FOOT.findall(text)) >= _MIN_PAGES:
        blocks = [block for block in blocks if not _is_page_break(text, block)]
    if metadata.title is None and len(blocks) > 1 and _is_title(text, blocks[0]):
        metadata = metadata.titled(one_line(blocks.pop(0).cut(text)), "first line")
    return Parsed(text, tuple(_paragraphs(text, blocks)), metadata)


def is_caption(line: str) -> bool:
    """Whether `line` only credits a picture ("Photo: AP")."""
    return bool(_CAPTION.fullmatch(line.strip()))


def split_block(text: str, block: Span) -> list[Span]:
    """Return the block itself if its lines were wrapped by width, else each of its lines."""
    found = (Span(*match.span()) for match in _LINE.finditer(text, block.start, block.end))
    lines = [_trim(text, line) for line in found if line.cut(text).strip()]
    width = max(map(len, lines))
    starts = [0]
    for at, (line, following) in enumerate(pairwise(lines), start=1):
        if _LIST_ITEM.match(following.cut(text)) or not (
            _goes_on(line.cut(text), following.cut(text), width)
            or _is_indented(text, lines[starts[-1]], following)
        ):
            starts.append(at)
    return [
        Span(lines[first].start, lines[end - 1].end)
        for first, end in pairwise([*starts, len(lines)])
    ]


def _is_indented(text: str, first: Span, line: Span) -> bool:
    """Whether a line stands below the text of a list item, right of its mark."""
    margin = line.start - text.rfind("\n", 0, line.start) - 1
    item = first.start - text.rfind("\n", 0, first.start) - 1
    return margin >= item + 2 and bool(_LIST_ITEM.match(first.cut(text)))


def _paragraphs(text: str, blocks: list[Span]) -> Iterator[Paragraph]:
    heading = ""
    for at, block in enumerate(blocks):
        if 0 < at < len(blocks) - 1 and _is_section_heading(text, blocks[at - 1 : at + 2]):
            heading = one_line(block.cut(text)) or ""
            continue
        for span in split_block(text, block):
            if not is_caption(span.cut(text)):
                yield Paragraph(span, heading)


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a line of a block `width` characters wide was wrapped, its paragraph unfinished."""
    # Wrapped text is as wide as a page, and only the last line of a paragraph is short.
    if width > _MAX_PAGE_CHARS or is_caption(line):
        return False
    if width < _MIN_PAGE_CHARS:
        return width >= _MIN_NARROW_CHARS and _runs_on(line, following, width)
    return len(line) > width * 0.6 or not _ENDS_SENTENCE.search(line)


def _runs_on(line: str, following: str, width: int) -> bool:
    """Whether a narrow line goes on in the next: it is cut in a word or before a small letter."""
    if _CUT_WORD.search(line) and following[:1].islower():
        return True
    full = len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
    return full and (following[:1].islower() or not _ENDS_SENTENCE.search(line))


def _is_page_break(text: str, block: Span) -> bool:
    """Whether a block is the foot of a page, as an RFC has it, the head of the next, or both."""
    before = text[: block.start]
    is_head = "\f" in before[len(before.rstrip()) :] and "\n" not in block.cut(text)
    return is_head or bool(_PAGE_BREAK.fullmatch(block.cut(text)))


def _is_title(text: str, block: Span) -> bool:
    """Whether a block can be a headline: one short line without a full stop."""
    line = block.cut(text)
    return (
        len(line) <= _MAX_TITLE_CHARS
        and len(line.splitlines()) == 1
        and not (_ENDS_STATEMENT.search(line) or _LIST_ITEM.match(line) or is_caption(line))
    )


def _is_section_heading(text: str, around: list[Span]) -> bool:
    """Whether the middle one of three blocks is a heading; strict, as it stands amid prose."""
    before, line, after = (block.cut(text) for block in around)
    return (
        _is_title(text, around[1])
        and len(line) <= _MAX_HEADING_CHARS
        and line[0].isupper()
        and bool(_WORD.search(line))
        and not _ENDS_SENTENCE.search(line)
        and bool(_ENDS_SENTENCE.search(before))
        and len(after) > _MAX_HEADING_CHARS
    )


def _trim(text: str, span: Span) -> Span:
    cut = span.cut(text)
    start = span.start + len(cut) - len(cut.lstrip())
    return Span(start, max(start, span.start + len(cut.rstrip())))
