"""Web pages, as files (.html) or saved by a browser (.mhtml): the article and its metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from trafilatura import bare_extraction

from index.core.documents import Metadata, Parsed, Span
from index.core.errors import DocumentError
from index.parsers.mail import MALFORMED, refuse_hostile
from index.parsers.plain import is_caption, split_block
from index.parsers.toolkit.builder import TextBuilder, clean, one_line
from index.parsers.toolkit.encoding import decode_page
from index.parsers.toolkit.siblings import siblings
from index.parsers.toolkit.xml import Block, left_out_deep
from index.parsers.web.article import find_article
from index.parsers.web.cleaning import clean_page
from index.parsers.web.linked_data import Linked, read_linked
from index.parsers.web.metadata import read_page_metadata
from index.parsers.web.notices import is_notice
from index.parsers.web.posts import find_posts
from index.parsers.web.telegram import is_chat, parse_chat

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_ADDRESS = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"(?:\S+\s+){5,}.*[.!。][\"'”’»)\]]*", re.DOTALL)
_CREDIT = re.compile(r"(?:photo|foto|image|bild|picture|фото)(?: by)?:\s*\S.{0,60}", re.IGNORECASE)


def parse_html(name: str, data: bytes) -> Parsed:
    """Return the article of a page, without menus, adverts, related links and captions.

    A page exported by Telegram is a chat. A row of a table is a paragraph, its cells joined by
    " | ". Nothing is fetched.

    Raises:
        DocumentError: empty, binary, in no certain encoding, or nested too deeply.
    """
    source = decode_page(name, data)
    tree = _tree(name, source)
    if is_chat(tree):
        return parse_chat(tree, _sibling)
    linked = read_linked(tree)
    clean_page(tree)
    try:
        found: Any = bare_extraction(
            tree,
            fast=True,  # its other extractors choose no better for us
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except RecursionError as error:
        raise _too_deep(name) from error
    posts = find_posts(tree, linked.is_live)
    blocks = find_article(tree, getattr(found, "body", None), frozenset(posts))
    metadata = read_page_metadata(source, tree, found, linked)
    parsed = _build(blocks, metadata, linked, posts)
    if not parsed.paragraphs:
        raise DocumentError(
            name, "nothing to quote: no article in it; save it once the page shows its text"
        )
    return parsed


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


def _sibling(name: str) -> Any | None:
    """Another page of an exported chat, None if it is not there or cannot be read."""
    data = siblings().get(name)
    try:
        return None if data is None else _tree(name, decode_page(name, data))
    except DocumentError:
        return None


def _tree(name: str, source: str) -> Any:
    # As bytes, since lxml rejects a str that declares an encoding.
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True
    )
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


def _build(
    blocks: Sequence[Block],
    metadata: Metadata,
    linked: Linked,
    posts: Mapping[Any, datetime],
) -> Parsed:
    builder = TextBuilder()
    if _has_no_article(blocks, linked):
        for paragraph in linked.body:
            builder.add_paragraph(paragraph)
        return builder.build(metadata)
    title = (metadata.title or "").casefold()
    heading, at_top, post = "", True, None
    for block in blocks:
        line = one_line(block.text)
        if line is None:
            continue
        around = next((one for one in block.element.iterancestors() if one in posts), None)
        if around is not post:
            heading, post = "", around
            _start_post(builder, metadata.url, post, posts)
        is_title = at_top and line.casefold() == title
        is_heading = block.kind == "heading" and not _SENTENCE.fullmatch(line)
        if is_heading:
            heading = "" if is_title else line
        if (
            is_heading
            or is_title
            or block.kind == "aside"
            or _is_caption(line)
            or is_notice(block, line)
        ):
            builder.add_unquoted(block.text)
        else:
            for text in _lines(block):
                builder.add_paragraph(text, heading)
            at_top = False
    return builder.build(metadata)


def _has_no_article(blocks: Sequence[Block], linked: Linked) -> bool:
    """Whether the page shows next to nothing of the body that it describes."""
    described = "".join(linked.body)
    shown = "".join(block.text for block in blocks if not _is_caption(block.text))
    return len(shown) * 2 < len(described)


def _start_post(
    builder: TextBuilder, url: str | None, post: Any, posts: Mapping[Any, datetime]
) -> None:
    if post is None:
        builder.start_entry()
        return
    time, anchor = posts[post], post.get("id")
    address = f"{url.partition('#')[0]}#{anchor}" if url and anchor else None
    builder.start_entry(published=time.date(), at=time.time(), url=address)


def _is_caption(text: str) -> bool:
    """Whether a text is the caption of a picture: it credits one, or ends with that."""
    line = " ".join(text.split())
    return is_caption(line) or any(found.end() == len(line) for found in _CREDIT.finditer(line))


def _lines(block: Block) -> list[str]:
    """The paragraphs of a block; text in <pre> is wrapped as in a plain file."""
    if not any(one.tag == "pre" for one in (block.element, *block.element.iterancestors())):
        return [block.text]
    text = clean(block.text)
    return [span.cut(text) for span in split_block(text, Span(0, len(text)))]


def _address(message: Message, page: Message) -> str | None:
    noted = (message["snapshot-content-location"], page["content-location"])
    return next((str(url) for url in noted if url and _ADDRESS.fullmatch(str(url))), None)
