"""References: quotes with the facts that a citation needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.conversation.clippings import Recalled
from bot.texts.answers import UNPRINTABLE, document_name
from index.core.answers import Quote
from index.core.documents import Metadata
from index.sources.names import is_url

_BETWEEN_NAMES = re.compile(r"\s*;\s*|\s+and\s+|\s*&\s*")


@dataclass(frozen=True, slots=True)
class Reference:
    """A quote that was recalled."""

    recalled: Recalled
    quote: Quote

    @property
    def text(self) -> str:
        return self.quote.text

    @property
    def metadata(self) -> Metadata:
        return self.quote.source.metadata

    @property
    def title(self) -> str:
        return self.metadata.title or document_name(self.quote.source)

    @property
    def authors(self) -> list[str]:
        """The names in the field of the author; a comma may belong to one name or part two."""
        given = self.metadata.author or ""
        names = [name for name in _BETWEEN_NAMES.split(given) if name]
        parts = [part.strip() for part in given.split(",")]
        if len(names) == 1 and len(parts) > 1 and all(" " in part for part in parts):
            return parts
        return names

    @property
    def url(self) -> str:
        path = self.quote.document.path
        return self.metadata.url or (path if is_url(path) else "")

    @property
    def file(self) -> str:
        path = self.quote.document.path
        return "" if is_url(path) else path

    @property
    def paragraph(self) -> int | None:
        """The number of the paragraph; None if the document has changed since."""
        return self.quote.paragraph or None

    @property
    def speaker(self) -> str:
        return self.quote.speaker.text if self.quote.speaker else ""


def references(recalled: Iterable[Recalled]) -> Iterator[Reference]:
    """Yield those quotes whose words are still there."""
    for one in recalled:
        if one.quote is not None:
            yield Reference(one, one.quote)


def printable(text: str) -> str:
    """Return a text with its line breaks, and blanks for characters that no file may hold."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(UNPRINTABLE.sub(" ", line.replace("\t", " ")) for line in lines)


def one_line(text: str) -> str:
    return printable(text).replace("\n", " ")
