"""Warnings about the file that is being parsed, raised wherever something is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WARNINGS: ContextVar[list[str] | None] = ContextVar("warnings", default=None)


def warn(text: str) -> None:
    """Tell the operator what may be wrong with the document, in one line."""
    found = _WARNINGS.get()
    if found is not None and text not in found:
        found.append(text)


@contextmanager
def collecting() -> Iterator[list[str]]:
    """Yield the list in which the warnings of this block gather."""
    found: list[str] = []
    token = _WARNINGS.set(found)
    try:
        yield found
    finally:
        _WARNINGS.reset(token)
