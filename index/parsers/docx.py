"""Word documents (.docx): paragraphs, tables and notes, as they read with all changes accepted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers.plain import is_caption
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import TextBuilder, one_line
from index.parsers.toolkit.metadata import read_date
from index.parsers.toolkit.xml import Element, local_name, parse_xml

_NOT_SHOWN = frozenset({"del", "moveFrom", "Fallback", "txbxContent", "rt", "pPr"})
_CONTAINERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice"}
)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_MAX_STYLE_DEPTH = 20
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_CORE_FIELDS = {"title": "title", "creator": "author", "language": "language"}


class _Note(NamedTuple):
    kind: str
    id: str
    heading: str


def parse_docx(name: str, data: bytes) -> Parsed:
    """Return the document in a .docx file, without deleted and hidden text.

    Captions, tables of contents and headings are not quoted; footnotes follow the text. Not read by
    python-docx, since that leaves out inserted text and content controls.

    Raises:
        DocumentError: no .docx, damaged, protected, or beyond a limit of `Archive`.
    """
    package = _Package(name, Archive(name, data))
    main = package.related("", "officeDocument")
    if main is None:
        raise DocumentError(name, "not a Word document: it names no main part; save it anew")
    body = next((part for part in package.root(main) if local_name(part) == "body"), None)
    if body is None:
        raise DocumentError(name, "not a Word document: its main part has no body; save it anew")
    reader = _Reader(package, main)
    reader.add_blocks(body)
    reader.add_notes()
    metadata = _core_properties(package)
    return reader.builder.build(replace(metadata, title=reader.title or metadata.title))


class _Package:
    def __init__(self, name: str, archive: Archive) -> None:
        self._name = name
        self._archive = archive

    def root(self, part: str) -> Element:
        return parse_xml(self._name, part, self._archive.read(part))

    def related(self, part: str, kind: str) -> str | None:
        """The part to which `part` ("" for the file) has a relation of this kind."""
        folder, base = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self._archive:
            return None
        for relation in self.root(relations):
            if str(relation.get("Type", "")).endswith(f"/{kind}"):
                target = str(relation.get("Target", ""))
                path = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
                return path if path in self._archive else None
        return None


class _Reader:
    def __init__(self, package: _Package, main: str) -> None:
        self.builder = TextBuilder()
        self.title: str | None = None
        self._package = package
        self._main = main
        self._roles = _read_styles(package, main)
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
                found[kind, _value(note, "id")] = note
        for kind, number, heading in dict.fromkeys(self._notes):
            if (note := found.get((kind, number))) is not None:
                for paragraph in _paragraphs(note):
                    self.builder.add_paragraph(_text(paragraph), heading)

    def _add_paragraph(self, paragraph: Element) -> None:
        text = _text(paragraph)
        role = self._role(paragraph)
        if role == "title" and self.title is None:
            self.title = one_line(text)
        elif role in {"heading", "title"}:
            self._heading = one_line(text) or self._heading
        if role or is_caption(text):
            self.builder.add_unquoted(text)
        else:
            self.builder.add_paragraph(text, self._heading)
        self._note_references(paragraph)
        for box in _shown(paragraph, "txbxContent"):
            self.add_blocks(box)

    def _add_table(self, table: Element) -> None:
        for row in _children(table, "tr"):
            if any(local_name(mark) == "del" for mark in _properties(row, "trPr")):
                continue
            cells = [list(_paragraphs(cell)) for cell in _children(row, "tc")]
            lines = (one_line(" ".join(_text(one) for one in cell)) for cell in cells)
            self.builder.add_paragraph(" | ".join(filter(None, lines)), self._heading)
            for cell in cells:
                for paragraph in cell:
                    self._note_references(paragraph)

    def _note_references(self, paragraph: Element) -> None:
        for tag, kind in _NOTES.items():
            self._notes.extend(
                _Note(kind, _value(reference, "id"), self._heading)
                for reference in _shown(paragraph, tag)
            )

    def _role(self, paragraph: Element) -> str:
        role = ""
        for mark in _properties(paragraph, "pPr"):
            if local_name(mark) == "pStyle":
                role = self._roles.get(_value(mark, "val"), "")
            elif local_name(mark) == "outlineLvl" and _value(mark, "val") in set("012345678"):
                return role or "heading"
        return role


def _read_styles(package: _Package, main: str) -> dict[str, str]:
    """Roles of style ids, "title", "heading", "aside" or ""; a style inherits that of its base."""
    part = package.related(main, "styles")
    names: dict[str, str] = {}
    bases: dict[str, str] = {}
    for style in package.root(part) if part else ():
        identifier = _value(style, "styleId")
        for mark in style:
            if local_name(mark) == "name":
                names[identifier] = _value(mark, "val").lower()
            elif local_name(mark) == "basedOn":
                bases[identifier] = _value(mark, "val")
    return {identifier: _inherited_role(identifier, names, bases) for identifier in names}


def _inherited_role(style: str, names: Mapping[str, str], bases: Mapping[str, str]) -> str:
    for _ in range(_MAX_STYLE_DEPTH):
        if role := _role_of(names.get(style, "")):
            return role
        if style not in bases:
            break
        style = bases[style]
    return ""


def _role_of(style: str) -> str:
    if style == "title" or style.startswith("heading "):
        return style.partition(" ")[0]
    return "aside" if style in {"caption", "toc heading"} or style.startswith("toc ") else ""


def _core_properties(package: _Package) -> Metadata:
    part = package.related("", "core-properties")
    texts: dict[str, str | None] = {}
    created = None
    for element in package.root(part) if part else ():
        tag = local_name(element)
        if tag in _CORE_FIELDS:
            texts[_CORE_FIELDS[tag]] = one_line(element.text)
        elif tag == "created":
            created = read_date(element.text)
    return Metadata(published=created, **texts)


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
        local_name(mark) == "vanish" and _value(mark, "val") not in {"0", "false", "off"}
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


def _value(element: Element, name: str) -> str:
    """The attribute of this name, in any namespace."""
    values = (str(value) for key, value in element.items() if key.rpartition("}")[2] == name)
    return next(values, "")
