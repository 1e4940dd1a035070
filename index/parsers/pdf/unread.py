"""What of a PDF has no text that can be read: pictures, fonts without a map, embedded files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.errors import DocumentError
from index.parsers.pdf.fragments import Fragment
from index.parsers.toolkit.builder import one_line

_MIN_UNMAPPED = 20
_MAX_DAMAGED = 0.01
_MIN_LETTERS = 0.6
_MIN_WORDS = 0.7
_LATIN = re.compile(r"[A-Za-z]{3,}")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_DAMAGED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_MAX_NAMES = 5
_MANY_OBJECTS = 50
_DRAWN = frozenset(
    {
        raw.FPDF_PAGEOBJ_TEXT,
        raw.FPDF_PAGEOBJ_IMAGE,
        raw.FPDF_PAGEOBJ_FORM,
        raw.FPDF_PAGEOBJ_SHADING,
    }
)
_MAX_COVER_CHARS = 1500
_COVER = re.compile(
    r"portfolio|acrobat|adobe reader|pdf package|пакет|ポートフォリオ", re.IGNORECASE
)
_PLEASE_WAIT = re.compile(r"\s*please wait", re.IGNORECASE)


class NoTextError(DocumentError):
    """No page of a PDF has text: they are pictures, or their fonts do not name their letters."""


def drop_unmapped(fragments: list[Fragment]) -> tuple[list[Fragment], bool]:
    """Return the fragments of a page that are text, and whether others were dropped.

    Those of a font that does not say which letters its glyphs are go if they do not read as words.
    """
    unmapped = [part for part in fragments if not part.is_mapped]
    text = " ".join(part.text for part in unmapped)
    if len(text) < _MIN_UNMAPPED or _reads(text):
        return fragments, False
    return [part for part in fragments if part.is_mapped], True


def _reads(text: str) -> bool:
    solid = "".join(text.split())
    damaged = len(_DAMAGED.findall(solid))
    letters = sum(map(str.isalpha, solid))
    if damaged > _MAX_DAMAGED * len(solid):
        return False
    digits = sum(map(str.isdigit, solid))
    if letters + digits < _MIN_LETTERS * len(solid):
        return False
    latin = _LATIN.findall(text)
    voiced = sum(bool(_VOWEL.search(word)) for word in latin)
    return voiced >= _MIN_WORDS * len(latin)


def may_show_text(page: pdfium.PdfPage) -> bool:
    """Whether a page has more than a few lines: an image, signs, or lines that may be letters."""
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > _MANY_OBJECTS:
        return True
    kinds = (raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, at)) for at in range(count))
    return any(kind in _DRAWN for kind in kinds)


def refuse_cover(name: str, document: pdfium.PdfDocument, pages: Sequence[list[Fragment]]) -> None:
    """Reject a file whose pages only say that another program shows its content.

    Raises:
        DocumentError: the cover of a portfolio, or the placeholder of an XFA form.
    """
    text = " ".join(part.text for page in pages for part in page)
    if len(text) > _MAX_COVER_CHARS:
        return
    if (names := embedded_files(document)) and _COVER.search(text):
        raise DocumentError(
            name,
            f"a cover around {_list(names)}; save these files beside it, they can be read then",
        )
    if document.get_formtype() != raw.FORMTYPE_NONE and _PLEASE_WAIT.match(text):
        raise DocumentError(
            name, "a form that only Adobe Reader shows (XFA); print it to a PDF from there"
        )


def left_out(unmapped: Sequence[int], embedded: Sequence[str]) -> tuple[str, ...]:
    """Return a line for each kind of thing that was left out; pages are counted from 1."""
    found = []
    if unmapped:
        found.append(
            f"{name_pages(unmapped)}: a font does not say which letters its signs are, its text "
            "was not read; run OCR on the file first, for example with ocrmypdf --force-ocr"
        )
    if embedded:
        were = "were" if len(embedded) > 1 else "was"
        found.append(f"{_list(embedded)} inside it {were} not read; save it beside the PDF")
    return tuple(found)


def name_pages(numbers: Sequence[int]) -> str:
    """Return pages as a reader names them: "page 3", "pages 2 to 5 and 9"."""
    pairs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = [[number for _, number in run] for _, run in pairs]
    names = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    last = f" and {names[-1]}" if len(names) > 1 else ""
    shown = ", ".join(names[:-1] or names)
    return f"page{'s' * (len(numbers) > 1)} {shown}{last}"


def embedded_files(document: pdfium.PdfDocument) -> list[str]:
    """Return the names of the files inside a PDF."""
    attachments = map(document.get_attachment, range(document.count_attachments()))
    return [one_line(attachment.get_name()) or "a file" for attachment in attachments]


def _list(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMES
    shown = ", ".join(names[:_MAX_NAMES]) + (f" and {more:,} more" if more > 0 else "")
    return f"{len(names)} embedded file{'s' * (len(names) > 1)} ({shown})"
