"""Documents of office programs, written by code, with as little in them as their readers need."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from tests.support.containers import zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SLIDES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    f'xmlns:r="{_OFFICE}"'
)
_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "presentation": "presentation",
        "meta": "meta",
    }.items()
)


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return a part of relations: kind and target by id."""
    inside = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def shape(*lines: str, role: str = "") -> str:
    """Return a shape of a slide, a placeholder if it has a role."""
    placeholder = f'<p:ph type="{role}"/>' if role else ""
    text = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>'
        f"<p:txBody>{text}</p:txBody></p:sp>"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of a slide."""
    inside = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody></a:tc>"
                  for cell in row)
        + "</a:tr>"
        for row in rows
    )  # fmt: skip
    data = f"<a:graphic><a:graphicData><a:tbl>{inside}</a:tbl></a:graphicData></a:graphic>"
    return f"<p:graphicFrame>{data}</p:graphicFrame>"


def pptx(slides: Sequence[str], notes: Sequence[str] = (), hidden: Sequence[int] = ()) -> bytes:
    """Return a presentation; each slide and its notes as their shapes."""
    members: dict[str, str | bytes] = {
        "_rels/.rels": relations({"r1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f"<p:presentation {_SLIDES}><p:sldIdLst>"
        + "".join(f'<p:sldId id="{256 + at}" r:id="s{at}"/>' for at in range(len(slides)))
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            # As programs write them: the order of files is not that of slides.
            {
                f"s{at}": ("slide", f"slides/slide{len(slides) - at}.xml")
                for at in range(len(slides))
            }
        ),
    }
    for at, shapes in enumerate(slides):
        part = f"slide{len(slides) - at}.xml"
        show = ' show="0"' if at in hidden else ""
        members[f"ppt/slides/{part}"] = (
            f"<p:sld {_SLIDES}{show}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        )
        if at < len(notes):
            members[f"ppt/slides/_rels/{part}.rels"] = relations(
                {"n": ("notesSlide", f"../notes{at}.xml")}
            )
            members[f"ppt/notes{at}.xml"] = (
                f"<p:notes {_SLIDES}><p:cSld><p:spTree>{notes[at]}</p:spTree></p:cSld></p:notes>"
            )
    return zipped(members)


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]], **formats: str) -> bytes:
    """Return a workbook of these rows; `formats` are number formats by cell of the first sheet."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for cell, style in formats.items():
        book.worksheets[0][cell].number_format = style
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def opendocument(kind: str, body: str, meta: str = "", styles: str = "") -> bytes:
    """Return an OpenDocument file; `kind` is text, spreadsheet or presentation."""
    purl = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {_ODF}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {_ODF} {purl}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
        }
    )


def workbook_table(name: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a table of an OpenDocument workbook."""
    inside = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    return f'<table:table table:name="{name}">{inside}</table:table>'
