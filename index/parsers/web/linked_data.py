"""The description of a page in its JSON-LD (https://schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from lxml import html as lxml_html

from index.parsers.toolkit.builder import one_line

Element = Any  # lxml has no types

_ARTICLE = re.compile(r".*(?:Article|BlogPosting|LiveBlogPosting|Report|Recipe|HowTo)")
_LIVE = "LiveBlogPosting"
_MARKUP = re.compile(r"</?(?:p|br|div|li|b|i|strong|em|a|h[1-6]|ul|ol)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</(?:p|div|li|h[1-6])\s*>|<br\b[^<>]*>|\n", re.IGNORECASE)
_MAX_DEPTH = 20


class Linked(NamedTuple):
    """What the JSON-LD says of the article; `body` has its paragraphs."""

    authors: tuple[str, ...] = ()
    published: str | None = None
    body: tuple[str, ...] = ()
    is_live: bool = False


def read_linked(tree: Element) -> Linked:
    """Return what the page says; its first article counts, and authors of anything without one."""
    objects: list[Mapping[str, Any]] = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        with suppress(ValueError, RecursionError):
            objects.extend(_objects(json.loads(script, strict=False)))
    articles = [one for one in objects if any(map(_ARTICLE.fullmatch, _types(one)))]
    names = [name for one in articles or objects for name in _names(one.get("author"))]
    return Linked(
        authors=tuple(dict.fromkeys(filter(None, map(one_line, names)))),
        published=next((day for one in articles if (day := _text(one.get("datePublished")))), None),
        body=next((body for one in articles if (body := tuple(_paragraphs(one)))), ()),
        is_live=any(_LIVE in _types(one) for one in articles),
    )


def _objects(data: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for inside in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(inside), depth + 1)


def _types(found: Mapping[str, Any]) -> list[str]:
    types = found.get("@type")
    return [one for one in (types if isinstance(types, list) else [types]) if isinstance(one, str)]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _paragraphs(article: Mapping[str, Any]) -> Iterator[str]:
    body = _text(article.get("articleBody")) or ""
    parts = _PARAGRAPH_END.split(body) if _MARKUP.search(body) else body.split("\n")
    for part in parts:
        if part.strip():
            yield str(lxml_html.fromstring(f"<p>{part}</p>").text_content()).strip()


def _names(author: object, depth: int = 0) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(author, str) and "://" not in author:
        yield author
    elif isinstance(author, dict):
        yield from _names(author.get("name"), depth + 1)
    elif isinstance(author, list):
        for each in author:
            yield from _names(each, depth + 1)
