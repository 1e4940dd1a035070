"""Decodes text, and web pages and tables in the encodings of their time and country."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from index.core.errors import DocumentError
from index.parsers.toolkit.warnings import warn

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PAGE_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD_BYTES = 4096
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_UTF_8_LETTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")
_FOR_PAGES = re.compile(
    r"ascii|utf-8|(?:cp|iso8859|iso2022|koi8|gb|big5|shift_jis|euc|mac|tis|hz)[\w-]*"
)
# As browsers read them: https://encoding.spec.whatwg.org/#names-and-labels
_AS_BROWSERS_DO = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gbk"}
_PLAIN_WORD = re.compile(r"[^\W\d_]{2,}")
_GUESSED = "its encoding is a guess: {}; save it as UTF-8"
_MIN_WORDS = 3
_MAX_NUL_SHARE = 0.1
_MAX_ACCENT_SHARE = 0.25


def has_mark(data: bytes) -> bool:
    return data.startswith(tuple(mark for mark, _ in _BYTE_ORDER_MARKS))


def decode(name: str, data: bytes) -> str:
    """Return the text of `data`, line ends included, without a byte-order mark.

    The mark names the encoding; without one it is UTF-8.

    Raises:
        DocumentError: empty, binary, or not in the encoding.
    """
    encoding, mark = next(
        ((encoding, mark) for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)),
        ("utf-8", b""),
    )
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if not mark and b"\0" in data:
            raise DocumentError(
                name, "a binary file, not text; take it out of the folder"
            ) from error
        at = len(mark) + error.start
        raise DocumentError(
            name, f"not {encoding.upper()}: byte 0x{data[at]:02x} at offset {at}; save it as UTF-8"
        ) from error
    if "\0" in text:
        raise DocumentError(
            name, "a binary file, not text: it has a NUL character; take it out of the folder"
        )
    if not text.strip():
        raise DocumentError(name, "an empty file; write into it or remove it")
    return text


def decode_page(name: str, data: bytes) -> str:
    """Return the text of a web page, without NUL characters.

    The encoding is that of the byte-order mark, else the declared one, else UTF-8, else the one
    that fits the bytes best.

    Raises:
        DocumentError: empty, binary, or of unknown encoding.
    """
    if data.startswith(_PAGE_MARKS):
        return decode(name, data)
    if data.count(b"\0") > len(data) * _MAX_NUL_SHARE:
        raise DocumentError(name, "a binary file, not a web page")
    data = data.replace(b"\0", b"")
    if not data.strip():
        raise DocumentError(name, "an empty file; write into it or remove it")
    for encoding in filter(None, (_declared(data), "utf-8")):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return _detect(name, data)


def decode_text(name: str, data: bytes) -> str:
    """Return the text of a plain file, as `decode` does; if that fails, as `decode_table` does.

    Raises:
        DocumentError: empty, binary, of unknown encoding, or too short to tell.
    """
    try:
        return decode(name, data)
    except DocumentError as error:
        with suppress(DocumentError):
            text = decode_table(name, data)
            if len(_PLAIN_WORD.findall(text)) >= _MIN_WORDS:
                return text
        raise error from error.__cause__


def decode_table(name: str, data: bytes) -> str:
    """Return the text of a table, which Excel saves in the encoding of its country.

    The encoding is that of the byte-order mark, else UTF-8, else the one that fits the bytes best.

    Raises:
        DocumentError: empty, binary, or of unknown encoding.
    """
    try:
        return decode(name, data)
    except DocumentError:
        if b"\0" in data or has_mark(data) or not data.strip():
            raise
    return _detect(name, data)


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_HEAD_BYTES])
    if not found:
        return None
    try:
        encoding = codecs.lookup(found[1].decode("ascii", "ignore")).name
    except LookupError:
        return None
    return _AS_BROWSERS_DO.get(encoding, encoding) if _FOR_PAGES.fullmatch(encoding) else None


def _detect(name: str, data: bytes) -> str:
    """The text in the likeliest encoding; damaged UTF-8 is not taken for another.

    A few accents amid ASCII letters fit many encodings: browsers assume Windows-1252 first.
    """
    high = len(_HIGH.findall(data))
    if len(_UTF_8_LETTER.findall(data)) * 4 <= high:
        if high < len(_LETTER.findall(data)) * _MAX_ACCENT_SHARE:
            with suppress(UnicodeDecodeError):
                text = data.decode("cp1252")
                warn(_GUESSED.format("Windows-1252"))
                return text
        # Slow to import, and needed in the process that parses alone.
        from charset_normalizer import from_bytes  # noqa: PLC0415

        if (best := from_bytes(data).best()) is not None:
            warn(_GUESSED.format(best.encoding.replace("cp125", "Windows-125")))
            return str(best)
    raise DocumentError(name, "in no encoding that can be told for sure; save it as UTF-8")
