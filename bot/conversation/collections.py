"""What the bot does with documents beside asking them, and which collections a chat sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from index.core.documents import Document, Progress, StoredFile
from index.ingest import IndexReport


class Shelves(Protocol):
    """What uploads ask of the index. All may take as long as indexing does, but for three."""

    def add_document(
        self, location: Path | str, collection: str, progress: Progress, name: str = ""
    ) -> IndexReport:
        """Add one file, under a name of its own, or the page of a URL.

        `progress` is told of passages, and ends the work where it raises.
        """

    def move(self, document_id: int, collection: str) -> str:
        """Move a document to a collection; return its name there.

        Raises:
            DocumentError: there is no such document, or the collection has its page already.
        """

    def remove(self, document_id: int) -> None:
        """Remove a document.

        Raises:
            DocumentError: there is no such document.
        """

    def documents(self, collections: Sequence[str]) -> Sequence[Document]:
        """Return the documents in the order in which a user should see them."""

    def files(self, collection: str) -> Mapping[str, StoredFile]:
        """Return the documents of a collection by path, as files. Any thread may ask."""

    def collections(self) -> frozenset[str]:
        """Return the collections that hold a document. Any thread may ask."""

    def revision(self) -> int:
        """Return a number that changes with what is indexed. Any thread may ask."""


def collection_of(chat_id: int) -> str:
    """Return the collection of what was sent to a chat."""
    return f"chat:{chat_id}"


class Views:
    """Which collections a question of a chat is answered from."""

    def __init__(self, shelves: Shelves, shared: Sequence[str]) -> None:
        """Take the collections that all chats see."""
        self.shelves = shelves
        self.shared = tuple(shared)
        self.revision = -1
        self.filled: frozenset[str] = frozenset()

    def of_chat(self, chat_id: int) -> tuple[str, ...]:
        """Return the shared collections, and that of the chat unless it is empty."""
        revision = self.shelves.revision()
        if revision != self.revision:
            self.filled = self.shelves.collections()
            self.revision = revision
        own = collection_of(chat_id)
        return (*self.shared, own) if own in self.filled else self.shared
