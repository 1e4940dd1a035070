"""Rich text (.rtf): its paragraphs and rows, without fonts, pictures and running heads."""

from __future__ import annotations

import re
from typing import Any

from striprtf.striprtf import rtf_to_text

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.plain import is_caption
from index.parsers.toolkit.builder import TextBuilder, join_cells, one_line
from index.parsers.toolkit.metadata import read_date

_INFO = re.compile(r"\{\\info\b")
_FIELD = r"\{\\%s ((?:[^{}\\]|\\'[0-9a-f]{2}|\\u-?\d+\s?\??)*)\}"
_CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_MAX_INFO_CHARS = 20_000


def parse_rtf(name: str, data: bytes) -> Parsed:
    """Return the document in a rich text file; title, author and date are those of its properties.

    Raises:
        DocumentError: not rich text.
    """
    source = data.decode("latin-1")  # \'e9 and \u8364 carry all other characters
    if not source.lstrip().startswith("{\\rtf"):
        raise DocumentError(name, "not rich text (RTF); save it anew")
    builder = TextBuilder()
    for line in _plain(name, source).split("\n"):
        text = _row(line) if line.endswith("|") else line
        if is_caption(text):
            builder.add_unquoted(text)
        else:
            builder.add_paragraph(text)
    return builder.build(_metadata(name, source))


def _plain(name: str, source: str) -> str:
    try:
        return str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]
    except (ArithmeticError, LookupError, ValueError) as error:  # the library checks no number
        raise DocumentError(name, f"damaged rich text ({error}); save it anew") from error


def _row(line: str) -> str:
    return join_cells([one_line(cell) for cell in line.split("|")])


def _metadata(name: str, source: str) -> Metadata:
    begun = _INFO.search(source)
    if begun is None:
        return Metadata()
    info = source[begun.start() : begun.start() + _MAX_INFO_CHARS]
    texts: dict[str, Any] = {}
    for field, key in (("title", "title"), ("author", "author")):
        if found := re.search(_FIELD % key, info):
            texts[field] = one_line(_plain(name, f"{{\\rtf1\\ansi {found[1]}}}"))
    day = _CREATED.search(info)
    created = read_date(f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}") if day else None
    return Metadata(published=created, **texts).read_in("document properties")
