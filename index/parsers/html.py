"""Web pages, as files (.html) or saved by a browser (.mhtml): the article and its metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message
from functools import partial
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from trafilatura import bare_extraction

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.mail import MALFORMED, refuse_hostile
from index.parsers.plain import is_caption
from index.parsers.toolkit.builder import TextBuilder, clean, one_line
from index.parsers.toolkit.encoding import decode_page
from index.parsers.toolkit.metadata import is_language, read_date
from index.parsers.toolkit.xml import Block, left_out_deep

_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "code", "div"})
_CELL_BORDER = " | "
_EXTRA_CLASS = re.compile(
    r"(?:[\w-]*[-_])?caption(?:[-_]?text)?"
    r"|headerlink|(?:ads?|adverts?|advertisements?|advertising)"
    r"(?:[-_]?(?:banner|block|box|container|label|slot|text|unit|wrapper))?",
    re.IGNORECASE,
)
_MAX_DROPPED_CHARS = 600
_FEW_CHARS = 250
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_ADDRESS = re.compile(r"https?://\S+")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_HEAD_CHARS = 2000
_LANGUAGES = (
    "/html/@lang | /html/@*[name()='xml:lang'] | //meta[@property='og:locale']/@content"
    " | //meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content"
)
_AUTHORS = "//meta[@name='author' or @property='article:author' or @name='dc.creator']/@content"


def parse_html(name: str, data: bytes) -> Parsed:
    """Return the article of a page, without menus, adverts, related links, comments and captions.

    A row of a table is a paragraph, its cells joined by " | ". Nothing is fetched.

    Raises:
        DocumentError: empty, binary, in no certain encoding, or nested too deeply.
    """
    source = decode_page(name, data)
    tree = _tree(name, source)
    _drop_extras(tree)
    try:
        found = _extract(tree)
        blocks = list(_blocks(found.body)) if found is not None else []
    except RecursionError as error:
        raise _too_deep(name) from error
    return _build(blocks, _metadata(source, tree, found))


def parse_mhtml(name: str, data: bytes) -> Parsed:
    """Return the article in a page saved with its pictures (MHTML, RFC 2557); see `parse_html`.

    Raises:
        DocumentError: no page in the file, or one that `parse_html` refuses.
    """
    refuse_hostile(name, data)
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        page = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
        source = page.get_payload(decode=True) if page is not None else None
    except (RecursionError, *MALFORMED) as error:
        raise DocumentError(name, f"a malformed saved page ({error}); save it again") from error
    if page is None or not isinstance(source, bytes):
        raise DocumentError(name, "no web page in it; save the page again, as HTML")
    parsed = parse_html(name, source)
    address = parsed.metadata.url or _address(message, page)
    return replace(parsed, metadata=replace(parsed.metadata, url=address))


def _tree(name: str, source: str) -> Any:
    # As bytes, since lxml rejects a str that declares an encoding.
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(source.encode(), parser=parser)
    except etree.ParserError as error:
        raise DocumentError(name, "no web page: it has no text") from error
    if left_out_deep(parser):
        raise _too_deep(name)
    return tree


def _too_deep(name: str) -> DocumentError:
    return DocumentError(
        name, "its elements are nested too deeply (2048 at most); save the page as plain text"
    )


def _extract(tree: Any) -> Any:
    """The article found by trafilatura, with more of the page if that is next to nothing."""
    extract = partial(
        bare_extraction,
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    found: Any = extract(favor_recall=False)
    if found is None or len("".join(found.body.itertext())) < _FEW_CHARS:
        return extract(favor_recall=True) or found
    return found


def _drop_extras(tree: Any) -> None:
    """Remove captions, adverts, link signs and numbers of notes, which extraction leaves in."""
    for element in tree.xpath(
        "//figcaption | //sup[.//a[contains(@href, '#')]] | //body//*[@class]"
    ):
        named = element.tag in {"figcaption", "sup"} or any(
            _EXTRA_CLASS.fullmatch(word) for word in element.get("class", "").split()
        )
        short = named and len(element.text_content().strip()) <= _MAX_DROPPED_CHARS
        if short and element.getparent() is not None:
            element.drop_tree()
    # Inside a sentence extraction would take these for blocks.
    for element in tree.xpath("//body//q | //body//code[not(ancestor::pre)]"):
        element.drop_tag()


def _blocks(element: Any) -> Iterator[Block]:
    """The blocks of an extracted tree in reading order; the kind of each is the tag around it."""
    kind = element.tag
    pending = element.text or ""
    for child in element:
        if _is_block(child, kind):
            yield Block(kind, pending)
            pending = ""
            yield from _blocks(child)
        elif child.tag == "cell":
            pending += (_CELL_BORDER if pending.strip() else "") + _cell_text(child)
        else:
            pending += _inline_text(child)
        pending += child.tail or ""
    yield Block(kind, pending)


def _is_block(element: Any, around: str) -> bool:
    """Whether an element is a block; a cell is one only if it lays out a page."""
    if element.tag == "cell":
        return sum(inner.tag in _BLOCKS for inner in element.iterdescendants()) > 1
    return element.tag in _BLOCKS and not (element.tag == around == "code")


def _inline_text(element: Any) -> str:
    if element.tag == "lb":
        return "\n"
    inner = (_inline_text(child) + (child.tail or "") for child in element)
    return (element.text or "") + "".join(inner)


def _cell_text(cell: Any) -> str:
    return " ".join(" ".join(text.split()) for text in cell.itertext() if text.strip())


def _build(blocks: list[Block], metadata: Metadata) -> Parsed:
    builder = TextBuilder()
    title = (metadata.title or "").casefold()
    heading = ""
    at_top = True
    for block in blocks:
        text = block.text if block.kind == "code" else clean(block.text)
        line = one_line(text)
        if line is None:
            continue
        is_title = at_top and line.casefold() == title
        if block.kind == "head":
            heading = "" if is_title else line
        if block.kind == "head" or is_title or is_caption(line):
            builder.add_unquoted(text)
        else:
            builder.add_paragraph(text, heading)
            at_top = False
    return builder.build(metadata)


def _metadata(source: str, tree: Any, found: Any) -> Metadata:
    """The metadata that trafilatura has `found`, completed from the page."""
    saved_from = _SAVED_FROM.search(source[:_HEAD_CHARS])
    return Metadata(
        title=one_line(getattr(found, "title", None)),
        published=read_date(getattr(found, "date", None)),
        author=_authors(tree) or one_line(getattr(found, "author", None)),
        publisher=one_line(getattr(found, "sitename", None)),
        language=_language(tree),
        url=one_line(getattr(found, "url", None)) or (saved_from[1] if saved_from else None),
    )


def _language(tree: Any) -> str | None:
    tags = (str(tag).strip().replace("_", "-") for tag in tree.xpath(_LANGUAGES))
    return next((tag for tag in tags if is_language(tag)), None)


def _authors(tree: Any) -> str | None:
    """The authors as the page spells them; trafilatura drops the stops of initials."""
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


def _address(message: Message, page: Message) -> str | None:
    noted = (message["snapshot-content-location"], page["content-location"])
    return next((str(url) for url in noted if url and _ADDRESS.fullmatch(str(url))), None)
