"""A draft with an exact, an altered and an invented quotation gets the right marks."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from typer.testing import CliRunner

from bot.cli.app import app as program
from index.library import Library
from tests.support.folders import Shelf
from tests.support.web import read, reading

SOURCE = (
    "The old bridge at Mostar was rebuilt in 2004 by divers from many countries.\n\n"
    "The council paid twelve million for the stones & <b>mortar</b> of the bridge."
)
DRAFT = (
    "It “was rebuilt in 2004 by divers from many countries.” Some say “The council paid twenty "
    "million for the stones & <b>mortar</b> of the bridge”, others “nobody ever swam there”."
)
MARKS = ["exact", "altered", "not found"]


def fill(shelf: Shelf) -> None:
    shelf.write("mostar.txt", SOURCE)
    shelf.sync()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def word(*, block_quote: str = "") -> bytes:
    file = io.BytesIO()
    draft = Document()
    draft.add_paragraph(DRAFT)
    if block_quote:
        draft.add_paragraph(block_quote, style="Quote")
    draft.save(file)
    return file.getvalue()


async def test_a_pasted_draft_is_marked(library: Library) -> None:
    async with reading(library) as client:
        response = await client.post("/check", data={"text": DRAFT})
        page = read(response)
        (source,) = {re.sub(r"\?.*", "", link) for link in page.xpath("//figcaption/a/@href")}
        assert (await client.get(source)).status_code == 200
    assert page.xpath("//mark/@data-mark") == MARKS
    assert page.xpath("//del/text()") == ["twenty"]
    assert page.xpath("//ins/text()") == ["twelve", "."]
    assert "3 quotations — Exact: 1 · Altered: 1 · Not found: 1" in page.text_content()
    assert "&lt;b&gt;mortar" in response.text
    assert not page.xpath("//article//b[text()='mortar']")


async def test_block_quotes_of_a_word_file_count(library: Library) -> None:
    data = word(block_quote="The old bridge at Mostar was rebuilt in 2004 by fishes.")
    async with reading(library) as client:
        page = read(await client.post("/check", files={"file": ("draft.docx", data)}))
        again = {"text": page.xpath("//textarea[@name='text']")[0].text.removeprefix("\n")}
        again |= {"blocks": page.xpath("//input[@name='blocks']/@value")[0], "format": "html"}
        report = await client.post("/check", data=again)
    assert page.xpath("//mark/@data-mark") == [*MARKS, "altered"]
    assert report.text.count('data-mark="altered"') == 2


async def test_the_report_is_a_file(library: Library) -> None:
    async with reading(library) as client:
        html, docx = [
            await client.post("/check", data={"text": DRAFT, "format": name})
            for name in ("html", "docx")
        ]
    assert html.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert read(html).xpath("//mark/@data-mark") == MARKS
    assert not read(html).xpath("//script | //link | //img")
    paragraphs = [one.text for one in Document(io.BytesIO(docx.content)).paragraphs]
    for line in ("1. Exact", "2. Altered", "3. Not found", SOURCE.splitlines()[0]):
        assert line in paragraphs


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"file": ("draft.docx", b"PK\x03\x04 damaged")}, 400),
        ({"file": ("draft.exe", b"MZ")}, 400),
        ({"file": ("../../etc/passwd", b"x")}, 400),
        ({}, 200),
    ],
)
async def test_what_cannot_be_read_is_said(
    library: Library, files: dict[str, tuple[str, bytes]], status: int
) -> None:
    async with reading(library) as client:
        page = await client.post("/check", files=files)
    assert page.status_code == status
    if not files:
        assert "There is no quotation in this" in page.text


async def test_the_text_comes_back_as_it_was_sent(library: Library) -> None:
    text = "\n  A line, “and two words”\r\n<script>alert(1)</script>"
    async with reading(library) as client:
        page = read(await client.post("/check", data={"text": text}))
    assert page.xpath("//textarea[@id='draft']")[0].text.endswith(text.replace("\r\n", "\n"))
    assert page.xpath("//script/@src") == ["/static/room.js"]


async def test_certificates_are_verified(library: Library, shelf: Shelf) -> None:
    async with reading(library) as client:
        asked = read(await client.get("/", params={"q": "Who rebuilt the old bridge at Mostar?"}))
        (path, *_) = asked.xpath("//span[@class='certificate']/a/@href")
        unchanged = await client.get(path)
        unknown = await client.get("/verify/0000-0000-0000")
        invalid = await client.get("/verify/x")
        shelf.write("mostar.txt", SOURCE.replace("divers", "swimmers"))
        shelf.sync()
        changed = read(await client.get(path))
    assert "Unchanged since" in unchanged.text
    assert [unknown.status_code, invalid.status_code] == [404, 404]
    assert changed.xpath("//del/text()") == ["divers"]


@pytest.mark.slow
def test_the_terminal_checks_a_file(library: Library, shelf: Shelf) -> None:
    draft = shelf.root / "draft.docx"
    draft.write_bytes(word())
    report = shelf.root / "report.html"
    environment = {"ONRECORD_READER": "embedding"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.cli.check.open_ready", lambda _data: library)
        run = CliRunner().invoke(
            program, ["check", str(draft), "--report", str(report)], env=environment
        )
        missing = CliRunner().invoke(program, ["check", "missing.docx"])
        exact = shelf.root / "exact.md"
        exact.write_text("> The old bridge at Mostar was rebuilt in 2004\n", encoding="utf-8")
        good = CliRunner().invoke(program, ["check", str(exact)])
        small = {"ONRECORD_MAX_FILE_MB": "0.00001"}
        large = CliRunner().invoke(program, ["check", str(exact)], env=small)
    assert run.exit_code == 1
    assert "Not found: “nobody ever swam there”" in run.stdout
    assert "Altered: 1" in run.stdout
    assert "nobody ever swam there" in report.read_text(encoding="utf-8")
    assert "no such file" in str(missing.exception)
    assert "ONRECORD_MAX_FILE_MB" in str(large.exception)
    assert (good.exit_code, "1 quotation — Exact: 1" in good.stdout) == (0, True)
