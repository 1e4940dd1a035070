"""Packages of Office Open XML (.docx, .pptx, .xlsx): parts, and the relations between them."""

from __future__ import annotations

import posixpath
from typing import Any

from index.core.documents import Metadata
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.metadata import read_date
from index.parsers.toolkit.xml import Element, local_name, parse_xml

_CORE_FIELDS = {"title": "title", "creator": "author", "language": "language"}
# What libraries write into every file that they make.
_JUNK_TITLES = frozenset({"PowerPoint Presentation", "PowerPoint-Präsentation", "Word Document"})
_JUNK_AUTHORS = frozenset(
    {"python-docx", "openpyxl", "Apache POI", "Un-named", "Unknown", "docx4j", "PHPWord Team"}
    | {"Unknown Creator", "PptxGenJS", "Steve Canny", "SheetJS", "Windows User", "Microsoft Office"}
)
_TEMPLATE_TIMES = frozenset({"2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z"})
_FIRST_YEAR = 2006  # of the format: an earlier day is that of a template, or none


class Package:
    """The parts of a file. A part's path is "" for the file itself."""

    def __init__(self, name: str, archive: Archive) -> None:
        self._name = name
        self._archive = archive

    def root(self, part: str) -> Element:
        """Return the root of an XML part.

        Raises:
            DocumentError: missing, damaged, or declares entities.
        """
        return parse_xml(self._name, part, self._archive.read(part))

    def related(self, part: str, kind: str) -> str | None:
        """Return the part to which `part` has a relation of this kind."""
        paths = (path for found, path in self.relations(part).values() if found == kind)
        return next(paths, None)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return kind and path by id of the parts to which `part` has a relation."""
        folder, base = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self._archive:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.root(relations):
            target = str(relation.get("Target", ""))
            path = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
            if path in self._archive:
                kind = str(relation.get("Type", "")).rpartition("/")[2]
                found[str(relation.get("Id", ""))] = kind, path
        return found

    def metadata(self) -> Metadata:
        """Return the core properties, but for those that a library or its template wrote."""
        part = self.related("", "core-properties")
        texts: dict[str, Any] = {}
        created = None
        for element in self.root(part) if part else ():
            tag = local_name(element)
            if tag in _CORE_FIELDS:
                texts[_CORE_FIELDS[tag]] = one_line(element.text)
            elif tag == "created" and (element.text or "").strip() not in _TEMPLATE_TIMES:
                created = read_date(element.text)
        if texts.get("title") in _JUNK_TITLES:
            del texts["title"]
        if texts.get("author") in _JUNK_AUTHORS:
            del texts["author"]
        if created and created.year < _FIRST_YEAR:
            created = None
        return Metadata(published=created, **texts).read_in("document properties")


def value(element: Element, name: str) -> str:
    """Return the attribute of this name, in any namespace; "" for none."""
    values = (str(value) for key, value in element.items() if key.rpartition("}")[2] == name)
    return next(values, "")
