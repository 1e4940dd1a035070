"""Pages of several dated posts, such as live blogs: each post has a time and a heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

Element = Any  # lxml has no types

_LIVE = "//*[contains(@itemtype, 'LiveBlogPosting')]"
_LIVE_CLASS = re.compile(
    r"live[-_]*(?:blog|coverage|entr|event|feed|item|post|report|stream|ticker|update)|news-?ticker",
    re.IGNORECASE,
)
_LIVE_TITLE = re.compile(
    r"\blive\s*[:|–—-]|\blive (?:updates|blog|coverage|news)\b|live-?(?:ticker|blog)"
    r"|\ben (?:direct|vivo|directo)\b|\bminuto a minuto\b"
    r"|онлайн[- ]?(?:трансляция|репортаж)|\bas it happened\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"comment|reply|teaser|related", re.IGNORECASE)
_MIN_POSTS = 2
_MIN_CHARS = 40


def find_posts(tree: Element, is_live: bool) -> Mapping[Element, datetime]:
    """Return the posts of a page that is a live blog with their times, none for other pages.

    Posts are siblings, each with a time of its own and a paragraph.
    """
    if not (is_live or _is_live(tree)):
        return {}
    groups: dict[Element, dict[Element, datetime]] = {}
    for stamp in tree.xpath(".//body//time[@datetime] | .//body//*[@itemprop='datePublished']"):
        post = next((one for one in stamp.iterancestors() if _is_post(one)), None)
        time = _read(stamp.get("datetime") or stamp.get("content") or "")
        if post is not None and time is not None:
            groups.setdefault(post.getparent(), {}).setdefault(post, time)
    largest = max(groups.values(), key=len, default={})
    return largest if len(largest) >= _MIN_POSTS else {}


def _is_live(tree: Element) -> bool:
    """Whether a page says that it is a live blog, in its title or in the names of its parts."""
    titles = tree.xpath("//title | //h1")
    return (
        bool(tree.xpath(_LIVE))
        or any(_LIVE_TITLE.search(one.text_content()) for one in titles)
        or any(_LIVE_CLASS.search(one.get("class")) for one in tree.xpath("//body//*[@class]"))
    )


def _is_post(element: Element) -> bool:
    marks = f"{element.get('class', '')} {element.get('itemtype', '')}"
    if element.tag not in {"article", "div", "section", "li"}:
        return False
    if _COMMENT.search(marks) or "comment" in (element.getparent().get("class") or ""):
        return False
    return any(len(text.text_content().strip()) >= _MIN_CHARS for text in element.iter("p"))


def _read(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
