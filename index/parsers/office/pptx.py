"""Presentations (.pptx): slide by slide, each a page, with its notes below it."""

from __future__ import annotations

from collections.abc import Iterator

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers.office.package import Package, value
from index.parsers.toolkit.archive import Archive
from index.parsers.toolkit.builder import TextBuilder, join_cells, one_line
from index.parsers.toolkit.xml import Element, local_name

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})
_CHARACTERS = {"br": "\n", "tab": "\t"}


def parse_pptx(name: str, data: bytes) -> Parsed:
    """Return the document in a presentation: the title of a slide is its heading.

    Hidden slides, footers and slide numbers are left out; pages are slides.

    Raises:
        DocumentError: no .pptx, damaged, protected, or beyond a limit of `Archive`.
    """
    package = Package(name, Archive(name, data))
    main = package.related("", "officeDocument")
    if main is None:
        raise DocumentError(name, "not a presentation: it names no main part; save it anew")
    relations = package.relations(main)
    builder = TextBuilder()
    for slide in package.root(main).iterfind(".//{*}sldIdLst/{*}sldId"):
        builder.start_page()  # hidden ones count, too
        kind, path = relations.get(_relation_id(slide), ("", ""))
        if kind == "slide":
            _add_slide(builder, package, path)
    return builder.build(package.metadata())


def _add_slide(builder: TextBuilder, package: Package, path: str) -> None:
    root = package.root(path)
    if root.get("show") in {"0", "false"}:
        return
    shapes = list(_shapes(root))
    titles = [shape for shape in shapes if _role(shape) in _TITLES]
    heading = one_line(" ".join(text for title in titles for text in _paragraphs(title))) or ""
    builder.add_unquoted(heading)
    notes = package.related(path, "notesSlide")
    noted = list(_shapes(package.root(notes))) if notes else []
    for shape in [*shapes, *noted]:
        if _role(shape) in _FURNITURE or shape in titles:
            continue
        for text in _rows(shape) if local_name(shape) == "graphicFrame" else _paragraphs(shape):
            builder.add_paragraph(text, heading)


def _shapes(container: Element) -> Iterator[Element]:
    """The shapes with text and the tables of a slide, those in groups too."""
    for element in container:
        tag = local_name(element)
        if tag in {"sp", "graphicFrame"}:
            yield element
        elif tag in {"cSld", "spTree", "grpSp", "AlternateContent", "Choice"}:
            yield from _shapes(element)


def _role(shape: Element) -> str:
    """The type of its placeholder, "" for none."""
    placeholder = shape.find("./{*}nvSpPr/{*}nvPr/{*}ph")
    return "" if placeholder is None else placeholder.get("type", "")


def _rows(frame: Element) -> Iterator[str]:
    for row in frame.iterfind(".//{*}tbl/{*}tr"):
        yield join_cells([one_line(" ".join(_paragraphs(cell))) for cell in row.iterfind("{*}tc")])


def _paragraphs(container: Element) -> Iterator[str]:
    for paragraph in container.iterfind(".//{*}txBody/{*}p" if _is_shape(container) else ".//{*}p"):
        pieces = []
        for element in paragraph.iter():
            tag = local_name(element)
            pieces.append(element.text or "" if tag == "t" else _CHARACTERS.get(tag, ""))
        yield "".join(pieces)


def _is_shape(container: Element) -> bool:
    return local_name(container) == "sp"


def _relation_id(slide: Element) -> str:
    found = (str(given) for key, given in slide.items() if key.endswith("relationships}id"))
    return next(found, "") or value(slide, "id")
