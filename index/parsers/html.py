"""Web pages: the article without what stands around it, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as lxml_html
from trafilatura import bare_extraction

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.html_metadata import page_metadata
from index.parsers.plain import is_caption
from index.parsers.toolkit.builder import TextBuilder, clean, one_line
from index.parsers.toolkit.encoding import decode_page

_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "code", "div"})
_CELL_BORDER = " | "
_EXTRA_CLASS = re.compile(
    r"(?:[\w-]*[-_])?caption(?:[-_]?text)?"
    r"|headerlink|(?:ads?|adverts?|advertisements?|advertising)"
    r"(?:[-_]?(?:banner|block|box|container|label|slot|text|unit|wrapper))?",
    re.IGNORECASE,
)
_MAX_DROPPED_CHARS = 600
_DATES = {"extensive_search": False, "original_date": True}
_FEW_CHARS = 250


class _Block(NamedTuple):
    kind: str
    text: str


def parse_html(name: str, data: bytes) -> Parsed:
    """Return the article in a web page: no menus, adverts, related links, comments or captions.

    A row of a table is a paragraph, its cells joined by " | ". Nothing is fetched.

    Raises:
        DocumentError: empty, binary, in no certain encoding, or nested too deeply.
    """
    source = decode_page(name, data)
    tree = _tree(name, source)
    _drop_extras(tree)
    _drop_inline_tags(tree)
    try:
        found = _extract(tree)
        blocks = list(_blocks(found.body)) if found is not None else []
    except RecursionError as error:
        raise _too_deep(name) from error
    return _build(blocks, page_metadata(source, tree, found))


def _tree(name: str, source: str) -> Any:
    # Bytes, since a text must not declare an encoding of its own.
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(source.encode(), parser=parser)
    except etree.ParserError as error:
        raise DocumentError(name, "no web page: it has no text") from error
    # The parser leaves out what lies too deep, and says so only here.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise _too_deep(name)
    return tree


def _too_deep(name: str) -> DocumentError:
    return DocumentError(
        name, "its elements are nested too deeply (2048 at most); save the page as plain text"
    )


def _extract(tree: Any) -> Any:
    """The article as trafilatura finds it, with more of the page where that is next to nothing."""
    found = _found(tree, favor_recall=False)
    if found is None or len("".join(found.body.itertext())) < _FEW_CHARS:
        return _found(tree, favor_recall=True) or found
    return found


def _found(tree: Any, *, favor_recall: bool) -> Any:
    return bare_extraction(
        tree,
        favor_recall=favor_recall,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=_DATES,
    )


def _drop_extras(tree: Any) -> None:
    """Take out what extraction leaves in: captions, adverts, link signs, numbers of notes."""
    for element in tree.xpath(
        "//figcaption | //sup[.//a[contains(@href, '#')]] | //body//*[@class]"
    ):
        named = element.tag in {"figcaption", "sup"} or any(
            _EXTRA_CLASS.fullmatch(word) for word in element.get("class", "").split()
        )
        short = named and len(element.text_content().strip()) <= _MAX_DROPPED_CHARS
        if short and element.getparent() is not None:
            element.drop_tree()


def _drop_inline_tags(tree: Any) -> None:
    """Leave the text of what stands amid a sentence, which extraction takes for blocks."""
    for element in tree.xpath("//body//q | //body//code[not(ancestor::pre)]"):
        element.drop_tag()


def _blocks(element: Any) -> Iterator[_Block]:
    """The blocks of an extracted tree in reading order, each with its innermost kind."""
    kind = element.tag
    pending = element.text or ""
    for child in element:
        if _is_block(child, kind):
            yield _Block(kind, pending)
            pending = ""
            yield from _blocks(child)
        elif child.tag == "cell":
            pending += (_CELL_BORDER if pending.strip() else "") + _cell_text(child)
        else:
            pending += _inline_text(child)
        pending += child.tail or ""
    yield _Block(kind, pending)


def _is_block(element: Any, around: str) -> bool:
    """Whether it stands apart; so does a cell that lays out a page instead of giving a value."""
    if element.tag == "cell":
        return sum(inner.tag in _BLOCKS for inner in element.iterdescendants()) > 1
    return element.tag in _BLOCKS and not (element.tag == around == "code")


def _inline_text(element: Any) -> str:
    if element.tag == "lb":
        return "\n"
    inner = "".join(_inline_text(child) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def _cell_text(cell: Any) -> str:
    return " ".join(" ".join(text.split()) for text in cell.itertext() if text.strip())


def _build(blocks: list[_Block], metadata: Metadata) -> Parsed:
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
