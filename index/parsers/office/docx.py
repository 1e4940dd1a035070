"""Word documents (.docx): paragraphs, tables and notes, as they read with all changes accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from index.core.documents import Parsed, Span
from index.core.errors import DocumentError
from index.parsers.office.numbering import Numbering, Place, read_place
from index.parsers.office.package import Package, value
from index.parsers.plain import is_caption
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import TextBuilder, join_cells, one_line
from index.parsers.toolkit.xml import Element, local_name

_NOT_SHOWN = frozenset({"del", "moveFrom", "Fallback", "txbxContent", "rt", "pPr"})
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"}
)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_MAX_STYLE_DEPTH = 20
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


class _Note(NamedTuple):
    kind: str
    id: str
    heading: str


class _Style(NamedTuple):
    """`role` is "title", "heading", "aside", "quote" or ""."""

    role: str
    place: Place | None


_PLAIN = _Style("", None)


def parse_docx(name: str, data: bytes) -> Parsed:
    """Return the document in a .docx file, without deleted and hidden text.

    Captions, tables of contents and headings are not quoted; footnotes follow the text. Not read by
    python-docx, since that leaves out inserted text and content controls.

    Raises:
        DocumentError: no .docx, damaged, protected, or beyond a limit of `Archive`.
    """
    package = Package(name, Archive(name, data))
    main = package.related("", "officeDocument")
    if main is None:
        raise DocumentError(name, "not a Word document: it names no main part; save it anew")
    body = next((part for part in package.root(main) if local_name(part) == "body"), None)
    if body is None:
        raise DocumentError(name, "not a Word document: its main part has no body; save it anew")
    reader = _Reader(package, main)
    reader.add_blocks(body)
    reader.add_notes()
    metadata = package.metadata()
    if reader.title:
        metadata = metadata.titled(reader.title, "title paragraph")
    parsed = reader.builder.build(metadata)
    return replace(parsed, block_quotes=tuple(reader.block_quotes))


class _Reader:
    def __init__(self, package: Package, main: str) -> None:
        self.builder = TextBuilder()
        self.title: str | None = None
        self.block_quotes: list[Span] = []
        self._package = package
        self._main = main
        self._styles = _read_styles(package, main)
        numbering = package.related(main, "numbering")
        self._numbering = Numbering(package.root(numbering) if numbering else None)
        self._heading = ""
        self._notes: list[_Note] = []

    def add_blocks(self, container: Element) -> None:
        for child in container:
            tag = local_name(child)
            if tag == "p":
                self._add_paragraph(child)
            elif tag == "tbl":
                self._add_table(child)
            elif tag in _CONTAINERS:
                self.add_blocks(child)

    def add_notes(self) -> None:
        """Add the notes that the text refers to, under the headings of their references."""
        found: dict[tuple[str, str], Element] = {}
        for kind in dict.fromkeys(note.kind for note in self._notes):
            part = self._package.related(self._main, kind)
            for note in self._package.root(part) if part else ():
                found[kind, value(note, "id")] = note
        for kind, number, heading in dict.fromkeys(self._notes):
            if (note := found.get((kind, number))) is not None:
                for paragraph in _paragraphs(note):
                    self.builder.add_paragraph(_text(paragraph), heading)

    def _add_paragraph(self, paragraph: Element) -> None:
        text = self._numbered(paragraph)
        role = self._role(paragraph)
        if role == "title" and self.title is None:
            self.title = one_line(text)
        elif role in {"heading", "title"}:
            self._heading = one_line(text) or self._heading
        if role not in {"", "quote"} or is_caption(text):
            self.builder.add_unquoted(text)
        else:
            span = self.builder.add_paragraph(text, self._heading)
            if role and span is not None:
                self.block_quotes.append(span)
        self._note_references(paragraph)
        for box in _shown(paragraph, "txbxContent"):
            self.add_blocks(box)

    def _add_table(self, table: Element) -> None:
        for row in _children(table, "tr"):
            if any(local_name(mark) == "del" for mark in _properties(row, "trPr")):
                continue
            cells = [list(_paragraphs(cell)) for cell in _children(row, "tc")]
            lines = [one_line(" ".join(self._numbered(one) for one in cell)) for cell in cells]
            self.builder.add_paragraph(join_cells(lines), self._heading)
            for cell in cells:
                for paragraph in cell:
                    self._note_references(paragraph)

    def _note_references(self, paragraph: Element) -> None:
        for tag, kind in _NOTES.items():
            self._notes.extend(
                _Note(kind, value(reference, "id"), self._heading)
                for reference in _shown(paragraph, tag)
            )

    def _numbered(self, paragraph: Element) -> str:
        """The text of a paragraph after its number in a list, if it has one."""
        text = _text(paragraph)
        marks = list(_properties(paragraph, "pPr"))
        style = next((self._style(mark) for mark in marks if local_name(mark) == "pStyle"), _PLAIN)
        place = read_place(iter(marks), style.place)
        if place is None or not text.strip():
            return text
        return f"{self._numbering.label(place)} {text}".lstrip()

    def _style(self, mark: Element) -> _Style:
        return self._styles.get(value(mark, "val"), _PLAIN)

    def _role(self, paragraph: Element) -> str:
        role = ""
        for mark in _properties(paragraph, "pPr"):
            if local_name(mark) == "pStyle":
                role = self._style(mark).role
            elif local_name(mark) == "outlineLvl" and value(mark, "val") in set("012345678"):
                return role or "heading"
        return role


def _read_styles(package: Package, main: str) -> dict[str, _Style]:
    """Styles by id; a style inherits what it does not say itself from its base."""
    part = package.related(main, "styles")
    own: dict[str, _Style] = {}
    bases: dict[str, str] = {}
    for style in package.root(part) if part else ():
        identifier = value(style, "styleId")
        name = ""
        for mark in style:
            if local_name(mark) == "name":
                name = value(mark, "val").lower()
            elif local_name(mark) == "basedOn":
                bases[identifier] = value(mark, "val")
        own[identifier] = _Style(_role_of(name), read_place(_properties(style, "pPr")))
    return {identifier: _inherited(identifier, own, bases) for identifier in own}


def _inherited(style: str, own: Mapping[str, _Style], bases: Mapping[str, str]) -> _Style:
    role, place = "", None
    for _ in range(_MAX_STYLE_DEPTH):
        found = own.get(style, _PLAIN)
        role, place = role or found.role, place or found.place
        if style not in bases:
            break
        style = bases[style]
    return _Style(role, place)


def _role_of(style: str) -> str:
    if style == "title" or style.startswith("heading "):
        return style.partition(" ")[0]
    if style in {"quote", "intense quote"}:
        return "quote"
    return "aside" if style in {"caption", "toc heading"} or style.startswith("toc ") else ""


def _text(paragraph: Element) -> str:
    pieces = []
    for element in _shown(paragraph):
        tag = local_name(element)
        pieces.append(element.text or "" if tag == "t" else _CHARACTERS.get(tag, ""))
    return "".join(pieces)


def _shown(element: Element, wanted: str = "") -> Iterator[Element]:
    """The visible elements inside, in order; only those with the tag `wanted`, if given."""
    for child in element:
        tag = local_name(child)
        if not wanted or tag == wanted:
            yield child
        if tag in _NOT_SHOWN or (tag == "r" and _is_hidden(child)):
            continue
        yield from _shown(child, wanted)


def _is_hidden(run: Element) -> bool:
    return any(
        local_name(mark) == "vanish" and value(mark, "val") not in {"0", "false", "off"}
        for mark in _properties(run, "rPr")
    )


def _paragraphs(container: Element) -> Iterator[Element]:
    """The paragraphs of a cell or a note, also in tables inside it."""
    for child in container:
        if local_name(child) == "p":
            yield child
        elif local_name(child) in _CONTAINERS | {"tbl", "tr", "tc"}:
            yield from _paragraphs(child)


def _children(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if local_name(child) == tag:
            yield child
        elif local_name(child) in _CONTAINERS:
            yield from _children(child, tag)


def _properties(element: Element, tag: str) -> Iterator[Element]:
    return (mark for child in element if local_name(child) == tag for mark in child)
