"""The page of a PDF as a picture, with the quote boxed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from bot.conversation.places import Signer, key_of
from bot.web.chats import Chats
from bot.web.pictures.drawing import find, fold
from bot.web.pictures.files import find_file
from index.library import Library
from tests.support.folders import Shelf
from tests.support.web import read, reading

LINES = [
    "The harbour was closed for the whole winter because of the ice.",
    "Twelve ships waited outside of it until the first of March.",
    "Their crews were paid in full, said the harbour master.",
]


def pdf(pages: list[list[str]]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for lines in pages:
        for at, line in enumerate(lines):
            canvas.drawString(60, 780 - 40 * at, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    shelf.write("harbour.pdf", pdf([["A first page of no interest to anybody here."], LINES]))
    shelf.sync()
    return shelf.open()


def boxed_rows(png: bytes) -> tuple[int, set[int]]:
    """Return the height of a picture, and its rows with the colour of a box."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    width, height = image.size
    pixels = image.load()
    assert pixels is not None
    yellow = {
        y
        for y in range(height)
        for x in range(0, width, 5)
        if pixels[x, y][2] < 220 < pixels[x, y][0]
    }
    return height, yellow


@pytest.mark.slow
async def test_the_quote_is_boxed_on_its_page(library: Library) -> None:
    (document,) = library.documents()
    text = library.store.outline(document.id).text
    start = text.index("Twelve")
    query = f"q={start}-{text.index('March.') + 6}"
    async with reading(library) as client:
        page = read(await client.get(f"/d/{key_of(document)}?{query}"))
        (source,) = page.xpath("//figure/img/@src")
        picture = await client.get(source)
        missing = await client.get(f"/d/{key_of(document)}/page/9.png")
    assert "/page/2.png" in source
    assert page.xpath("//figure/img/@alt") == ["Page 2, with a box around the quote"]
    assert picture.headers["content-type"] == "image/png"
    height, rows = boxed_rows(picture.content)
    # The second line stands 102 of 842 points below the upper edge.
    assert rows
    assert 0.1 * height < min(rows) <= max(rows) < 0.14 * height
    assert missing.status_code == 404


@pytest.mark.slow
async def test_what_was_sent_to_a_chat_is_drawn_for_it(shelf: Shelf) -> None:
    library, file = shelf.open(), shelf.root / "1a2b3c.pdf"
    file.write_bytes(pdf([LINES]))
    library.add_document(file, "chat:1", lambda _done, _total: None, "harbour.pdf")
    (document,) = library.documents(None)
    key, signer = key_of(document), Signer(b"secret", 60.0)
    chats = Chats(signer, may_read=lambda _chat: True, upload_of=lambda _document: file)
    query = {"q": f"0-{len(LINES[0])}", **signer.sign(1, key)}
    async with reading(library, chats) as client:
        page = read(await client.get(f"/d/{key}", params=query))
        (source,) = page.xpath("//figure/img/@src")
        picture = await client.get(source)
        unsigned = await client.get(source.partition("?")[0])
        file.write_bytes(pdf([LINES[:1]]))
        changed = await client.get(source)
    assert picture.headers["content-type"] == "image/png"
    assert boxed_rows(picture.content)[1]
    assert unsigned.status_code == changed.status_code == 404


def test_only_the_file_that_was_indexed_is_shown(library: Library, shelf: Shelf) -> None:
    (document,) = library.documents()
    folders = library.store.folders()
    assert folders == {"library": shelf.folder.resolve()}
    assert find_file(folders, document) == shelf.folder / "harbour.pdf"
    shelf.write("harbour.pdf", pdf([LINES]))
    assert find_file(folders, document) is None
    (shelf.folder / "harbour.pdf").unlink()
    assert find_file(folders, document) is None
    assert find_file({}, document) is None


def test_a_link_out_of_the_folder_is_not_followed(library: Library, shelf: Shelf) -> None:
    (document,) = library.documents()
    file = shelf.folder / "harbour.pdf"
    outside = Path(file.rename(shelf.root / "outside.pdf"))
    file.symlink_to(outside)
    assert find_file(library.store.folders(), document) is None


def test_words_are_found_whatever_their_setting() -> None:
    page = fold("The har-\nbour was closed. “Twelve  ships”\nwaited 3 days.")
    assert find(page, fold('"Twelve ships" waited')) == range(19, 36)
    assert find(page, fold("Twelve ships waitedx 3 days")) != range(0)
    assert find(page, fold("nothing of the kind is on this page at all")) == range(0)
    assert find(page, []) == range(0)
