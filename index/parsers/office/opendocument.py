"""OpenDocument (.odt, .ods, .odp): texts, workbooks and presentations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.office.sheets import Row, add_sheet
from index.parsers.plain import is_caption
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import TextBuilder, join_cells, one_line
from index.parsers.toolkit.metadata import read_date
from index.parsers.toolkit.xml import Element, local_name, parse_xml

_MANIFEST = "META-INF/manifest.xml"
_NOT_SHOWN = frozenset({"note", "annotation", "annotation-end", "tracked-changes", "ruby-text"})
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
_FURNITURE = frozenset({"header", "footer", "date-time", "page-number", "page"})
_INDEX_BODIES = "index-body"
_MAX_REPEATED = 100
_FIELDS = {"title": "title", "initial-creator": "author", "language": "language"}


def parse_opendocument(name: str, data: bytes) -> Parsed:
    """Return the document in an OpenDocument file, without its comments and deleted text.

    Headings and contents are not quoted, notes follow the text; the pages of a presentation are its
    slides, and each row of a workbook is a paragraph.

    Raises:
        DocumentError: no OpenDocument, damaged, protected, or beyond a limit of `Archive`.
    """
    archive = Archive(name, data)
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise DocumentError(name, "protected by a password; save it without one")
    root = parse_xml(name, "content.xml", archive.read("content.xml"))
    body = root.find("{*}body")
    content = next(iter(body), None) if body is not None else None
    if content is None:
        raise DocumentError(name, "not an OpenDocument file: it has no body; save it anew")
    reader = _Reader(_style_names(root))
    suffix = PurePath(name).suffix.lower()
    if suffix == ".ods":
        reader.add_workbook(content)
    elif suffix == ".odp":
        reader.add_slides(content)
    else:
        reader.add_blocks(content)
    reader.add_notes()
    metadata = _metadata(name, archive)
    if reader.title:
        metadata = metadata.titled(reader.title, "title paragraph")
    return reader.builder.build(metadata)


class _Reader:
    def __init__(self, styles: dict[str, str]) -> None:
        self.builder = TextBuilder()
        self.title: str | None = None
        self._styles = styles
        self._heading = ""
        self._notes: list[tuple[Element, str]] = []

    def add_blocks(self, container: Element, quoted: bool = True) -> None:
        for child in container:
            tag = local_name(child)
            if tag == "h":
                self._heading = one_line(_text(child)) or self._heading
                self.builder.add_unquoted(_text(child))
            elif tag == "p":
                self._add_paragraph(child, quoted)
            elif tag == "table":
                self._add_table(child)
            elif tag not in _NOT_SHOWN:
                self.add_blocks(child, quoted and tag != _INDEX_BODIES)

    def add_workbook(self, container: Element) -> None:
        for table in container.iterfind("{*}table"):
            add_sheet(self.builder, _attribute(table, "name"), _numbered_rows(table))

    def add_slides(self, container: Element) -> None:
        for page in container.iterfind("{*}page"):
            self.builder.start_page()
            frames = [child for child in page if _attribute(child, "class") not in _FURNITURE]
            titles = [frame for frame in frames if _attribute(frame, "class") == "title"]
            texts = (_text(line) for title in titles for line in title.iter("{*}p"))
            self._heading = one_line(" ".join(texts)) or ""
            self.builder.add_unquoted(self._heading)
            for frame in frames:
                if frame not in titles:
                    self.add_blocks([frame])

    def add_notes(self) -> None:
        for note, heading in self._notes:
            for paragraph in note.iterfind("{*}note-body/{*}p"):
                self.builder.add_paragraph(_text(paragraph), heading)

    def _add_paragraph(self, paragraph: Element, quoted: bool) -> None:
        text = _text(paragraph)
        style = self._styles.get(_attribute(paragraph, "style-name"), "")
        if style == "Title" and self.title is None:
            self.title = one_line(text)
        if not quoted or style in {"Title", "Subtitle"} or is_caption(text):
            self.builder.add_unquoted(text)
        else:
            self.builder.add_paragraph(text, self._heading)
        self._notes += ((note, self._heading) for note in paragraph.iter("{*}note"))
        for box in paragraph.iter("{*}text-box"):
            self.add_blocks(box)

    def _add_table(self, table: Element) -> None:
        for _, cells in _numbered_rows(table):
            self.builder.add_paragraph(join_cells(cells), self._heading)
        self._notes += ((note, self._heading) for note in table.iter("{*}note"))


def _numbered_rows(table: Element) -> Iterator[Row]:
    """The rows with their numbers; one that stands for several is repeated if it has a text."""
    number = 1
    for row in table.iter("{*}table-row"):
        cells = list(_cells(row))
        times = _count(row, "number-rows-repeated")
        for at in range(min(times, _MAX_REPEATED) if any(cells) else 0):
            yield number + at, cells
        number += times


def _cells(row: Element) -> Iterator[str]:
    for cell in row:
        if local_name(cell) in {"table-cell", "covered-table-cell"}:
            text = one_line(" ".join(_text(line) for line in cell.iter("{*}p", "{*}h"))) or ""
            yield from [text] * min(_count(cell, "number-columns-repeated"), _MAX_REPEATED)


def _text(block: Element) -> str:
    """The text of a paragraph, without that of its notes, comments and text boxes."""
    pieces = [block.text or ""]
    for child in block:
        tag = local_name(child)
        if tag == "s":
            pieces.append(" " * min(_count(child, "c"), _MAX_REPEATED))
        elif tag in _CHARACTERS:
            pieces.append(_CHARACTERS[tag])
        elif tag not in _NOT_SHOWN and tag != "text-box":
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _style_names(root: Element) -> dict[str, str]:
    """The style that each automatic style of the document is derived from."""
    named = {
        _attribute(style, "name"): _attribute(style, "parent-style-name")
        for style in root.iterfind("{*}automatic-styles/{*}style")
    }
    return {"Title": "Title", "Subtitle": "Subtitle"} | named


def _metadata(name: str, archive: Archive) -> Metadata:
    if "meta.xml" not in archive:
        return Metadata()
    texts: dict[str, Any] = {}
    created = None
    for element in parse_xml(name, "meta.xml", archive.read("meta.xml")).iterfind("{*}meta/*"):
        tag = local_name(element)
        if tag in _FIELDS:
            texts[_FIELDS[tag]] = one_line(element.text)
        elif tag == "creation-date":
            created = read_date(element.text)
    return Metadata(published=created, **texts).read_in("document properties")


def _attribute(element: Element, name: str) -> str:
    found: Sequence[str] = [text for key, text in element.items() if key.rpartition("}")[2] == name]
    return found[0] if found else ""


def _count(element: Element, name: str) -> int:
    digits = _attribute(element, name)
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 1
