"""Quotes are kept on the page by forms that nobody else can send."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import rispy
from lxml import html

from bot.storage.database import FILE_NAME
from index.library import Library
from index.store.certificates import parse_id
from tests.support.folders import Shelf
from tests.support.web import reading

STORY = "The ferry Aurora sank near the harbour of Mostar on Monday."
PRESS = "The press writes that the ferry Borealis reached the port of Split."
QUESTION = "Where did the ferry Aurora sink?"
TOKEN, PRESS_TOKEN = "a-long-and-random-word", "another-random-word-9"


def fill(shelf: Shelf) -> None:
    shelf.write("ferry.txt", STORY)
    shelf.sync()
    shelf.open().add([shelf.write("press.txt", PRESS)], collection="press")


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def form_of(page: httpx.Response) -> dict[str, str]:
    """Return the fields of the first form that keeps or removes a quote."""
    (form, *_rest) = html.fromstring(page.text).xpath("//form[@class='keep']")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    (button,) = form.xpath(".//button")
    return fields | {button.get("name"): button.get("value")}


@asynccontextmanager
async def as_reader(library: Library, token: str) -> AsyncIterator[httpx.AsyncClient]:
    tokens = f"{TOKEN},{PRESS_TOKEN}=press"
    async with reading(library, web_token=tokens) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.mark.slow
async def test_a_quote_is_kept_listed_exported_and_removed(library: Library) -> None:
    async with reading(library) as client:
        assert not (library.folder / FILE_NAME).exists()
        empty = await client.get("/clippings")
        kept = form_of(await client.get("/", params={"q": QUESTION}))
        answers = [await client.post("/clippings", data=kept) for _ in range(2)]
        page = await client.get("/clippings")
        files = {
            suffix: await client.get(f"/clippings/export/clippings.{suffix}")
            for suffix in ("md", "docx", "csv", "bib", "ris", "pdf")
        }
        (path,) = html.fromstring(page.text).xpath("//figure//figcaption/a/@href")
        document = await client.get(path)
        again = form_of(document)
        removed = await client.post("/clippings", data=form_of(page))
        nothing = await client.get("/clippings/export/clippings.csv")
    assert "Nothing is kept here yet" in empty.text
    place = f"/clippings#c{parse_id(kept['certificate'])}"
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(303, place)] * 2
    assert html.fromstring(page.text).xpath("//blockquote/text()") == [STORY]
    assert [one.status_code for one in files.values()] == [200] * 5 + [404]
    assert rispy.loads(files["ris"].text)[0]["notes"] == [STORY]
    assert 'filename="clippings.bib"' in files["bib"].headers["Content-Disposition"]
    assert again == kept
    assert removed.status_code == 303
    assert nothing.status_code == 404
    assert "Nothing is kept here yet" in nothing.text


async def test_a_strangers_form_changes_nothing(library: Library) -> None:
    async with reading(library) as client:
        kept = form_of(await client.get("/", params={"q": QUESTION}))
        refused = [
            await client.post("/clippings", data=kept | {"key": key})
            for key in ("", "x", kept["key"][:-1], "é")
        ]
        refused.append(await client.post("/clippings", data={"certificate": kept["certificate"]}))
        unknown = [
            await client.post("/clippings", data=kept | {"certificate": certificate})
            for certificate in ("0000-0000-0000", "forged", "")
        ]
        page = await client.get("/clippings")
    assert [one.status_code for one in refused] == [403] * 5
    assert [one.status_code for one in unknown] == [404] * 3
    assert "Nothing is kept here yet" in page.text


async def test_a_token_for_one_collection_shows_and_keeps_no_other(library: Library) -> None:
    async with as_reader(library, TOKEN) as client:
        kept = form_of(await client.get("/", params={"q": QUESTION}))
        await client.post("/clippings", data=kept)
    async with as_reader(library, PRESS_TOKEN) as client:
        own = form_of(await client.get("/", params={"q": "Where did the ferry Borealis arrive?"}))
        other = await client.post(
            "/clippings", data=own | {"certificate": kept["certificate"], "act": "keep"}
        )
        await client.post(
            "/clippings", data=own | {"certificate": kept["certificate"], "act": "remove"}
        )
        await client.post("/clippings", data=own)
        page = await client.get("/clippings")
    async with as_reader(library, TOKEN) as client:
        first = await client.get("/clippings")
    assert other.status_code == 404
    assert PRESS in page.text
    assert "Aurora" not in page.text
    assert "ferry.txt" not in page.text
    assert STORY in first.text


async def test_the_limit_is_said(library: Library) -> None:
    async with reading(library, clippings_per_chat=0) as client:
        kept = form_of(await client.get("/", params={"q": QUESTION}))
        full = await client.post("/clippings", data=kept)
    assert full.status_code == 409
    assert "there is no room for more" in full.text


@pytest.mark.parametrize("query", ["page=-1", "page=9999999999", "page=x", "page=٣", "chat=1"])
async def test_odd_parameters_are_no_error(library: Library, query: str) -> None:
    async with reading(library) as client:
        page = await client.get(f"/clippings?{query}")
        forged = await client.get(f"/clippings?{query}&sig=x")
    assert page.status_code == 200
    assert forged.status_code == 403
    assert not re.search(r"Traceback|/tmp", forged.text)
