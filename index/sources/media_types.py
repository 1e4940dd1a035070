"""From what a server says of a response to what a parser takes: a file name and bytes."""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from index.core.errors import DocumentError
from index.parsers import SUFFIXES
from index.parsers.toolkit.encoding import has_mark

_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "application/x-mimearchive": ".mhtml",
}
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
_SENT_AS_PLAIN = {".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".eml"}
"""Formats that servers which do not know them call text/plain."""

_OF_TEXT = {".html", ".htm", ".xhtml", ".txt", *_SENT_AS_PLAIN} - {".eml"}

# By Python's names, as https://encoding.spec.whatwg.org/#names-and-labels reads their labels.
_ENCODINGS = {
    **{name: name for name in ("utf-8", "gb18030", "koi8-r", "koi8-u", "euc_jp", "iso2022_jp")},
    **{f"cp{number}": f"cp{number}" for number in (866, 874, 932, 949, *range(1250, 1259))},
    **{f"iso8859-{part}": f"iso8859-{part}" for part in (*range(2, 9), 10, 13, 14, 15, 16)},
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}


def file_name(name: str, url: str, content_type: str) -> str:
    """Return the name of a file with the content of `url`; its suffix is one of a parser.

    The type decides. Where it says nothing the suffix of the URL does.

    Raises:
        DocumentError: a type, or a suffix, that cannot be read.
    """
    parts = urlsplit(url)
    last = PurePosixPath(unquote(parts.path)).name or parts.hostname or "page"
    named = PurePosixPath(last).suffix.lower()
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _UNSAID or (kind == "text/plain" and named in _SENT_AS_PLAIN & SUFFIXES):
        suffix = named
    else:
        suffix = _TYPES.get(kind, "")
    if suffix not in SUFFIXES:
        known = ", ".join(kind for kind, suffix in _TYPES.items() if suffix in SUFFIXES)
        raise DocumentError(
            name, f"{kind or 'no content type'}: not a type that can be read; those are {known}"
        )
    return last if named == suffix else last + suffix


def to_utf8(name: str, file_name: str, data: bytes, charset: str | None) -> bytes:
    """Return text in the encoding that a server names as UTF-8 with a byte-order mark.

    The mark tells every parser, so that what an HTML page says of itself does not count: the
    server comes first. Before it comes only a mark in `data`. What is not text stays as it is.

    Raises:
        DocumentError: the charset is unknown, or not that of `data`.
    """
    is_text = PurePosixPath(file_name).suffix.lower() in _OF_TEXT
    if not is_text or charset is None or has_mark(data):
        return data
    try:
        encoding = _ENCODINGS[codecs.lookup(charset).name]
        text = data.decode(encoding)
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            at = error.start
            reason = f"not {charset}, as the server says: byte 0x{data[at]:02x} at offset {at}"
        else:
            reason = f"the charset {charset} is not known"
        raise DocumentError(name, f"{reason}; save the page as a file and add that") from error
    return codecs.BOM_UTF8 + text.encode()
