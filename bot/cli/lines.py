"""Lines of text from standard input and the command line, which may hold any bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TextIO

from index.core.errors import QuestionError


def lines_of(source: TextIO) -> Iterable[str]:
    """Return the lines of a stream; bytes that are no text become surrogates, see `check_text`."""
    if isinstance(source, io.TextIOWrapper):
        source.reconfigure(errors="surrogateescape")
    return source


def check_text(text: str) -> str:
    """Return a text that was typed.

    Raises:
        QuestionError: it holds bytes that are no text.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QuestionError(
            f"{readable(text)!r} is no text in UTF-8; save or type it in that encoding"
        ) from error
    return text


def readable(text: str) -> str:
    """Return a text in which a mark stands for what is none."""
    return text.encode(errors="replace").decode()
