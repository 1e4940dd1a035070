"""Title, day, author, publisher, language and address of a page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from index.core.documents import Metadata
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.metadata import bare_name, is_language, read_date
from index.parsers.web.linked_data import Linked

Element = Any  # lxml has no types

_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_HEAD_CHARS = 2000
_LANGUAGES = (
    "/html/@lang | /html/@*[name()='xml:lang'] | //meta[@property='og:locale']/@content"
    " | //meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content"
)
_AUTHORS = "//meta[@name='author' or @property='article:author' or @name='dc.creator'][@content]"
_PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time'"
    " or @itemprop='datePublished' or @name='parsely-pub-date'][@content]"
)
_TITLES = "//meta[@property='og:title' or @name='twitter:title' or @name='dc.title'][@content]"
_TITLE_BORDER = re.compile(r"\s[|·»–—-]\s")
_LETTER = re.compile(r"[^\W\d_]")
_LABELLED_DAY = re.compile(
    r"(?:date|published|posted|datum|veröffentlicht|publié|fecha|publicado|дата)\b"
    r"(?:\s+(?:on|am|le|el))?[:\s]\s*(?P<day>\S.{5,40})",
    re.IGNORECASE,
)


def read_page_metadata(source: str, tree: Element, found: Any, linked: Linked) -> Metadata:
    """Return the metadata that an extractor has `found`, put right from the page."""
    saved_from = _SAVED_FROM.search(source[:_HEAD_CHARS])
    title = one_line(getattr(found, "title", None))
    published, day_place = _published(tree, found, linked)
    author, author_place = _authors(tree, linked)
    if author is None:
        author = bare_name(one_line(getattr(found, "author", None)))
    publisher = one_line(getattr(found, "sitename", None))
    if publisher is not None and not _LETTER.search(publisher):
        publisher = _publisher_in_title(tree, title)
    return Metadata(
        title=title,
        published=published,
        author=author,
        publisher=publisher,
        language=_language(tree),
        url=one_line(getattr(found, "url", None)) or (saved_from[1] if saved_from else None),
        origins={
            "title": _title_place(tree, title),
            "published": day_place,
            "author": author_place,
        },
    )


def _title_place(tree: Element, title: str | None) -> str:
    """Where a title that an extractor found stands in the page."""
    for meta in tree.xpath(_TITLES):
        if one_line(meta.get("content")) == title:
            return _name_of(meta)
    names = {"h1": "first heading", "title": "title of the page"}
    return next(
        (
            place
            for tag, place in names.items()
            if any(title in _shown(one) for one in tree.iter(tag) if title)
        ),
        "page",
    )


def _name_of(meta: Element) -> str:
    return str(meta.get("property") or meta.get("name") or meta.get("itemprop"))


def _published(tree: Element, found: Any, linked: Linked) -> tuple[date | None, str]:
    """The day that the page declares, else that of its heading, else the likeliest in its text.

    With it comes the place.
    """
    declared = [(meta.get("content"), _name_of(meta)) for meta in tree.xpath(_PUBLISHED)[:3]]
    in_title = [part for part in _title_parts(tree) if not _LETTER.search(part)]
    for text, place in (
        (linked.published, "JSON-LD"),
        *declared,
        *((part, "title of the page") for part in in_title),
        (getattr(found, "date", None), "page"),
    ):
        if text and (day := read_date(str(text))):
            return day, place
    for element in tree.xpath("//body//*[self::li or self::p or self::span or self::div]"):
        if len(element) <= 2 and (label := _LABELLED_DAY.fullmatch(_shown(element))):
            return read_date(label["day"]), "text"
    return None, ""


def _shown(element: Element) -> str:
    return " ".join(element.text_content()[:200].split())


def _title_parts(tree: Element) -> list[str]:
    title = one_line(tree.findtext(".//title")) or ""
    return [part.strip() for part in _TITLE_BORDER.split(title)]


def _publisher_in_title(tree: Element, title: str | None) -> str | None:
    parts = [part for part in _title_parts(tree)[1:] if part != title and _LETTER.search(part)]
    return parts[-1] if parts else None


def _language(tree: Element) -> str | None:
    tags = (str(tag).strip().replace("_", "-") for tag in tree.xpath(_LANGUAGES))
    return next((tag for tag in tags if is_language(tag)), None)


def _authors(tree: Element, linked: Linked) -> tuple[str | None, str]:
    """The authors as the page spells them, and the place; trafilatura drops stops of initials."""
    metas = [meta for meta in tree.xpath(_AUTHORS) if "://" not in meta.get("content")]
    names = linked.authors or [meta.get("content") for meta in metas]
    lines = dict.fromkeys(filter(None, (bare_name(one_line(name)) for name in names)))
    place = "JSON-LD" if linked.authors else _name_of(metas[0]) if metas else ""
    return ", ".join(lines) or None, place if lines else "byline"
