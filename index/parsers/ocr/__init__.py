"""Reads pages and pictures without text by OCR, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from index.core.documents import Progress

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})
"""Suffixes of pictures, whose text is read."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """How pages without text are read.

    Attributes:
        languages: those of Tesseract, as "eng" or "deu+eng"; "" for not at all.
        pages: the most pages of a file.
        seconds: the most time for a file; pages that come later are left out.
    """

    languages: str = "eng"
    pages: int = 100
    seconds: float = 600.0


OFF = Ocr(languages="")

OCR: ContextVar[Ocr] = ContextVar("ocr", default=Ocr())  # noqa: B039  # it is frozen
_PROGRESS: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def reporting(progress: Progress | None) -> Iterator[None]:
    """Have the pages that are read inside this block reported."""
    token = _PROGRESS.set(progress)
    try:
        yield
    finally:
        _PROGRESS.reset(token)


def report(done: int, total: int) -> None:
    """Report how many of the pages of a file are read."""
    if (progress := _PROGRESS.get()) is not None:
        progress(done, total)
