"""From a file's bytes to its canonical text and the paragraphs that may be quoted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from index.errors import DocumentError
from index.parsers.decoding import decode
from index.parsers.markdown import parse_markdown
from index.parsers.plain import parse_plain
from index.records import Parsed

__all__ = ["PARSERS", "SUFFIXES", "parse"]

PARSERS: dict[str, Callable[[str], Parsed]] = {
    ".txt": parse_plain,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
}
SUFFIXES = frozenset(PARSERS)


def parse(name: str, data: bytes) -> Parsed:
    """Return the document in `data`; the suffix of `name` chooses the parser.

    Raises:
        DocumentError: an unknown suffix, bytes that are not text, or no text to quote.
    """
    parser = PARSERS.get(PurePath(name).suffix.lower())
    if parser is None:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(name, f"not a format that can be read; those are {known}")
    parsed = parser(decode(name, data))
    if not parsed.paragraphs:
        raise DocumentError(name, "nothing to quote: the file has no sentence of text")
    return parsed
