"""What a file is by its first bytes, where its name says something else."""

from __future__ import annotations

from pathlib import PurePath
from typing import NamedTuple

from index.core.errors import DocumentError

_HEAD_BYTES = 1024
_PAGES = frozenset({".html", ".htm", ".xhtml", ".txt", ".md", ".markdown"})
_IMAGE = "run OCR on it, or take it out of the folder"
_PAGE = "name it .html, or download it again"


class _Signature(NamedTuple):
    """How content begins, in lower case, what it is, what to do, and the suffixes it may have."""

    start: bytes
    kind: str
    remedy: str
    suffixes: frozenset[str] = frozenset()


_SIGNATURES = (
    _Signature(b"%pdf-", "a PDF", "name it .pdf", frozenset({".pdf"})),
    _Signature(b"{\\rtf", "rich text (RTF)", "save it as .docx or .txt"),
    _Signature(
        b"pk\x03\x04",
        "a binary file, a zip container",
        "name it .docx or .epub if it is one, or unpack it",
        frozenset({".docx", ".epub"}),
    ),
    _Signature(
        bytes.fromhex("d0cf11e0a1b11ae1"),
        "a binary file, an old Office document",
        "save it as .docx or .pdf",
        frozenset({".docx"}),  # its parser knows that it may be a new one with a password
    ),
    _Signature(b"\x89png\r\n", "a binary file, an image", _IMAGE),
    _Signature(b"\xff\xd8\xff", "a binary file, an image", _IMAGE),
    _Signature(b"gif87a", "a binary file, an image", _IMAGE),
    _Signature(b"gif89a", "a binary file, an image", _IMAGE),
    _Signature(b"\x1f\x8b\x08", "a binary file, packed by gzip", "unpack it"),
    _Signature(
        b"from: <saved by",
        "a web page saved as one file (MHTML)",
        "name it .mhtml",
        frozenset({".mhtml", ".mht"}),
    ),
    _Signature(b"<!doctype html", "a web page", _PAGE, _PAGES),
    _Signature(b"<html", "a web page", _PAGE, _PAGES),
)


def refuse_misnamed(name: str, data: bytes) -> None:
    """Refuse content that is plainly of another format than the suffix of `name` says.

    Raises:
        DocumentError: what it is, and what to do.
    """
    suffix = PurePath(name).suffix.lower()
    # bytes.lower changes ASCII letters alone.
    head = data[:_HEAD_BYTES].lstrip().lower()
    found = next((one for one in _SIGNATURES if head.startswith(one.start)), None)
    if found is not None and suffix not in found.suffixes:
        raise DocumentError(name, f"{found.kind}, not {suffix}; {found.remedy}")
