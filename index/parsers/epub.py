"""Books (.epub): the chapters in reading order, under their names in the table of contents.

Pages are those of the printed book if it marks them, and those of a fixed layout.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.epub_pages import PageMarks, PageNames, mark_pages
from index.parsers.plain import is_caption
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import TextBuilder, one_line
from index.parsers.toolkit.metadata import read_metadata
from index.parsers.toolkit.xml import Block, Element, blocks, local_name, parse_xhtml, parse_xml

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ALGORITHMS = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
_TEXT_TYPES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_ENDS = re.compile(r"[.!?…:][\"'”’»)\]]*\s*$")
_NOT_READ = frozenset({"cover", "toc", "landmarks", "page-list", "loi", "lot"})


class _Item(NamedTuple):
    path: str
    media_type: str
    properties: frozenset[str]


def parse_epub(name: str, data: bytes) -> Parsed:
    """Return the book in an .epub file; the name of each chapter is its heading.

    Cover and tables of contents are left out, headings and captions are not quoted.

    Raises:
        DocumentError: no EPUB, damaged, protected against copying, or beyond a limit of `Archive`.
    """
    book = _Book(name, Archive(name, data))
    builder, marks = TextBuilder(), PageMarks()
    names, printed, fixed = book.chapter_names(), book.page_names(), book.is_fixed()
    for number, path in book.spine():
        page = book.page(path)
        # Each part of a fixed layout is a page of it.
        mark_pages(page, {"": str(number)} if fixed and not printed else printed.get(path, {}))
        _add_chapter(builder, marks, page, names.get(path, {}), fixed)
    parsed = builder.build(read_metadata(book.fields()).read_in("book metadata"))
    pages = tuple(min(start, len(parsed.text)) for start in marks.pages())
    return replace(parsed, pages=pages)


def _add_chapter(
    builder: TextBuilder, marks: PageMarks, page: Element, names: Mapping[str, str], fixed: bool
) -> None:
    """Add a page; a name of the table of contents is the heading from the place it points to."""
    begun = named = heading = names.get("", "")
    places: dict[Element, str] = {}
    for element in page.iter():
        if place := element.get("id"):
            begun = names.get(place, begun)
        places[element] = begun
    found = blocks(page)
    for block in _joined(found) if fixed else found:
        if places.get(block.element, named) != named:
            named = heading = places[block.element]
        text, marked = marks.without(block.text)
        if block.kind == "heading":
            heading = heading or one_line(text) or ""
        if block.kind != "text" or is_caption(text):
            span = builder.add_unquoted(text)
        else:
            span = builder.add_paragraph(text, heading)
        marks.add(marked, None if span is None else span.start)


def _joined(lines: Iterable[Block]) -> Iterator[Block]:
    """The blocks of a fixed layout, where each line of a paragraph may be placed by itself."""
    open_block: Block | None = None
    for block in lines:
        if open_block is not None and _goes_on(open_block, block):
            open_block = open_block._replace(text=f"{open_block.text} {block.text}")
            continue
        if open_block is not None:
            yield open_block
        open_block = block
    if open_block is not None:
        yield open_block


def _goes_on(block: Block, line: Block) -> bool:
    """Whether a line goes on with the sentence at the end of a block."""
    first = next(filter(str.isalnum, line.text), "")
    return block.kind == line.kind == "text" and first.islower() and not _ENDS.search(block.text)


class _Book:
    def __init__(self, name: str, archive: Archive) -> None:
        self._name = name
        self._archive = archive
        if _CONTAINER not in archive:
            raise DocumentError(name, f"not an EPUB: it has no {_CONTAINER}; download it again")
        roots = self._xml(_CONTAINER).iter("{*}rootfile")
        path = next((root.get("full-path") for root in roots), None)
        if path is None:
            raise DocumentError(name, f"not an EPUB: its {_CONTAINER} names no package")
        self._package = self._xml(path)
        self._folder = posixpath.dirname(path)
        self._items = {
            item.get("id", ""): _Item(
                self._inside(item.get("href", ""), self._folder),
                item.get("media-type", ""),
                frozenset(item.get("properties", "").split()),
            )
            for item in self._package.iter("{*}item")
        }
        self._refuse_protected()

    def fields(self) -> dict[str, list[str] | str]:
        """The Dublin Core metadata: all creators, and the first of each other field."""
        found: dict[str, list[str] | str] = {}
        for element in self._package.iterfind("{*}metadata//{http://purl.org/dc/elements/1.1/}*"):
            tag, text = local_name(element), "".join(element.itertext()).strip()
            if tag == "creator":
                found[tag] = [*found.get(tag, ()), text]
            elif text and tag in {"title", "publisher", "date", "language"}:
                found.setdefault(tag, text)
        return found

    def is_fixed(self) -> bool:
        """Whether the book is laid out page by page."""
        layouts = self._package.iterfind("{*}metadata/{*}meta[@property='rendition:layout']")
        return any((layout.text or "").strip() == "pre-paginated" for layout in layouts)

    def spine(self) -> list[tuple[int, str]]:
        """Number and path of the pages in reading order, without cover and contents."""
        guide = {
            self._inside(reference.get("href", ""), self._folder)
            for reference in self._package.iterfind("{*}guide/{*}reference")
            if reference.get("type", "") in _NOT_READ
        }
        references = self._package.iterfind("{*}spine/{*}itemref")
        items = (self._items.get(reference.get("idref", "")) for reference in references)
        texts = (item for item in items if item and item.media_type in _TEXT_TYPES)
        pages = (item.path for item in texts if "nav" not in item.properties)
        numbered = enumerate(dict.fromkeys(pages), start=1)
        return [(number, path) for number, path in numbered if path not in guide]

    def page(self, path: str) -> Element:
        root = parse_xhtml(self._name, path, self._archive.read(path))
        return next((part for part in root if local_name(part).lower() == "body"), root)

    def chapter_names(self) -> dict[str, dict[str, str]]:
        """The names in the tables of contents: by path of the page, then by the id they point to.

        The first name of a page is that of its beginning, too, whose id is "".
        """
        names: dict[str, dict[str, str]] = {}
        for path, place, label in self._listed("toc", "navPoint"):
            if line := one_line("".join(label.itertext())):
                of_page = names.setdefault(path, {"": line})
                of_page.setdefault(place, line)
        return names

    def page_names(self) -> dict[str, PageNames]:
        """The names of printed pages, by path and id."""
        names: dict[str, dict[str, str]] = {}
        for path, place, label in self._listed("page-list", "pageTarget"):
            names.setdefault(path, {}).setdefault(place, "".join(label.itertext()))
        return dict(names)

    def _listed(self, kind: str, older_kind: str) -> Iterator[tuple[str, str, Element]]:
        """Path, id and name of all places in the lists of a kind, which older books name so."""
        for item in self._items.values():
            if item.path not in self._archive:
                continue
            folder = posixpath.dirname(item.path)
            if "nav" in item.properties:
                for nav in self.page(item.path).iter("{*}nav"):
                    if nav.get("{http://www.idpf.org/2007/ops}type", "toc") == kind:
                        for link in nav.iter("{*}a"):
                            yield *self._place(link.get("href", ""), folder), link
            elif item.media_type == "application/x-dtbncx+xml":
                for point in self._xml(item.path).iter(f"{{*}}{older_kind}"):
                    content, label = point.find("{*}content"), point.find("{*}navLabel")
                    if content is not None and label is not None:
                        yield *self._place(content.get("src", ""), folder), label

    def _refuse_protected(self) -> None:
        if _ENCRYPTION not in self._archive:
            return
        for encrypted in self._xml(_ENCRYPTION).iter("{*}EncryptedData"):
            method = encrypted.find("{*}EncryptionMethod")
            if method is None or method.get("Algorithm") not in _FONT_ALGORITHMS:
                raise DocumentError(
                    self._name,
                    "protected against copying (DRM), so its text cannot be read; "
                    "use a file without protection",
                )

    def _xml(self, path: str) -> Element:
        return parse_xml(self._name, path, self._archive.read(path))

    def _place(self, reference: str, folder: str) -> tuple[str, str]:
        """The path in the archive of a reference made in `folder`, and the id in that page."""
        return self._inside(reference, folder), unquote(reference.partition("#")[2])

    @staticmethod
    def _inside(reference: str, folder: str) -> str:
        """The path in the archive of a reference made in `folder`."""
        try:
            path = unquote(urlsplit(reference).path)
        except ValueError:
            return ""
        return posixpath.normpath(posixpath.join(folder, path))
