"""Notebooks of Jupyter (.ipynb): the prose of markdown cells, and the text of outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.core.documents import Metadata, Parsed, Span
from index.core.errors import DocumentError
from index.parsers.markdown import Section, read_blocks
from index.parsers.plain import split_block
from index.parsers.toolkit.builder import TextBuilder, one_line
from index.parsers.toolkit.encoding import decode
from index.parsers.toolkit.xml import blocks, parse_html

_REPRESENTATION = re.compile(r"<[^<>\n]{1,200}>|\S+ object at 0x[0-9a-f]+>?")
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # colours
_EMPTY_LINE = re.compile(r"\n\s*\n")


class _Cell(NamedTuple):
    kind: str
    source: str
    outputs: list[Mapping[str, object]]


def parse_notebook(name: str, data: bytes) -> Parsed:
    """Return the document in a notebook; the heading of each paragraph names its cell.

    Cells count from 1. Code, errors and pictures are left out; of an output in several forms the
    richest is read.

    Raises:
        DocumentError: no notebook, or damaged.
    """
    try:
        found: object = json.loads(decode(name, data))
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"not a notebook ({error}); save it anew") from error
    notebook = _dict(found)
    facts = _dict(notebook.get("metadata"))
    metadata = Metadata(one_line(_text(facts.get("title"))), author=_authors(facts))
    metadata = metadata.read_in("notebook metadata")
    section = Section(metadata.title)
    builder = TextBuilder()
    for number, cell in enumerate(_cells(name, notebook), 1):
        if cell.kind in {"markdown", "heading"}:
            section, paragraphs = read_blocks(cell.source, 0, section)
            for paragraph in paragraphs:
                text = paragraph.span.cut(cell.source)
                builder.add_paragraph(text, _place(number, paragraph.heading))
        for output in cell.outputs:
            for line in _lines(name, output):
                builder.add_paragraph(line, _place(number, section.heading))
    if section.title != metadata.title:
        metadata = metadata.titled(section.title, "first heading")
    return builder.build(metadata)


def _place(number: int, heading: str) -> str:
    return f"cell {number}: {heading}" if heading else f"cell {number}"


def _cells(name: str, notebook: Mapping[str, object]) -> Iterator[_Cell]:
    """The cells, also those of the older format, which has them in worksheets."""
    sheets = [notebook, *map(_dict, _list(notebook.get("worksheets")))]
    lists = [cells for sheet in sheets if isinstance(cells := sheet.get("cells"), list)]
    if not lists:
        raise DocumentError(name, "not a notebook: it has no cells; save it anew")
    for cell in (_dict(cell) for cells in lists for cell in cells):
        kind, source = str(cell.get("cell_type")), _text(cell.get("source"))
        if kind == "heading":
            source = f"{'#' * int(str(cell.get('level') or 1)[:1])} {source}"
        yield _Cell(kind, source, [_dict(output) for output in _list(cell.get("outputs"))])


def _lines(name: str, output: Mapping[str, object]) -> Iterator[str]:
    """The paragraphs of an output."""
    if output.get("output_type") in {"error", "pyerr"}:
        return
    # The older format has the forms beside the other fields, under short names.
    forms = {**output, **_dict(output.get("data"))}
    if html := _text(forms.get("text/html") or forms.get("html")):
        yield from (block.text for block in blocks(parse_html(name, "output", html)))
        return
    plain = forms.get("text/markdown") or forms.get("text/plain") or forms.get("text")
    text = _TERMINAL.sub("", _text(plain))
    for part in _EMPTY_LINE.split(text):
        whole = part.strip("\n")
        if whole.strip() and not _REPRESENTATION.fullmatch(whole.strip()):
            yield from (span.cut(whole) for span in split_block(whole, Span(0, len(whole))))


def _authors(facts: Mapping[str, object]) -> str | None:
    names = (one_line(_text(_dict(one).get("name"))) for one in _list(facts.get("authors")))
    return ", ".join(filter(None, names)) or None


def _text(value: object) -> str:
    """A text, which may be a list of its lines."""
    lines = value if isinstance(value, list) else [value]
    return "".join(line for line in lines if isinstance(line, str))


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
