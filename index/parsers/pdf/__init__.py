"""PDF: the text that PDFium finds on each page, in reading order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Lock

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.pdf.columns import read_columns
from index.parsers.pdf.forms import read_fields
from index.parsers.pdf.fragments import Fragment, read_fragments
from index.parsers.pdf.line_numbers import drop_line_numbers
from index.parsers.pdf.margins import drop_margins
from index.parsers.pdf.paragraphs import Block, read_blocks
from index.parsers.pdf.properties import read_properties
from index.parsers.pdf.rows import join_phrases
from index.parsers.pdf.tables import join_table_rows
from index.parsers.pdf.unread import (
    NoTextError,
    drop_unmapped,
    embedded_files,
    left_out,
    name_pages,
    refuse_cover,
)
from index.parsers.plain import is_caption
from index.parsers.toolkit.builder import TextBuilder, one_line

MAX_PAGES = 5000
"""More would take the memory of a small machine, and minutes."""

_LARGE_TABLE = 5
_MAX_CHARS = 20_000_000
PDFIUM = Lock()
"""One thread at a time may call the library."""

# It warns on standard error that it cannot run what a form for Adobe Reader holds.
logging.getLogger("pypdfium2").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class _Read:
    """What PDFium finds in a file: fragments by page, and pages, from 1, with something amiss."""

    metadata: Metadata
    pages: list[list[Fragment]] = field(default_factory=list)
    unmapped: list[int] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)


def parse_pdf(name: str, data: bytes) -> Parsed:
    """Return the document in a PDF file, with its pages.

    Running heads, page numbers and numbers of lines are left out, words cut at line ends are
    joined, rows of tables are paragraphs. The first heading is the title if the file names none.

    Raises:
        NoTextError: no page has text that can be read.
        DocumentError: damaged, encrypted, too long, or only a cover of other files.
    """
    with PDFIUM:
        read = _read(name, data)
    pages = drop_margins([drop_line_numbers(page) for page in read.pages])
    if not any(pages):
        raise NoTextError(name, _no_text(len(pages), read.unmapped))
    in_part = [at for at in read.unmapped if pages[at - 1]]
    pages = [join_table_rows(join_phrases(page), min_rows=_LARGE_TABLE) for page in pages]
    lines = [read_columns(page) for page in pages]
    parsed = _build(len(pages), read_blocks(lines), read.metadata)
    return replace(parsed, left_out=left_out(in_part, read.embedded))


def _no_text(count: int, unmapped: Sequence[int]) -> str:
    if unmapped:
        return f"the font of {name_pages(unmapped)} does not say which letters its signs are"
    return f"has {count} page{'s' * (count != 1)} without text"


def _read(name: str, data: bytes) -> _Read:
    try:
        with closing(pdfium.PdfDocument(data)) as document:
            read = _Read(read_properties(name, document), embedded=embedded_files(document))
            _read_pages(name, document, read)
            refuse_cover(name, document, read.pages)
            return read
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            reason = "encrypted, it needs a password; save a copy of it without one"
        else:
            reason = "not a PDF, or a damaged one; save or download it again"
        raise DocumentError(name, reason) from error


def _read_pages(name: str, document: pdfium.PdfDocument, read: _Read) -> None:
    count = len(document)
    if count > MAX_PAGES:
        raise DocumentError(
            name, f"has {count:,} pages, {MAX_PAGES:,} is the limit; split the file"
        )
    document.init_forms()
    characters = 0
    for number in range(1, count + 1):
        with closing(document[number - 1]) as page:
            fragments, unmapped = drop_unmapped(read_fragments(name, number, page))
            if document.formenv:
                fragments.extend(read_fields(document.formenv, page))
        read.pages.append(fragments)
        read.unmapped.extend([number] * unmapped)
        characters += sum(len(part.text) for part in fragments)
        if characters > _MAX_CHARS:
            raise DocumentError(
                name, f"more than {_MAX_CHARS:,} characters by page {number}; split the file"
            )


def _build(count: int, blocks: Iterable[Block], metadata: Metadata) -> Parsed:
    builder = TextBuilder()
    heading, title = "", metadata.title
    at_top = True
    for block in blocks:
        builder.turn_to(block.page + 1)
        line = one_line(block.text) or ""
        if block.is_heading and at_top:
            title = title or line
        is_title = at_top and line.casefold() == (title or "").casefold()
        if block.is_heading:
            heading = "" if is_title else line
        if block.is_heading or block.is_entry or is_title or is_caption(line):
            builder.add_unquoted(block.text)
            continue
        builder.add_paragraph(block.text, heading, [(at + 1, start) for at, start in block.breaks])
        at_top = False
    builder.turn_to(count)
    if title != metadata.title:
        metadata = metadata.titled(title, "first heading")
    return builder.build(metadata)
