"""Collections by chat: each chat sees the shared ones and its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # The models are slow to import.
    from index.library import Library


def collection_of(chat_id: int) -> str:
    """Return the collection of what was sent to a chat."""
    return f"chat:{chat_id}"


class Views:
    """Finds the collections from which a chat is answered."""

    def __init__(self, library: Library, shared: Sequence[str]) -> None:
        self.library = library
        self.shared = tuple(shared)
        self.revision = -1
        self.filled: frozenset[str] = frozenset()

    def of_chat(self, chat_id: int) -> tuple[str, ...]:
        """Return the shared collections, and that of the chat unless it is empty."""
        revision = self.library.revision()
        if revision != self.revision:
            self.filled = self.library.collections()
            self.revision = revision
        own = collection_of(chat_id)
        return (*self.shared, own) if own in self.filled else self.shared
