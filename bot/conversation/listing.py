"""The documents in the order in which they are listed, and how one of them is named in a link."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from index.core.documents import Document

_KEY_BYTES = 9


class Listing(NamedTuple):
    """A part of the list, and how many documents come before and after it."""

    documents: tuple[Document, ...]
    skipped: int
    following: int


def list_documents(documents: Sequence[Document], word: str, skipped: int, limit: int) -> Listing:
    """Return up to `limit` documents, newest first, those without a date last.

    Where the list ends before `skipped`, it is the last part of it.
    """
    found = [document for document in documents if matches(document, word)]
    found.sort(key=lambda document: document.metadata.published or date.min, reverse=True)
    last = (len(found) - 1) // limit * limit if found else 0
    skipped = max(0, min(skipped, last))
    shown = tuple(found[skipped : skipped + limit])
    return Listing(shown, skipped, len(found) - skipped - len(shown))


def matches(document: Document, word: str) -> bool:
    """Whether the title or the publisher of a document, or its name for want of a title, has it."""
    metadata = document.metadata
    wanted = word.casefold()
    names = (metadata.title or document.path, metadata.publisher or "")
    return any(wanted in " ".join(name.split()).casefold() for name in names)


def key_of(document: Document) -> str:
    """Return 12 of A-Z a-z 0-9 _ - that stay the same for as long as its place does.

    An id would not do: it may be given to another document later.
    """
    place = f"{document.collection}\n{document.path}".encode()
    return urlsafe_b64encode(hashlib.sha256(place).digest()[:_KEY_BYTES]).decode()
