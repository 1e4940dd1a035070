"""The blocks of a page that are its article: those that extraction finds, and what lies between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from index.parsers.toolkit.xml import Block, blocks
from index.parsers.web.cleaning import is_link_list

Element = Any  # lxml has no types

_WORD = re.compile(r"\w+")
_RUN = 4
_MIN_SHARE = 0.5
_MIN_SHARE_OF_GROUP = 0.25
_MAX_GAP = 3
_FEW_CHARS = 250
_CONTAINERS = (
    "//*[@itemprop='articleBody']",
    "//article",
    "//main | //*[@role='main']",
    "//body",
)
_AROUND = frozenset({"nav", "aside", "footer", "form", "header"})
_AROUND_CLASS = re.compile(
    r"nav|menu|footer|side-?bar|cookie|consent|banner|breadcrumb|share|social|comment|related"
    r"|recommend|teaser|promo|newsletter|subscri|tags?|copyright",
    re.IGNORECASE,
)
_INLINE_TAGS = """
a abbr b bdi bdo cite code em font i ins mark s small span strong sub sup time u
"""
_INLINE = frozenset(_INLINE_TAGS.split())
_GROUPS = frozenset({"ul", "ol", "dl", "table"})


def find_article(
    tree: Element, extracted: Element | None, posts: frozenset[Element] = frozenset()
) -> list[Block]:
    """Return the article's blocks in reading order, in their own words.

    `extracted` is what an extractor made of the page. It only chooses: a block of which it has
    half of the runs of words is kept whole, a list or table as a whole, a block between two that
    are kept and stand beside it, and all of the `posts`.
    """
    found = list(blocks(tree))
    kept = _choose(found, extracted)
    if _characters(found, kept) < _FEW_CHARS:
        likely = _likely(tree, found)
        if _characters(found, likely) > _characters(found, kept):
            kept = likely
    return [
        block
        for block, keep in zip(found, kept, strict=True)
        if keep or any(one in posts for one in block.element.iterancestors())
    ]


def _characters(found: Sequence[Block], kept: Sequence[bool]) -> int:
    return sum(len(block.text) for block, keep in zip(found, kept, strict=True) if keep)


def _choose(found: Sequence[Block], extracted: Element | None) -> list[bool]:
    if extracted is None:
        return [False] * len(found)
    words = _words(" ".join(extracted.itertext()))
    runs = set(zip(*(words[at:] for at in range(_RUN)), strict=False))
    lines = {tuple(_words(" ".join(element.itertext()))) for element in extracted.iter()}
    kept = [_is_found(block, runs, lines) for block in found]
    places = [_place(block) for block in found]
    _keep_groups(found, kept, [group for _, group in places])
    edges = [at for at, keep in enumerate(kept) if keep]
    for before, after in pairwise(edges):
        gap = range(before + 1, after)
        if len(gap) > _MAX_GAP:
            continue
        for at in gap:
            beside = places[at][0] is places[before][0] and places[at][0] is places[after][0]
            kept[at] = beside and not _stands_around(found[at])
    return kept


def _keep_groups(
    found: Sequence[Block], kept: list[bool], groups: Sequence[Element | None]
) -> None:
    """Keep all of a list or table of which a good part is kept, or any beside kept text."""
    beside = {block.element.getparent() for block, keep in zip(found, kept, strict=True) if keep}
    members: dict[Element, list[int]] = {}
    for at, group in enumerate(groups):
        if group is not None:
            members.setdefault(group, []).append(at)
    for group, places in members.items():
        known = sum(len(found[at].text) for at in places if kept[at])
        share = known / sum(len(found[at].text) for at in places)
        if share >= _MIN_SHARE_OF_GROUP or (known and group.getparent() in beside):
            for at in places:
                kept[at] = kept[at] or not _stands_around(found[at])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _is_found(block: Block, runs: set[tuple[str, ...]], lines: set[tuple[str, ...]]) -> bool:
    words = _words(block.text)
    if len(words) < _RUN:
        return tuple(words) in lines
    own = list(zip(*(words[at:] for at in range(_RUN)), strict=False))
    return sum(run in runs for run in own) >= _MIN_SHARE * len(own)


def _place(block: Block) -> tuple[Element, Element | None]:
    """The element that holds the block beside others, and the list or table that it is part of."""
    group = next((one for one in block.element.iterancestors() if one.tag in _GROUPS), None)
    element = block.element
    while element.getparent() is not None and element.tag in _INLINE:
        element = element.getparent()
    return element.getparent(), group


def _stands_around(block: Block) -> bool:
    """Whether a block leads elsewhere, or stands in a part of the page for that."""
    for element in (block.element, *block.element.iterancestors()):
        if element.tag in {"article", "main", "body"}:
            break
        if element.tag in _AROUND or _AROUND_CLASS.search(element.get("class", "")):
            return True
    return is_link_list(block.element)


def _likely(tree: Element, found: Sequence[Block]) -> list[bool]:
    """The blocks of the element that by its name is the article, without what stands around."""
    container = next(filter(None, (tree.xpath(path) for path in _CONTAINERS)), [tree])
    inside = set(container)
    return [
        not inside.isdisjoint((block.element, *block.element.iterancestors()))
        and not _stands_around(block)
        for block in found
    ]
