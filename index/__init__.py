"""Documents in, quotes out: the public names of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.core.answers import Answer, Quote
from index.core.documents import Document
from index.core.errors import OnrecordError
from index.core.scope import Scope

if TYPE_CHECKING:
    from index.library import Library

__all__ = ["Answer", "Document", "Library", "OnrecordError", "Quote", "Scope"]


def __getattr__(name: str) -> object:
    # The library brings FAISS, Tantivy and ONNX Runtime, which the other names do without.
    if name == "Library":
        from index.library import Library  # noqa: PLC0415

        return Library
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
