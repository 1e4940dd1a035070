"""Pages of several dated posts, such as live blogs: each post has a time and a heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

Element = Any  # lxml has no types

_LIVE = (
    "//*[contains(@class, 'liveblog') or contains(@class, 'live-blog')"
    " or contains(@class, 'live-updates') or contains(@itemtype, 'LiveBlogPosting')]"
)
_COMMENT = re.compile(r"comment|reply|teaser|related", re.IGNORECASE)
_MIN_POSTS = 2
_MIN_CHARS = 40


def find_posts(tree: Element, is_live: bool) -> Mapping[Element, datetime]:
    """Return the posts of a page that is a live blog with their times, none for other pages.

    Posts are siblings, each with a time of its own and a paragraph.
    """
    if not (is_live or tree.xpath(_LIVE)):
        return {}
    groups: dict[Element, dict[Element, datetime]] = {}
    for stamp in tree.xpath(".//body//time[@datetime] | .//body//*[@itemprop='datePublished']"):
        post = next((one for one in stamp.iterancestors() if _is_post(one)), None)
        time = _read(stamp.get("datetime") or stamp.get("content") or "")
        if post is not None and time is not None:
            groups.setdefault(post.getparent(), {}).setdefault(post, time)
    largest = max(groups.values(), key=len, default={})
    return largest if len(largest) >= _MIN_POSTS else {}


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
