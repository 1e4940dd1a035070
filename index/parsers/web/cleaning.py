"""Removes from a page what is no text of its article: captions, adverts, offers, teasers."""

from __future__ import annotations

import re
from typing import Any

from index.parsers.toolkit.xml import is_hidden

Element = Any  # lxml has no types

_EXTRA_CLASS = re.compile(
    r"(?:[\w-]*[-_])?caption(?:[-_]?text)?|(?:image|photo|media|picture|img)[-_]*(?:title|credit)s?"
    r"|headerlink|mw-editsection|sr-only|visually-?hidden|screen-reader-text|amp-sidebar"
    r"|(?:ads?|adverts?|advertisements?|advertising)"
    r"(?:[-_]?(?:banner|block|box|container|label|slot|text|unit|wrapper))?",
    re.IGNORECASE,
)
_OFFER_CLASS = re.compile(
    r"paywall|reg-?wall|subscri|newsletter|sign-?up|meter|premium|offer|promo|abo\b|upsell|gate",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"subscri|sign (?:in|up)|log ?in\b|newsletter|unlimited access|free articles?|membership"
    r"|abonn|anmelden|registrier|s'inscrire|suscr[ií]b|iniciar sesi|iscriviti|подпи[сш]|войдите",
    re.IGNORECASE,
)
_TEASER_CLASS = re.compile(
    r"teasers?|related|recommend|read-?more-?(?:list|box|links)|more-?(?:on|from|stories|news|articles)"
    r"|see-?also|also-?read|most-?(?:read|popular)|trending",
    re.IGNORECASE,
)
_MAX_DROPPED_CHARS = 600
_MIN_REPEATED = 3
_MAX_TEASER_CHARS = 300
_MAX_SHARE_OF_TEASERS = 0.5
_MAX_SHARE_HIDDEN = 0.9


def clean_page(tree: Element) -> None:
    """Remove what is hidden or stands around the text, but not if it is most of the page."""
    _drop_hidden(tree)
    _drop(tree, [one for one in tree.xpath(_MARKED) if _is_extra(one)])
    _drop(tree, _teasers(tree), _MAX_SHARE_OF_TEASERS)
    # Inside a sentence extraction would take these for blocks.
    for element in tree.xpath("//body//q | //body//code[not(ancestor::pre)]"):
        element.drop_tag()


_MARKED = "//figcaption | //sup[.//a[contains(@href, '#')]] | //body//*[@class]"


def _drop(tree: Element, elements: list[Element], max_share: float = 1.0) -> None:
    if max_share < 1 and elements:
        dropped = sum(_length(element) for element in elements)
        if dropped > max_share * _length(tree):
            return
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _drop_hidden(tree: Element) -> None:
    hidden = [one for one in tree.iter("*") if _is_out_of_sight(one)]
    if sum(map(_length, hidden)) <= _MAX_SHARE_HIDDEN * _length(tree):
        _drop(tree, hidden)
    else:  # a script would show it
        for element in hidden:
            element.attrib.pop("hidden", None)
            element.attrib.pop("style", None)


def _length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext() if not text.isspace())


def _is_out_of_sight(element: Element) -> bool:
    tag = element.tag
    if tag in {"html", "head", "body"} or not isinstance(tag, str):
        return False
    return tag in {"noscript", "template", "amp-sidebar", "dialog"} or is_hidden(element)


def _is_extra(element: Element) -> bool:
    """Whether an element is a short one that repeats, sells or decorates."""
    named = element.tag in {"figcaption", "sup"}
    classes = element.get("class", "")
    named = named or any(map(_EXTRA_CLASS.fullmatch, classes.split()))
    offers = not named and _OFFER_CLASS.search(classes)
    if not (named or offers):
        return False
    text = element.text_content().strip()
    return len(text) <= _MAX_DROPPED_CHARS and (named or bool(_OFFER.search(text)))


def _teasers(tree: Element) -> list[Element]:
    """Elements that point to other articles: named so, or several alike that are mostly a link."""
    found = []
    alike: dict[tuple[Element, str], list[Element]] = {}
    for element in tree.xpath("//body//*[@class][.//a]"):
        classes = element.get("class", "")
        if element.tag in {"body", "main", "article", "a", "p"}:
            continue
        if any(map(_TEASER_CLASS.search, classes.split())) and is_link_list(element):
            found.append(element)
        elif element.tag in {"div", "li", "section"}:
            alike.setdefault((element.getparent(), classes), []).append(element)
    for group in alike.values():
        if len(group) >= _MIN_REPEATED and all(map(_is_teaser, group)):
            found.extend(group)
    return found


def _is_teaser(element: Element) -> bool:
    return _length(element) <= _MAX_TEASER_CHARS and is_link_list(element)


def is_link_list(element: Element) -> bool:
    """Whether at least half of the text of an element is in links."""
    linked = sum(_length(link) for link in element.iter("a"))
    return linked > 0 and linked * 2 >= _length(element)
