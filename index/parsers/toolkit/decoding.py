"""Bytes to text, strictly: a character that cannot be decoded would make every offset a guess."""

from __future__ import annotations

import codecs

from index.core.errors import DocumentError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def has_mark(data: bytes) -> bool:
    """Whether a byte-order mark tells the encoding of `data`."""
    return data.startswith(tuple(mark for mark, _ in _BYTE_ORDER_MARKS))


def decode(name: str, data: bytes) -> str:
    """Return the text of `data`, character for character but for a byte-order mark.

    UTF-8 unless a mark says otherwise; line ends stay as they are.

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
