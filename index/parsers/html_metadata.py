"""What a web page says of itself: in its head, in JSON-LD, in the mark of who saved it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from index.core.documents import Metadata
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.metadata import read_date

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_HEAD_CHARS = 2000
_LANGUAGES = (
    "/html/@lang | /html/@*[name()='xml:lang'] | //meta[@property='og:locale']/@content"
    " | //meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content"
)
_AUTHORS = "//meta[@name='author' or @property='article:author' or @name='dc.creator']/@content"


def page_metadata(source: str, tree: Any, found: Any) -> Metadata:
    """Return the metadata of a page.

    Args:
        source: its text.
        tree: its elements.
        found: what trafilatura has extracted of it, or None.
    """
    return Metadata(
        title=one_line(getattr(found, "title", None)),
        published=read_date(getattr(found, "date", None)),
        author=_authors(tree) or one_line(getattr(found, "author", None)),
        publisher=one_line(getattr(found, "sitename", None)),
        language=_language(tree),
        url=one_line(getattr(found, "url", None)) or _saved_from(source),
    )


def _language(tree: Any) -> str | None:
    tags = (str(tag).strip().replace("_", "-") for tag in tree.xpath(_LANGUAGES))
    return next((tag for tag in tags if _LANGUAGE.fullmatch(tag)), None)


def _saved_from(source: str) -> str | None:
    found = _SAVED_FROM.search(source[:_HEAD_CHARS])
    return found[1] if found else None


def _authors(tree: Any) -> str | None:
    """The names as the page spells them; trafilatura drops the stops of initials."""
    names: list[str] = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        with suppress(ValueError, RecursionError):
            names.extend(_linked_authors(json.loads(script, strict=False)))
    names = names or [str(name) for name in tree.xpath(_AUTHORS) if "://" not in name]
    lines = dict.fromkeys(filter(None, map(one_line, names)))
    return ", ".join(lines) or None


def _linked_authors(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _linked_authors(item)
    elif isinstance(data, dict):
        yield from _names(data.get("author"))
        yield from _linked_authors(data.get("@graph"))


def _names(author: Any) -> Iterator[str]:
    if isinstance(author, str) and "://" not in author:
        yield author
    elif isinstance(author, dict):
        yield from _names(author.get("name"))
    elif isinstance(author, list):
        for each in author:
            yield from _names(each)
