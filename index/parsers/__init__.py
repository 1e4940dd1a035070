"""Parses a file to its canonical text and the paragraphs that may be quoted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from typing import NamedTuple, cast

from index.core.documents import Parsed
from index.core.errors import DocumentError, NotInstalledError
from index.parsers.ocr import IMAGES
from index.parsers.toolkit.archive import OLE_MAGIC
from index.parsers.toolkit.metadata import begin_file
from index.parsers.toolkit.warnings import collecting
from index.parsers.transcripts.turns import with_turns

Parse = Callable[[str, bytes], Parsed]
"""Returns the document in a file, given its name and bytes, or raises DocumentError."""

PARSERS_VERSION = 10
"""Raise it when a parser reads the same bytes differently: documents are then read again."""

PARSERS = {
    ".txt": "plain:parse_txt",
    ".text": "plain:parse_txt",
    ".log": "plain:parse_txt",
    ".org": "plain:parse_txt",
    ".rst": "plain:parse_txt",
    ".srt": "transcripts.subtitles:parse_subtitles",
    ".vtt": "transcripts.subtitles:parse_subtitles",
    ".md": "markdown:parse_md",
    ".markdown": "markdown:parse_md",
    ".ipynb": "notebook:parse_notebook",
    ".html": "web:parse_html",
    ".htm": "web:parse_html",
    ".xhtml": "web:parse_html",
    ".mhtml": "web:parse_mhtml",
    ".mht": "web:parse_mhtml",
    ".pdf": "ocr.pages:parse_scanned",
    ".docx": "office.docx:parse_docx",
    ".pptx": "office.pptx:parse_pptx",
    ".xlsx": "office.sheets:parse_xlsx",
    ".odt": "office.opendocument:parse_opendocument",
    ".ods": "office.opendocument:parse_opendocument",
    ".odp": "office.opendocument:parse_opendocument",
    ".rtf": "office.rtf:parse_rtf",
    ".epub": "epub:parse_epub",
    ".csv": "tables:parse_csv",
    ".tsv": "tables:parse_csv",
    ".jsonl": "tables:parse_jsonl",
    ".ndjson": "tables:parse_jsonl",
    ".json": "tables:parse_json",
    ".eml": "mail:parse_eml",
    ".mbox": "mail:parse_mbox",
    **dict.fromkeys(sorted(IMAGES), "ocr.images:parse_image"),
}
"""Module and function by suffix; imported when first needed, since some are slow to load."""

SUFFIXES = frozenset(PARSERS)

_LOST = "\ufffd"
_HEAD_BYTES = 1024


class _Signature(NamedTuple):
    """The beginnings of files of a kind, in lower case, and the suffixes that they may have."""

    starts: tuple[bytes, ...]
    kind: str
    remedy: str
    suffixes: tuple[str, ...] = ()


_SIGNATURES = (
    _Signature((b"%pdf-",), "a PDF", "name it .pdf", (".pdf",)),
    _Signature((b"{\\rtf",), "rich text (RTF)", "name it .rtf", (".rtf",)),
    _Signature(
        (b"pk\x03\x04",),
        "a binary file, a zip container",
        "name it .docx, .epub or .zip if it is one, or unpack it",
        (".docx", ".pptx", ".xlsx", ".odt", ".ods", ".odp", ".epub"),
    ),
    _Signature(
        (OLE_MAGIC,),
        "a binary file, an old Office document",
        "save it as .docx or .pdf",
        (".docx", ".pptx", ".xlsx"),  # the parser explains that it may be a new one with a password
    ),
    _Signature(
        (b"\x89png\r\n", b"\xff\xd8\xff", b"gif87a", b"gif89a"),
        "a binary file, an image",
        "name it as one, or take it out of the folder",
        tuple(IMAGES),
    ),
    _Signature((b"\x1f\x8b\x08",), "a binary file, packed by gzip", "unpack it"),
    _Signature(
        (b"from: <saved by",),
        "a web page saved as one file (MHTML)",
        "name it .mhtml",
        (".mhtml", ".mht"),
    ),
    _Signature(
        (b"<!doctype html", b"<html"),
        "a web page",
        "name it .html, or download it again",
        (".html", ".htm", ".xhtml", ".txt", ".md", ".markdown"),
    ),
)


def parser_of(name: str) -> str:
    """Return the entry of `PARSERS` for a file of this name.

    Raises:
        DocumentError: the suffix is unknown.
    """
    target = PARSERS.get(PurePath(name).suffix.lower())
    if target is None and name.lower().endswith(".zip"):
        raise DocumentError(name, "an archive; unpack it, and send the files")
    if target is None:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(name, f"not a format that can be read; those are {known}")
    return target


def parse(name: str, data: bytes) -> Parsed:
    """Return the document in `data`; the suffix of `name` chooses the parser.

    Raises:
        DocumentError: unknown suffix, bytes of another format, damaged, or no text to quote.
        NotInstalledError: the parser's package is missing.
    """
    module, function = parser_of(name).split(":")
    refuse_misnamed(name, data)
    begin_file()
    with collecting() as warnings:
        try:
            parser = cast("Parse", getattr(import_module(f"index.parsers.{module}"), function))
            parsed = with_turns(parser(name, data))
        except ImportError as error:
            missing = error.name or error
            raise NotInstalledError(
                name, f"the package {missing} that reads it is missing here; install onrecord again"
            ) from error
    if lost := parsed.text.count(_LOST):
        warnings.append(f"{lost:,} characters of it are damaged")
    parsed = replace(parsed, warnings=tuple(warnings))
    if not parsed.paragraphs:
        raise DocumentError(name, "nothing to quote: the file has no sentence of text")
    return parsed


def refuse_misnamed(name: str, data: bytes) -> None:
    """Reject content that is plainly of another format than its name."""
    suffix = PurePath(name).suffix.lower()
    head = data[:_HEAD_BYTES].lstrip().lower()  # ASCII letters alone
    found = next((one for one in _SIGNATURES if head.startswith(one.starts)), None)
    if found is not None and suffix not in found.suffixes:
        raise DocumentError(name, f"{found.kind}, not {suffix}; {found.remedy}")
