"""The page of the speakers, and of the words of one of them."""

from __future__ import annotations

import pytest

from index.core.attributions import Attribution
from index.core.documents import Span, Speaker
from index.library import Library
from tests.support.folders import Shelf
from tests.support.web import marked, read, reading

TEXT = (
    "The harbour stays closed, said harbour master Ann Lee. Nobody came. "
    "“We wait for <b>spring</b>,” Ann Lee said. The mayor Ben Oz denied it."
)
SAID = (
    ("harbour master Ann Lee", "The harbour stays closed"),
    ("Ann Lee", "We wait for <b>spring</b>"),
    ("Ben Oz", "it."),
)


def fill(shelf: Shelf) -> None:
    made = shelf.open()
    made.add([shelf.write("harbour.txt", TEXT)])
    made.add([shelf.write("secret.txt", TEXT.replace("Ann Lee", "Cid Roe"))], collection="chat:1")
    for document in made.documents(None):
        text = made.store.outline(document.id).text
        found = [
            attribution(text, who.replace("Ann Lee", name), said)
            for who, said in SAID
            for name in ["Cid Roe" if "Cid Roe" in text else "Ann Lee"]
        ]
        made.store.attributions.replace(document.id, found, 10**6)


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def attribution(text: str, who: str, said: str) -> Attribution:
    source, content = (Span(text.index(part), text.index(part) + len(part)) for part in (who, said))
    return Attribution(
        source=(source,),
        cue=(source,),
        content=(content,),
        speaker=Speaker(who, source),
        speech="direct",
    )


async def test_speakers_are_listed_with_their_counts(library: Library) -> None:
    async with reading(library) as client:
        page = read(await client.get("/speakers"))
        found = read(await client.get("/speakers", params={"q": "MASTER"}))
    rows = [
        ("".join(row.xpath("./a/text()")), "".join(row.xpath("./span/text()")))
        for row in page.xpath("//ol[@class='speakers']/li")
    ]
    assert rows == [("Ann Lee", "2"), ("Ben Oz", "1")]
    assert found.xpath("//ol[@class='speakers']/li/a/text()") == ["Ann Lee"]


async def test_their_words_lead_to_where_they_stand(library: Library) -> None:
    async with reading(library) as client:
        (path,) = read(await client.get("/speakers?q=Lee")).xpath("//ol//a/@href")
        page = read(await client.get(path))
        shown = page.xpath("//blockquote")
        links = page.xpath("//figcaption/a/@href")
        there = await client.get(links[1])
    assert [quote.text_content() for quote in shown] == [
        "The harbour stays closed, said harbour master Ann Lee.",
        "“We wait for <b>spring</b>,” Ann Lee said.",
    ]
    assert page.xpath("//input[@id='question']/@value") == ['said:"Ann Lee" ']
    assert marked(there) == "“We wait for <b>spring</b>,” Ann Lee said."


@pytest.mark.parametrize("query", ["said=Cid+Roe", "q=Cid", "said=%22%25_&page=9", "page=-1"])
async def test_those_of_other_chats_and_nonsense_show_nothing(library: Library, query: str) -> None:
    async with reading(library) as client:
        page = await client.get(f"/speakers?{query}")
    assert page.status_code == 200
    assert read(page).xpath("//blockquote") == []
    assert "Cid Roe</a>" not in page.text
