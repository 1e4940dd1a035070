"""Texts in the fields of a record, with the markup of a web page as content systems export it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from index.parsers.toolkit.xml import Block, blocks, parse_html

_TAGS = (
    "a|abbr|b|blockquote|cite|code|d[dlt]|del|div|em|figcaption|figure|font|h[1-6]|i|ins|li|ol|p"
    "|pre|section|small|span|strong|su[bp]|table|tbody|t[dhr]|thead|u|ul"
)
# What ends or breaks: a single <p> may be what a text is about.
_MARKUP = re.compile(rf"</(?:{_TAGS})>|<br ?/?>", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"<(?:p|div|br|pre)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")


def field_blocks(name: str, text: str) -> Iterator[Block]:
    """Yield the blocks of a text: those of its markup, else its lines; entities are read.

    Raises:
        DocumentError: nested too deeply.
    """
    if _MARKUP.search(text):
        if not _PARAGRAPHS.search(text):  # lines are paragraphs, as editors of posts take them
            text = text.replace("\n", "<br><br>")
        yield from blocks(parse_html(name, "text", text))
    else:
        for line in plain_field(text).split("\n"):
            yield Block("text", line)


def plain_field(text: str) -> str:
    """Return a text whose entities, such as &amp;, are the characters that they stand for."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text)
