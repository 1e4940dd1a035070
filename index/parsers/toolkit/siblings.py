"""Files beside the one that is parsed, of which it needs words: other pages of an exported chat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import PurePosixPath
from types import MappingProxyType

Siblings = Mapping[str, bytes]
"""The bytes of files by name, in the same folder."""

NONE: Siblings = MappingProxyType({})
MAX_SIBLINGS = 30

_SIBLINGS: ContextVar[Siblings] = ContextVar("siblings", default=NONE)  # frozen
_PAGES = frozenset({".html", ".htm"})
_REPLY = re.compile(rb"""href=["'](messages\d{0,6}\.html)#go_to_message\d""")


def siblings_of(name: str, data: bytes) -> list[str]:
    """Return the names of the files that a file refers to, in the order in which it does."""
    path = PurePosixPath(name)
    if path.suffix.lower() not in _PAGES:
        return []
    found = dict.fromkeys(match[1].decode() for match in _REPLY.finditer(data))
    return [other for other in found if other != path.name][:MAX_SIBLINGS]


@contextmanager
def beside(siblings: Siblings) -> Iterator[None]:
    """Let a parser see files beside its own."""
    token = _SIBLINGS.set(siblings)
    try:
        yield
    finally:
        _SIBLINGS.reset(token)


def siblings() -> Siblings:
    """Return the files beside the one that is parsed."""
    return _SIBLINGS.get()
