"""Lengths and cuts in UTF-16 units, in which Telegram counts."""

from __future__ import annotations


def utf16_len(text: str) -> int:
    """Return the length in UTF-16 units: 2 for each character beyond U+FFFF, 1 for the others."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_cut(text: str, offset: int, length: int) -> str:
    """Return the characters under a range of UTF-16 units.

    Raises:
        UnicodeDecodeError: the range begins or ends inside a surrogate pair.
    """
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def utf16_split(text: str, max_units: int) -> list[str]:
    """Return the text in pieces of at most `max_units` (2 or more), never inside a character."""
    pieces = []
    start = units = 0
    for index, character in enumerate(text):
        width = utf16_len(character)
        if units + width > max_units:
            pieces.append(text[start:index])
            start, units = index, 0
        units += width
    return [*pieces, text[start:]]
