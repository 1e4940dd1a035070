"""The pages of a book in print, which an .epub file marks inside its text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.parsers.toolkit.builder import clean, one_line
from index.parsers.toolkit.xml import Element

PageNames = Mapping[str, str]
"""The names of pages by the id of the element at which they begin; "" for a whole part."""

_TYPE = "{http://www.idpf.org/2007/ops}type"
_NUMBER = re.compile(r"(?:page|pg?\.?|\[)?\s*(\d{1,4})\]?", re.IGNORECASE)
_BITS = 14
_MARK = re.compile(f"\ufeff([\u2060\u200b]{{{_BITS}}})\ufeff")
"""The number of a page, in characters that are not printed and that `clean` drops."""


def mark_pages(page: Element, names: PageNames) -> None:
    """Write the numbers of printed pages into the text at their places, for `PageMarks`.

    What a mark itself reads as, "12" in the middle of a sentence, is taken out.
    """
    for element in list(page.iter()):
        name = names.get(element.get("id", "")) if element.get("id") else None
        if _is_break(element):
            shown = one_line("".join(element.itertext()))
            name = name or element.get("title") or element.get("aria-label") or shown
            if shown and _NUMBER.fullmatch(shown):
                del element[:]
                element.text = None
        if number := _number_of(name):
            _write_before(element, number)
    if (number := _number_of(names.get(""))) and len(page):
        page.text = _written(number) + (page.text or "")


class PageMarks:
    """The offsets of the pages of a book, gathered block by block."""

    def __init__(self) -> None:
        self._starts: dict[int, int] = {}
        self._waiting: list[int] = []
        self._last = 0

    def without(self, text: str) -> tuple[str, list[tuple[int, int]]]:
        """Return a block without marks, and the offset in it, once cleaned, and number of each."""
        marks, pieces, at = [], [], 0
        for found in _MARK.finditer(text):
            pieces.append(text[at : found.start()])
            at = found.end()
            offset = len(clean("".join(pieces) + ".")) - 1
            marks.append((offset, _read(found[1])))
        return "".join([*pieces, text[at:]]), marks

    def add(self, marks: list[tuple[int, int]], start: int | None) -> None:
        """Take the marks of a block that begins at an offset of the book, None if it was empty."""
        if start is None:
            self._waiting += [number for _, number in marks]
            return
        for offset, number in [*((0, number) for number in self._waiting), *marks]:
            # A number that is out of order is none of this book's pages.
            if number > self._last:
                self._starts[number] = start + offset
                self._last = number
        self._waiting.clear()

    def pages(self) -> tuple[int, ...]:
        """Return the offset of each page from the first; of a page without a mark, the next one's.

        Text before the first mark is on no page.
        """
        offsets: list[int] = []
        for number, start in self._starts.items():
            offsets += [start] * (number - len(offsets))
        return tuple(offsets)


def _is_break(element: Element) -> bool:
    kinds = element.get(_TYPE, "").split()
    return "pagebreak" in kinds or element.get("role") == "doc-pagebreak"


def _number_of(name: str | None) -> int:
    """The number of a page, 0 for another name such as "xii"."""
    found = _NUMBER.fullmatch(one_line(name) or "")
    return int(found[1]) if found else 0


def _write_before(element: Element, number: int) -> None:
    written, before, parent = _written(number), element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + written
    elif parent is not None:
        parent.text = (parent.text or "") + written


def _written(number: int) -> str:
    bits = f"{number:0{_BITS}b}".replace("0", "\u2060").replace("1", "\u200b")
    return f"\ufeff{bits}\ufeff"


def _read(bits: str) -> int:
    return int(bits.replace("\u2060", "0").replace("\u200b", "1"), 2)
