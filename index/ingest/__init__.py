"""From files and pages to stored documents: parse, split, embed, store."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.core.errors import DocumentError


@dataclass(slots=True)
class IndexReport:
    """Counts of what a run did, in documents but for `embedded`, which counts passages.

    Attributes:
        skipped: files of a format that cannot be read.
        failed: one error for each file that should have been read and was not.
        left_out: one error for each part of a file that was left out, while the rest was read.
    """

    added: int = 0
    updated: int = 0
    renamed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: int = 0
    embedded: int = 0
    failed: list[DocumentError] = field(default_factory=list)
    left_out: list[DocumentError] = field(default_factory=list)

    def __str__(self) -> str:
        counts = {
            "added": self.added,
            "updated": self.updated,
            "renamed": self.renamed,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "failed": len(self.failed),
            "of other formats": self.skipped,
        }
        shown = [f"{count:,} {name}" for name, count in counts.items() if count]
        return f"{', '.join(shown) or 'nothing to do'}; {self.embedded:,} passages embedded"
