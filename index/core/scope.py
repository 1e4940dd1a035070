"""Which passages a question may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a question may see.

    Attributes:
        collections: the documents of these; none where it is empty.
        since, until: published on this day or later, or earlier; None for no limit. What has no
            date lies outside of any limit.
        source: the title, path, publisher or URL contains this, whatever the case.
        documents: only these; None for all.
    """

    collections: tuple[str, ...] = ("library",)
    since: date | None = None
    until: date | None = None
    source: str | None = None
    documents: tuple[int, ...] | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it takes more than the names of collections to know what lies inside."""
        return any(
            limit is not None for limit in (self.since, self.until, self.source, self.documents)
        )
