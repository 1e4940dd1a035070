"""Builds a canonical text from the parts of a file and keeps the offset of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time

from index.core.documents import Entry, Metadata, Paragraph, Parsed, Span, Speaker

_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")


def clean(text: str) -> str:
    """Return text without control characters, soft hyphens, runs of blanks and blank lines."""
    if text.isprintable() and "  " not in text:  # most texts, in a tenth of the time
        return text.strip()
    lines = _UNPRINTABLE.sub("", _LINE_BREAKS.sub("\n", text))
    return _BREAKS.sub("\n", _BLANKS.sub(" ", lines)).strip()


def one_line(text: str | None) -> str | None:
    """Return text as one clean line, None if nothing is left."""
    return " ".join(clean(text or "").split()) or None


def join_cells(cells: Sequence[str | None]) -> str:
    """Return the cells of a row with bars between them; those after the last text are left out."""
    last = max((at for at, cell in enumerate(cells) if cell), default=-1)
    return " | ".join(cell or "" for cell in cells[: last + 1])


class TextBuilder:
    """Cleans blocks of text, drops empty ones, and joins them by blank lines."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._length = 0
        self._paragraphs: list[Paragraph] = []
        self._pages: list[int] = []
        self._resumed: list[tuple[int, int]] = []
        self._page = 0
        self._entries: list[Entry] = []

    def add_paragraph(
        self, text: str, heading: str = "", pages: Sequence[tuple[int, int]] = ()
    ) -> Span | None:
        """Add a block that may be quoted; return its span, None if it is empty.

        `pages` are the number and the offset in `text` of each further page.
        """
        for number, at in pages:
            self._turn_to(number, self._next_start + len(clean(f"{text[:at]}.")) - 1)
        if (span := self.add_unquoted(text)) is not None:
            self._paragraphs.append(Paragraph(span, heading))
        return span

    def add_unquoted(self, text: str) -> Span | None:
        """Add a heading, a caption or a name; return its span, None if it is empty."""
        block = clean(text)
        if not block:
            return None
        start = self._next_start
        self._blocks.append(block)
        self._length = start + len(block)
        return Span(start, self._length)

    def start_page(self) -> None:
        """Begin the next page; the first call begins the first page."""
        self.turn_to(len(self._pages) + 1)

    def turn_to(self, number: int) -> None:
        """Go on with a page, from 1: the one it is, a later one, or again one before."""
        self._turn_to(number, self._next_start)

    def start_entry(
        self,
        title: str | None = None,
        published: date | None = None,
        at: time | None = None,
        speaker: str | None = None,
        url: str | None = None,
    ) -> None:
        """Begin a part with a source of its own; its first block is the name of the speaker."""
        start = self._next_start
        named = self.add_unquoted(speaker) if speaker else None
        name = Speaker(self._blocks[-1], named) if named else None
        self._entries.append(Entry(start, title, published, at, name, url))

    def build(self, metadata: Metadata) -> Parsed:
        return Parsed(
            text="\n\n".join(self._blocks),
            paragraphs=tuple(self._paragraphs),
            metadata=metadata,
            pages=tuple(min(start, self._length) for start in self._pages),
            resumed=tuple(mark for mark in self._resumed if mark[1] < self._length),
            entries=tuple(entry for entry in self._entries if entry.start < self._length),
        )

    def _turn_to(self, number: int, start: int) -> None:
        if number <= len(self._pages) and number != self._page:
            self._resumed.append((number, start))
        self._pages.extend([start] * (number - len(self._pages)))
        self._page = number

    @property
    def _next_start(self) -> int:
        return self._length + 2 if self._blocks else 0
