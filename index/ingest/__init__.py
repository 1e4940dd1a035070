"""From files and pages to stored documents: parse, split, embed, store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from index.core.errors import DocumentError
from index.parsers.ocr import IMAGES


@dataclass(slots=True)
class IndexReport:
    """Counts of what a run did, in documents but for `embedded`, which counts passages.

    Attributes:
        wordless: pictures without text.
        unknown: count by suffix of the files of formats that cannot be read.
        failed: one error for each file that should have been read and was not.
        left_out: one error for each part of a file that was left out, while the rest was read.
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
