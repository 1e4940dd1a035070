"""From files and pages to stored documents: parse, split, embed, store."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from index.core.errors import DocumentError
from index.parsers.ocr import IMAGES
from index.sources.files import FoundFile


class Room(NamedTuple):
    """The documents that an archive may bring, and their bytes."""

    documents: int
    size_bytes: int

    def fill(self, files: Iterable[FoundFile]) -> list[FoundFile]:
        """Return the files that fit in, in their order."""
        taken: list[FoundFile] = []
        size_bytes = 0
        for file in files:
            if len(taken) < self.documents and size_bytes + file.stat.size_bytes <= self.size_bytes:
                taken.append(file)
                size_bytes += file.stat.size_bytes
        return taken


ANY_ROOM = Room(sys.maxsize, sys.maxsize)


@dataclass(slots=True)
class IndexReport:
    """Counts of what a run did, in documents but for `embedded`, which counts passages.

    Attributes:
        wordless: pictures without text.
        unknown: count by suffix of the files of formats that cannot be read.
        failed: one error for each file that should have been read and was not.
        left_out: one error for each part of a file that was left out, while the rest was read.
        no_room: the files of an archive for which there was no room.
    """

    added: int = 0
    updated: int = 0
    renamed: int = 0
    removed: int = 0
    unchanged: int = 0
    wordless: int = 0
    embedded: int = 0
    failed: list[DocumentError] = field(default_factory=list)
    left_out: list[DocumentError] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    no_room: int = 0

    def __str__(self) -> str:
        counts = {
            "added": self.added,
            "updated": self.updated,
            "renamed": self.renamed,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "failed": len(self.failed),
            f"picture{'s' * (self.wordless != 1)} without text": self.wordless,
        }
        shown = [f"{count:,} {name}" for name, count in counts.items() if count]
        done = f"{', '.join(shown) or 'nothing to do'}; {self.embedded:,} passages embedded"
        return "; ".join(filter(None, (done, self.unreadable)))

    @property
    def unreadable(self) -> str:
        """What was left out by kind, the most frequent first; "" for nothing."""
        kinds = [
            f"{count:,} {suffix or 'suffixless'} {'file' if count == 1 else 'files'}"
            for suffix, count in sorted(self.unknown.items(), key=lambda one: (-one[1], one[0]))
        ]
        remedy = "; install Tesseract for pictures" if self.unknown.keys() & IMAGES else ""
        return f"{', '.join(kinds)} cannot be read{remedy}" if kinds else ""
