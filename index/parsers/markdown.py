"""Markdown: the blocks of CommonMark, as spans of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.core.documents import Paragraph, Parsed, Span
from index.parsers.plain import is_caption
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.encoding import decode_text
from index.parsers.toolkit.metadata import read_head

_NUMBER_MARK = re.compile(r"\d{1,9}[.)]")
_FENCE = re.compile(r"[ >]*(?:```+|~~~+)\s*")
_COMMENT = re.compile(r"%%.*?%%", re.DOTALL)  # as Obsidian has them
_MARK = re.compile(r"\[[ xX]\][ \t]+|\[![\w-]+\][-+]?[^\n]*\n[ \t>]*")  # of a task, a callout
_TAGS_BEFORE = re.compile(
    r"(?:\s|<!--.*?-->|<(?:script|style|summary)\b.*?</(?:script|style|summary)\s*>|<[^<>]*>)+",
    re.DOTALL | re.IGNORECASE,
)
_TAGS_BEHIND = re.compile(r"(?:\s*<[^<>]*>)+\Z")
_QUOTED = frozenset({"paragraph_open", "tr_open", "fence", "code_block", "html_block"})
_COMMONMARK = MarkdownIt("commonmark").enable("table")


class Section(NamedTuple):
    """The title of a document, and the heading of what follows."""

    title: str | None = None
    heading: str = ""


def parse_md(name: str, data: bytes) -> Parsed:
    """Return the document in a Markdown file, with its markup: quotes are slices of the source.

    Each line of a table or a code block is a paragraph. Without a title in the front matter, the
    first top-level heading is the title.

    Raises:
        DocumentError: empty, binary, or not in its encoding.
    """
    text = decode_text(name, data)
    metadata, body = read_head(text)
    section, paragraphs = read_blocks(text, body, Section(metadata.title))
    if section.title != metadata.title:
        metadata = metadata.titled(section.title, "first heading")
    return Parsed(text, tuple(paragraphs), metadata)


def read_blocks(text: str, body: int, section: Section) -> tuple[Section, list[Paragraph]]:
    """Return the paragraphs of `text` from the offset `body` on, and the section at its end."""
    # Without "\r" CommonMark counts the lines that "\n" ends, and all offsets stay.
    source = text[body:].replace("\r\n", " \n").replace("\r", "\n")
    starts = list(accumulate((len(line) + 1 for line in source.split("\n")), initial=body))
    paragraphs: list[Paragraph] = []
    title, heading = section
    comments = [Span(*found.span()) for found in _COMMENT.finditer(text, body)]
    tokens = _COMMONMARK.parse(source)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = one_line(_plain_text(tokens[at + 1])) or ""
            if token.tag == "h1" and title is None:
                title, heading = heading or None, ""
        elif token.type in _QUOTED and token.map:
            paragraphs.extend(
                Paragraph(span, heading)
                for span in _spans(text, starts, token)
                if not is_caption(span.cut(text)) and not any(one.covers(span) for one in comments)
            )
    return Section(title, heading), paragraphs


def _spans(text: str, starts: list[int], token: Token) -> Iterator[Span]:
    """The spans of a block, without the marks of quotes and lists before it."""
    first, end = token.map or [0, 0]
    if token.type == "fence":
        first += 1
        end -= bool(_FENCE.fullmatch(text[starts[end - 1] : starts[end]]))
    lines = [(line, line + 1) for line in range(first, end)]
    if token.type in {"paragraph_open", "html_block"}:
        lines = [(first, end)]
    for begin, stop in lines:
        start, last = starts[begin], starts[stop]
        cut = text[start:last]
        start += len(cut) - len(cut.lstrip(" \t>" if token.level else " \t"))
        start += _list_mark(text[start:last]) if token.level else 0
        before = _TAGS_BEFORE if token.type == "html_block" else _MARK
        if (token.level or token.type == "html_block") and (
            found := before.match(text, start, last)
        ):
            start = found.end()
        stripped = text[start:last].rstrip()
        if token.type == "html_block":
            stripped = _TAGS_BEHIND.sub("", stripped)
        if stripped:
            yield Span(start, start + len(stripped))


def _list_mark(line: str) -> int:
    head = line.split(maxsplit=1)
    if len(head) == 2 and (head[0] in {"-", "*", "+"} or _NUMBER_MARK.fullmatch(head[0])):
        return line.index(head[1])
    return 0


def _plain_text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type != "softbreak")
