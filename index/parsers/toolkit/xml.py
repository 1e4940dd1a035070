"""XML and HTML parsed so that a hostile file costs an error, and cut into blocks of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.entities import html5
from typing import Any, NamedTuple

from lxml import etree

from index.core.errors import DocumentError
from index.parsers.toolkit.encoding import decode
from index.parsers.toolkit.scripts import lower_script, raise_script

Element = Any  # lxml has no types

_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|caption|center|d[dlt]|details|div|fieldset|figcaption"
    r"|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|t[dhr]"
    r"|tfoot|thead|ul"
)
_HIDDEN = re.compile(
    r"head|script|style|template|noscript|svg|rp|rt|object|iframe|button|select|textarea"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_UNQUOTED = frozenset({"figcaption", "caption"})
_HEADING = re.compile(r"h[1-6]")
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SCRIPTS = frozenset({"sup", "sub"})
_SPACE = re.compile(r"\s+")
_EMPTY_LINE = re.compile(r"\n\s*\n")


class Block(NamedTuple):
    """A paragraph, heading, list item or row; `blocks` has "text", "heading" and "aside" kinds.

    `element` is the innermost one around its first character.
    """

    kind: str
    text: str
    element: Element = None


def local_name(element: Element) -> str:
    """Return the tag without its namespace, "" for a comment or instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def parse_xml(name: str, part: str, data: bytes) -> Element:
    """Return the root of an XML `part` of the file `name`, with nothing loaded from outside.

    Raises:
        DocumentError: not well-formed, or declares entities.
    """
    # Without huge_tree libxml2 stops at 256 levels, texts of 10 MB and entities that multiply.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!ENTITY" in data:
            raise _declares_entities(name, part) from error
        raise DocumentError(
            name, f"damaged: its part {part!r} is no XML ({error}); save it anew"
        ) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise _declares_entities(name, part)
    return root


def parse_xhtml(name: str, part: str, data: bytes) -> Element:
    """Return the root of an XHTML or HTML `part`; if it is no XML, read as browsers do.

    Raises:
        DocumentError: nothing to read, or declares entities.
    """
    known = _NAMED_ENTITY.sub(_number, data)
    try:
        root = parse_xml(name, part, known)
        if next(root.iter(etree.Entity), None) is None:
            return root
    except DocumentError as error:
        if not isinstance(error.__cause__, etree.XMLSyntaxError) or b"<!ENTITY" in data:
            raise
    return parse_html(name, part, decode(name, known))


def parse_html(name: str, part: str, text: str) -> Element:
    """Return the root of an HTML `part`, however malformed.

    Raises:
        DocumentError: nothing to read, or nested too deeply.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(
            name, f"damaged: its part {part!r} is no HTML ({error}); save it anew"
        ) from error
    if left_out_deep(parser):
        raise DocumentError(
            name,
            f"the elements of its part {part!r} are nested too deeply (2048 at most); "
            "save it as plain text",
        )
    if root is None:
        raise DocumentError(name, f"damaged: its part {part!r} is empty; save it anew")
    return root


def left_out_deep(parser: etree.HTMLParser) -> bool:
    """Whether a parser left out elements nested too deeply, which only its log reports."""
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def blocks(root: Element, is_aside: Callable[[Element], bool] = lambda _: False) -> Iterator[Block]:
    """Yield the blocks of `root` in reading order.

    A row of a table is one block, its cells joined by " | ", empty ones too. Two line breaks end a
    block. Captions and elements that `is_aside` accepts are "aside".
    """
    return _Walk(is_aside).run(root)


class _Walk:
    def __init__(self, is_aside: Callable[[Element], bool]) -> None:
        self._is_aside = is_aside
        self._pieces: list[str] = []
        self._element: Element = None
        self._scripts: list[int] = []  # where each open <sup> or <sub> begins in the pieces
        self._cells = 0  # begun in the row
        self._asides = self._headings = self._rows = self._hidden = self._verbatim = 0

    def run(self, root: Element) -> Iterator[Block]:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = local_name(element).lower()
            if event == "start":
                if _BLOCK.fullmatch(tag):
                    yield from self._border(tag)
                self._count(element, tag, 1)
                if tag == "br" and not self._hidden:
                    self._pieces.append("\n")
                if tag in _SCRIPTS:
                    self._scripts.append(len(self._pieces))
                self._add(element.text, element)
            else:
                if _BLOCK.fullmatch(tag):
                    yield from self._border("")
                self._count(element, tag, -1)
                if tag in _SCRIPTS:
                    self._end_script(element, tag)
                if element is not root:
                    self._add(element.tail, element.getparent())
        yield from self._flush()

    def _count(self, element: Element, tag: str, change: int) -> None:
        self._hidden += change * (bool(_HIDDEN.fullmatch(tag)) or is_hidden(element))
        self._verbatim += change * (tag == "pre")
        self._headings += change * bool(_HEADING.fullmatch(tag))
        self._rows += change * (tag == "tr" and _is_data_row(element))
        self._asides += change * (tag in _UNQUOTED or self._is_aside(element))

    def _border(self, tag: str) -> Iterator[Block]:
        if not self._rows:
            yield from self._flush()
            self._cells = 0
        elif tag in {"td", "th"} and not self._hidden:
            self._pieces.append(" | " if self._cells else " ")
            self._cells += 1
        else:
            self._pieces.append(" ")

    def _end_script(self, element: Element, tag: str) -> None:
        at = self._scripts.pop()
        script = "".join(self._pieces[at:])
        if script:
            before = "".join(self._pieces[max(0, at - 3) : at])
            if tag == "sup":
                script = raise_script(before, script, element.tail or "")
            else:
                script = lower_script(before, script)
            self._pieces[at:] = [script]

    def _add(self, text: str | None, element: Element) -> None:
        if text and not self._hidden:
            if self._element is None and not text.isspace():
                self._element = element
            self._pieces.append(text if self._verbatim else _SPACE.sub(" ", text))

    def _flush(self) -> Iterator[Block]:
        texts = _EMPTY_LINE.split("".join(self._pieces))
        self._pieces.clear()
        kind = "aside" if self._asides else "heading" if self._headings else "text"
        for text in map(str.strip, texts):
            if text.strip(" |"):
                yield Block(kind, text, self._element)
        self._element = None


def is_hidden(element: Element) -> bool:
    """Whether an element is marked as not seen, or as the number of a note in a sentence."""
    return (
        "hidden" in element.attrib
        or element.get(_EPUB_TYPE) == "noteref"
        or element.get("role") == "doc-noteref"
        or bool(_HIDDEN_STYLE.search(element.get("style", "")))
    )


def _is_data_row(row: Element) -> bool:
    """Whether a row holds data, instead of laying out a page."""
    for cell in row:
        blocks_inside = 0
        for element in cell.iterdescendants():
            tag = local_name(element).lower()
            blocks_inside += bool(_BLOCK.fullmatch(tag))
            if tag == "table" or blocks_inside > 1:
                return False
    return True


def _number(found: re.Match[bytes]) -> bytes:
    entity = found[1].decode("ascii")
    character = None if entity in _XML_ENTITIES else html5.get(f"{entity};")
    if character is None:
        return found[0]
    return "".join(f"&#{ord(one)};" for one in character).encode("ascii")


def _declares_entities(name: str, part: str) -> DocumentError:
    return DocumentError(
        name, f"its part {part!r} declares XML entities, which are not read; save it anew"
    )
