"""Pages whose large part is compressed once."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.places import key_of
from bot.web.packing import Part, joined, takes_gzip
from index.library import Library
from tests.support.folders import Shelf
from tests.support.web import marked, reading

BRIDGE = "The old bridge at Mostar was rebuilt in 2004 by divers."


@given(st.binary(), st.text(), st.binary())
def test_the_parts_are_one_gzip_file(before: bytes, text: str, after: bytes) -> None:
    part = Part.of(text)
    assert gzip.decompress(joined(before, part, after)) == before + text.encode() + after


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
    ],
)
def test_only_who_takes_it_gets_it(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes


def fill(shelf: Shelf) -> None:
    shelf.write("mostar.txt", BRIDGE)
    shelf.sync()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


async def test_a_page_is_the_same_packed_or_not_and_sent_once(
    library: Library, shelf: Shelf
) -> None:
    path = f"/d/{key_of(library.documents()[0])}?q=0-{len(BRIDGE)}"
    async with reading(library) as client:
        packed = await client.get(path)
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        tag = {"If-None-Match": packed.headers["ETag"]}
        again = await client.get(path, headers=tag)
        other = await client.get(path, headers=tag | {"Accept-Language": "de"})
        shelf.write("mostar.txt", f"{BRIDGE} It is white.")
        shelf.sync()
        changed = await client.get(path, headers=tag)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.text == plain.text
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == changed.status_code == 200
    assert "It is white." in changed.text


async def test_other_words_at_the_place_are_not_marked(library: Library, shelf: Shelf) -> None:
    async with reading(library) as client:
        found = await client.get("/", params={"q": "Who rebuilt the old bridge at Mostar?"})
        path = found.text.partition('href="/d/')[2].partition('"')[0].replace("&amp;", "&")
        path = f"/d/{path.partition('#')[0]}"
        before = await client.get(path)
        shelf.write("mostar.txt", f"Look. {BRIDGE}")
        shelf.sync()
        after = await client.get(path)
        bare = await client.get(path.partition("&")[0])
    assert marked(before) == BRIDGE
    assert (after.status_code, marked(after)) == (404, None)
    assert "is not at this place any more" in after.text
    assert bare.status_code == 200
