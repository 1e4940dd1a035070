"""Files for other programs: CSV, BibTeX and RIS."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.exports.references import Reference, one_line, printable

COLUMNS = (
    "quote",
    "title",
    "author",
    "publisher",
    "published",
    "url",
    "file",
    "page",
    "paragraph",
    "section",
    "speaker",
    "certificate",
    "state",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""The beginnings of cells that a spreadsheet may run."""
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL = re.compile(r"[\\{}#$%&_~^]")
_LIGATURE = re.compile(r"(?<=[-'`?!<>,])(?=[-'`<>,])")


def table(references: Sequence[Reference]) -> str:
    """Return a row for each quote; what a spreadsheet would take for a formula begins with '."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in references:
        metadata = one.metadata
        cells = (
            printable(one.text),
            one.title,
            metadata.author,
            metadata.publisher,
            metadata.published,
            one.url,
            one.file,
            one.quote.page,
            one.paragraph,
            one.quote.section,
            one.speaker,
            one.recalled.id,
            one.recalled.state.value,
        )
        writer.writerow("" if cell is None else _harmless(str(cell)) for cell in cells)
    return file.getvalue()


def bibtex(references: Sequence[Reference]) -> str:
    """Return an entry for each quote, in UTF-8; its words are the annotation."""
    return "\n".join(
        "@misc{" + one.recalled.id.replace("-", "") + ",\n" + _fields(one) + "\n}\n"
        for one in references
    )


def _fields(one: Reference) -> str:
    published = one.metadata.published
    known = {
        "title": "{" + latex(one_line(one.title)) + "}",
        "author": " and ".join(latex(one_line(name)) for name in one.authors),
        "publisher": latex(one_line(one.metadata.publisher or "")),
        "year": str(published.year) if published else "",
        "date": published.isoformat() if published else "",
        "url": latex(one_line(one.url)),
        "howpublished": "" if one.url else latex(one_line(one.file)),
        "pages": str(one.quote.page or ""),
        "note": latex("; ".join(_notes(one))),
        "annote": latex(printable(one.text)),
    }
    return ",\n".join(f"  {name} = {{{value}}}" for name, value in known.items() if value)


def ris(references: Sequence[Reference]) -> str:
    """Return a record for each quote, a line a field; a break of a quote's line is a blank."""
    return "".join(
        "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in _tags(one) if value)
        + "ER  - \r\n\r\n"
        for one in references
    )


def _tags(one: Reference) -> Iterator[tuple[str, str]]:
    published = one.metadata.published
    yield "TY", "ELEC" if one.url else "GEN"
    yield "TI", one.title
    yield from (("AU", name) for name in one.authors)
    yield "PB", one.metadata.publisher or ""
    yield "PY", str(published.year) if published else ""
    yield "DA", f"{published:%Y/%m/%d}" if published else ""
    yield "UR", one.url
    yield "L1", "" if one.url else one.file
    yield "SP", str(one.quote.page or "")
    yield "N1", one.text
    yield "RN", "; ".join(_notes(one))
    yield "AN", one.recalled.id


def _notes(one: Reference) -> Iterable[str]:
    """Facts without a field of their own, in English, as the names of the fields are."""
    if one.speaker:
        yield f"said by {one_line(one.speaker)}"
    if one.quote.section:
        yield f"section {one_line(one.quote.section)}"
    if one.recalled.has_changed:
        yield f"as of {one.recalled.certificate.issued:%Y-%m-%d}, the document has changed since"
    elif one.quote.page is None and one.paragraph:
        yield f"paragraph {one.paragraph}"
    yield f"Onrecord certificate {one.recalled.id}"


def latex(text: str) -> str:
    """Return a text that LaTeX, and what reads BibTeX, shows unchanged."""
    parts = (_SPECIAL.sub(lambda mark: _LATEX[mark[0]], part) for part in _LIGATURE.split(text))
    return "{}".join(parts)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
