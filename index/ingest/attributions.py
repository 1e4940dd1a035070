"""Keeps up to date who says what in the stored documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from index.attribution.speakers import merge_speakers
from index.attribution.tagger import VERSION, Tagger
from index.core.documents import Progress
from index.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredAttributions:
    """The attributions of a library's documents."""

    store: Store
    tagger: Tagger
    writing: AbstractContextManager[None]

    def outdated(self) -> list[int]:
        """Return the ids of the documents that an earlier version indexed."""
        return self.store.attributions.outdated(VERSION)

    def update(self, document_id: int, go_on: Callable[[], None] = lambda: None) -> None:
        """Find who says what in a document, if it is still there; see `Tagger.find`."""
        with self.writing:
            if (read := self.store.attributions.source(document_id)) is not None:
                found = self.tagger.find(*read, go_on)
                self.store.attributions.replace(document_id, found, VERSION)

    def update_all(self, progress: Progress | None = None) -> None:
        """Find who says what in all outdated documents."""
        outdated = self.outdated()
        for done, document_id in enumerate(outdated, start=1):
            self.update(document_id)
            if progress is not None:
                progress(done, len(outdated))

    def speakers(self, collections: Sequence[str]) -> list[tuple[str, int]]:
        """Return who is quoted in collections and how often, most first; see `merge_speakers`."""
        return merge_speakers(self.store.attributions.speakers(collections))
