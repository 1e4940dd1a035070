"""A small document of each format, written by code."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from email.message import EmailMessage
from itertools import count

import docx
from reportlab.pdfgen.canvas import Canvas

from index.parsers import SUFFIXES
from tests.support.office import opendocument, pptx, shape, workbook_table, xlsx

PROSE = (
    "The red fox sleeps in the mill at night. “It is late,” the miller said on Monday.",
    "A dog barks at the river — nobody knows why. It rained for 14 days in 2021 😀.",
    "Officials in the province denied the report, and the border stayed closed until July.",
)


def samples(prose: Sequence[str] = PROSE, wanted: Collection[str] = SUFFIXES) -> dict[str, bytes]:
    """Return a file's bytes by suffix, for the wanted formats among those that are read."""
    makers: dict[str, Callable[[], bytes]] = {
        ".txt": lambda: _text(prose).encode(),
        ".md": lambda: _markdown(prose).encode(),
        ".ipynb": lambda: _notebook(prose),
        ".html": lambda: _html(prose).encode(),
        ".htm": lambda: _html(prose).encode("utf-16"),
        ".mhtml": lambda: saved_page(_html(prose)),
        ".pdf": lambda: _pdf(prose),
        ".docx": lambda: _docx(prose),
        ".epub": lambda: _epub(prose),
        ".pptx": lambda: pptx([shape(text) for text in prose]),
        ".xlsx": lambda: xlsx({"Foxes": [[text, at] for at, text in enumerate(prose)]}),
        ".odt": lambda: opendocument("text", _xml_paragraphs(prose)),
        ".ods": lambda: opendocument(
            "spreadsheet", workbook_table("Foxes", [[one] for one in prose])
        ),
        ".odp": lambda: opendocument("presentation", _odp_pages(prose)),
        ".rtf": lambda: _rtf(prose),
        ".srt": lambda: _subtitles(prose, ","),
        ".vtt": lambda: b"WEBVTT\n\n" + _subtitles(prose, "."),
        ".csv": lambda: "\n".join(["date,title,text", *_rows(prose, ",")]).encode(),
        ".tsv": lambda: "\n".join(["date\ttitle\ttext", *_rows(prose, "\t")]).encode(),
        ".json": lambda: json.dumps(_chat(prose)).encode(),
        ".jsonl": lambda: "\n".join(json.dumps(record) for record in _records(prose)).encode(),
        ".eml": lambda: _mail(prose),
        ".mbox": lambda: b"From a@example.org Sat Jul 10 12:00:00 2021\n" + _mail(prose),
    }
    return {suffix: make() for suffix, make in makers.items() if suffix in wanted}


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def _paragraphs(prose: Sequence[str]) -> str:
    return "\n\n".join(prose)


def _notebook(prose: Sequence[str]) -> bytes:
    output = {"output_type": "stream", "name": "stdout", "text": [prose[2]]}
    cells = [
        {"cell_type": "markdown", "source": ["# Foxes\n", "\n", prose[0]]},
        {"cell_type": "code", "source": "print(x)", "outputs": [output]},
        *({"cell_type": "markdown", "source": text} for text in [prose[1], *prose[3:]]),
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def _text(prose: Sequence[str]) -> str:
    return f"date 2021-07-10 A fox\n\n{_paragraphs(prose)}"


def _markdown(prose: Sequence[str]) -> str:
    return (
        f"---\ntitle: Foxes\ndate: 2021-07-10\n---\n## Where\n\n{_paragraphs(prose)}\n\n"
        f"- one\n- two\n\n| a | b |\n|---|---|\n| {prose[0]} | 2 |\n"
    )


def _html(prose: Sequence[str]) -> str:
    body = "".join(f"<p>{text}</p>" for text in [*prose] * 3)
    return (
        '<!doctype html><html lang="en"><head><title>Foxes</title><meta name="author" '
        'content="Ann"><meta property="article:published_time" content="2021-07-10"></head><body>'
        f"<nav><a href='/'>Home</a></nav><article><h1>Foxes</h1>{body}<h2>More</h2>"
        f"<ul><li>{prose[0]}</li></ul><table><tr><td>{prose[1]}</td></tr></table></article>"
        "</body></html>"
    )


def saved_page(page: str, address: str = "https://example.org/foxes") -> bytes:
    """Return a page as Chromium saves it, with a frame and a style sheet."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = address
    message["Subject"], message["Date"] = "Foxes", "Fri, 27 Nov 2026 12:00:00 -0000"
    message.make_related()
    for content, kind, place in (
        (page, "html", address),
        ("<p>An advert in a frame.</p>", "html", "cid:frame-1@mhtml.blink"),
        (".fox { color: red }", "css", f"{address}.css"),
    ):
        part = EmailMessage()
        part.set_content(content, subtype=kind, cte="quoted-printable")
        part["Content-Location"] = place
        message.attach(part)
    return message.as_bytes()


def _pdf(prose: Sequence[str]) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pageCompression=0)
    for page in range(3):
        for at, text in enumerate(prose):
            canvas.drawString(72, 700 - 30 * at, f"{text[:70]} Page {page}.")
            for x in (72, 200, 300):
                canvas.drawString(x, 300 - 14 * at, f"Cell {x}")
        canvas.acroForm.textfield(name=f"n{page}", x=72, y=100, value="Typed by Anna.")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _docx(prose: Sequence[str]) -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_heading("Foxes", 1)
    for text in prose:
        document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 0).text = prose[0]
    document.save(made)
    return made.getvalue()


def _epub(prose: Sequence[str]) -> bytes:
    chapter = "".join(f"<p>{text}</p>" for text in prose)
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
            'container" version="1.0"><rootfiles><rootfile full-path="OEBPS/c.opf" '
            'media-type="application/oebps-package+xml"/></rootfiles></container>',
            "OEBPS/c.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Foxes</dc:title><dc:creator>'
            'Ann</dc:creator><dc:date>2021-07-10</dc:date></metadata><manifest><item id="a" '
            'href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref '
            'idref="a"/></spine></package>',
            "OEBPS/a.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>One</title>'
            f"</head><body><h1>One</h1>{chapter}</body></html>",
        }
    )


def _xml_paragraphs(prose: Sequence[str]) -> str:
    return "".join(f"<text:p>{text}</text:p>" for text in prose)


def _odp_pages(prose: Sequence[str]) -> str:
    return f"<draw:page><draw:text-box>{_xml_paragraphs(prose)}</draw:text-box></draw:page>"


def _rtf(prose: Sequence[str]) -> bytes:
    lines = "".join(f"{text}\\par\n" for text in prose)
    halves = lines.encode("utf-16-le")
    units = (int.from_bytes(halves[at : at + 2], "little") for at in range(0, len(halves), 2))
    text = "".join(chr(unit) if unit < 128 else f"\\u{unit}?" for unit in units)
    return f"{{\\rtf1\\ansi {text}}}".encode("ascii")


def _subtitles(prose: Sequence[str], point: str) -> bytes:
    times = (f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}{point}" for at in count(1))
    cues = (
        f"{at}\n{time}000 --> {time}900\n{text}\n"
        for at, (time, text) in enumerate(zip(times, prose, strict=False), start=1)
    )
    return "\n".join(cues).encode()


def _rows(prose: Sequence[str], separator: str) -> list[str]:
    return [separator.join(("2021-07-10", f"Fox {at}", text.replace(",", ";")))
            for at, text in enumerate(prose)]  # fmt: skip


def _records(prose: Sequence[str]) -> list[dict[str, object]]:
    return [{"date": "2021-07-10", "title": f"Fox {at}", "text": text}
            for at, text in enumerate(prose)]  # fmt: skip


def _chat(prose: Sequence[str]) -> dict[str, object]:
    messages = [
        {
            "id": at,
            "type": "message",
            "date": "2021-07-10T12:00:00",
            "date_unixtime": "1625911200",
            "from": "Ann",
            "from_id": "user1",
            "text": text,
            "text_entities": [{"type": "plain", "text": text}],
        }
        for at, text in enumerate(prose, start=1)
    ]
    return {"name": "Foxes", "type": "private_group", "id": 1, "messages": messages}


def _mail(prose: Sequence[str]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Ann <ann@example.org>", "bob@example.org"
    message["Subject"], message["Date"] = "Foxes", "Sat, 10 Jul 2021 12:00:00 +0000"
    message.set_content(_paragraphs(prose))
    message.add_alternative(_html(prose), subtype="html")
    return message.as_bytes()
