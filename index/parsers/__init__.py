"""From a file's bytes to its canonical text and the paragraphs that may be quoted."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import cast

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.toolkit.signatures import refuse_misnamed

__all__ = ["PARSERS", "PARSERS_VERSION", "SUFFIXES", "Parse", "parse", "parser_of"]

Parse = Callable[[str, bytes], Parsed]
"""Returns the document in a file of this name and these bytes, or raises DocumentError."""

PARSERS_VERSION = 3
"""Grows when a parser reads the same bytes differently: older documents are then read again."""

PARSERS = {
    ".txt": "plain:parse_txt",
    ".md": "markdown:parse_md",
    ".markdown": "markdown:parse_md",
    ".html": "html:parse_html",
    ".htm": "html:parse_html",
    ".xhtml": "html:parse_html",
    ".mhtml": "mhtml:parse_mhtml",
    ".mht": "mhtml:parse_mhtml",
    ".pdf": "pdf:parse_pdf",
    ".docx": "docx:parse_docx",
    ".epub": "epub:parse_epub",
    ".csv": "tables:parse_csv",
    ".tsv": "tables:parse_csv",
    ".jsonl": "tables:parse_jsonl",
    ".ndjson": "tables:parse_jsonl",
    ".json": "tables:parse_json",
    ".eml": "mail:parse_eml",
}
"""Module and function by suffix; imported when first needed, since some take long to load."""

SUFFIXES = frozenset(PARSERS)


def parser_of(name: str) -> str:
    """Return the entry of `PARSERS` for a file of this name.

    Raises:
        DocumentError: an unknown suffix.
    """
    target = PARSERS.get(PurePath(name).suffix.lower())
    if target is None:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(name, f"not a format that can be read; those are {known}")
    return target


def parse(name: str, data: bytes) -> Parsed:
    """Return the document in `data`; the suffix of `name` chooses the parser.

    Raises:
        DocumentError: an unknown suffix, bytes of another format, or no text to quote.
    """
    module, function = parser_of(name).split(":")
    refuse_misnamed(name, data)
    parser = cast("Parse", getattr(import_module(f"index.parsers.{module}"), function))
    parsed = parser(name, data)
    if not parsed.paragraphs:
        raise DocumentError(name, "nothing to quote: the file has no sentence of text")
    return parsed
