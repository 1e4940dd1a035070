"""Compares the files found with the documents stored of them."""

from __future__ import annotations

from collections.abc import Sequence

from index.core.files import StoredFile
from index.parsers import PARSERS_VERSION


def is_current(file: StoredFile) -> bool:
    """Whether the parsers would read the same from the same bytes again."""
    return file.parsers_version == PARSERS_VERSION


def is_same(file: StoredFile, sha256: str) -> bool:
    """Whether a document was read from bytes with this SHA-256, as they would be read today."""
    return file.sha256 == sha256 and is_current(file)


def is_under(path: str, names: Sequence[str]) -> bool:
    """Whether a file, or a folder or archive around it, has one of the names."""
    return any(name in {".", path} or path.startswith(f"{name}/") for name in names)
