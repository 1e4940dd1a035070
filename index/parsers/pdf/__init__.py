"""PDF: the text that PDFium finds on each page, in reading order."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import PurePath
from threading import Lock

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.pdf.columns import read_columns
from index.parsers.pdf.fragments import Fragment, read_fragments
from index.parsers.pdf.margins import drop_margins
from index.parsers.pdf.paragraphs import Block, read_blocks
from index.parsers.plain import is_caption
from index.parsers.toolkit.builder import TextBuilder, one_line
from index.parsers.toolkit.metadata import is_language, read_date

MAX_PAGES = 5000
"""More would take the memory of a small machine, and minutes."""

_MAX_CHARS = 20_000_000
PDFIUM = Lock()
"""One thread at a time may call the library."""

_JUNK_TITLE = re.compile(
    r"microsoft \w+ - .*|\(?untitled.*|\(?(?:anonymous|unspecified)\)?|(?:document|presentation)\d*"
    r"|powerpoint presentation|(?:slide|layout) \d+|title"
    r"|.*\.(?:docx?|pptx?|pdf|odt|rtf|tex|dvi|indd|qxd)",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(r"unknown|user|admin\w*|owner|author|\W*", re.IGNORECASE)
# Browsers and scanners, which make a PDF of something older.
_COPIERS = re.compile(
    r"skia/pdf(?!.*google docs)|mozilla|chrom(?:e|ium)\b|firefox|safari|wkhtmltopdf"
    r"|ocrmypdf|paper capture|abbyy|finereader|\bscan",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def parse_pdf(name: str, data: bytes) -> Parsed:
    """Return the document in a PDF file, with its pages.

    Running heads and page numbers are left out, words cut at line ends are joined. The first
    heading is the title if the file names none.

    Raises:
        DocumentError: damaged, encrypted, too long, or without text.
    """
    with PDFIUM:
        pages, metadata = _read(name, data)
    lines = [read_columns(page) for page in drop_margins(pages)]
    return _build(len(pages), read_blocks(lines), metadata)


def _read(name: str, data: bytes) -> tuple[list[list[Fragment]], Metadata]:
    try:
        with closing(pdfium.PdfDocument(data)) as document:
            return _read_pages(name, document), _metadata(name, document)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            reason = "encrypted, it needs a password; save a copy of it without one"
        else:
            reason = "not a PDF, or a damaged one; save or download it again"
        raise DocumentError(name, reason) from error


def _read_pages(name: str, document: pdfium.PdfDocument) -> list[list[Fragment]]:
    count = len(document)
    if count > MAX_PAGES:
        raise DocumentError(
            name, f"has {count:,} pages, {MAX_PAGES:,} is the limit; split the file"
        )
    pages: list[list[Fragment]] = []
    characters = 0
    for number in range(1, count + 1):
        with closing(document[number - 1]) as page:
            pages.append(read_fragments(name, number, page))
        characters += sum(len(part.text) for part in pages[-1])
        if characters > _MAX_CHARS:
            raise DocumentError(
                name, f"more than {_MAX_CHARS:,} characters by page {number}; split the file"
            )
    if not any(pages):
        raise DocumentError(
            name,
            f"has {count} page{'s' * (count != 1)} of images and no text; "
            "run OCR on it first, for example with ocrmypdf",
        )
    return pages


def _metadata(name: str, document: pdfium.PdfDocument) -> Metadata:
    info = document.get_metadata_dict(skip_empty=True)
    title, author = one_line(info.get("Title")), one_line(info.get("Author"))
    if title and (_JUNK_TITLE.fullmatch(title) or title == PurePath(name).stem):
        title = None
    if author and _JUNK_AUTHOR.fullmatch(author):
        author = None
    day = _DAY.match(info.get("CreationDate", "").strip())
    # The day on which an older text was copied is not that of the text.
    is_copy = _COPIERS.search(f"{info.get('Creator', '')}\n{info.get('Producer', '')}")
    published = read_date("-".join(day.groups())) if day and not is_copy else None
    metadata = Metadata(title, published, author, language=_language(document))
    return metadata.read_in("PDF metadata")


def _language(document: pdfium.PdfDocument) -> str | None:
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(document, buffer, size)
    tag = bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0").strip()
    return tag if is_language(tag) else None


def _build(count: int, blocks: Iterable[Block], metadata: Metadata) -> Parsed:
    builder = TextBuilder()
    heading, title = "", metadata.title
    page = -1
    at_top = True
    for block in blocks:
        while page < block.page:
            builder.start_page()
            page += 1
        line = one_line(block.text) or ""
        if block.is_heading and at_top:
            title = title or line
        is_title = at_top and line.casefold() == (title or "").casefold()
        if block.is_heading:
            heading = "" if is_title else line
        if block.is_heading or block.is_entry or is_title or is_caption(line):
            builder.add_unquoted(block.text)
            continue
        starts = []
        for later, offset in block.breaks:
            starts.extend([offset] * (later - page))
            page = later
        builder.add_paragraph(block.text, heading, starts)
        at_top = False
    for _ in range(page + 1, count):
        builder.start_page()
    if title != metadata.title:
        metadata = metadata.titled(title, "first heading")
    return builder.build(metadata)
