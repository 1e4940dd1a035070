"""The page of the library."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.web.library.catalog import MAX_BARS, bars
from bot.web.library.paging import PAGE_SIZE
from index.core.documents import Document, Metadata
from index.library import Library
from tests.support.folders import Shelf
from tests.support.library import StubLibrary, document
from tests.support.web import read, reading

ARTICLES = {
    "a.md": "---\ntitle: Ships\ndate: 2020-01-05\npublisher: Reuters\n---\nShips are late.",
    "b.md": "---\ntitle: Amber\ndate: 2021-03-01\n---\nAmber is old. It is yellow.",
    "sub/c.md": "---\ntitle: <i>Trains</i>\n---\nTrains are slow.",
}


@pytest.fixture
def library(shelf: Shelf) -> Library:
    for path, text in ARTICLES.items():
        shelf.write(path, text)
    shelf.sync()
    return shelf.open()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Amber", "Ships", "<i>Trains</i>"]),
        ("sort=oldest", ["Ships", "Amber", "<i>Trains</i>"]),
        ("sort=title", ["Amber", "<i>Trains</i>", "Ships"]),
        ("sort=no&page=7", ["Amber", "Ships", "<i>Trains</i>"]),
        ("q=reuters", ["Ships"]),
        ("q=SUB%2Fc", ["<i>Trains</i>"]),
        ("year=2021", ["Amber"]),
        ("year=x", []),
        ("collection=another", []),
    ],
)
async def test_documents_are_found_and_put_in_order(
    library: Library, query: str, titles: list[str]
) -> None:
    async with reading(library) as client:
        page = read(await client.get(f"/library?{query}"))
    assert [link.text for link in page.xpath("//td/a")] == titles


async def test_each_leads_to_its_document(library: Library) -> None:
    async with reading(library) as client:
        page = read(await client.get("/library?q=Amber"))
        (link,) = page.xpath("//td/a/@href")
        assert "Amber is old." in (await client.get(link)).text
    assert "1 March 2021" in page.text_content()
    assert "1 of 3 documents" in page.text_content()


async def test_dates_are_a_chart(library: Library) -> None:
    async with reading(library) as client:
        page = read(await client.get("/library"))
    titles = page.xpath("//svg/rect/title/text()")
    assert titles[0] == "2020-01: 1"
    assert titles[-1] == "2021-03: 1"
    assert len(titles) == 15
    assert "1 document without a date" in page.text_content()


async def test_long_lists_have_pages(shelf: Shelf) -> None:
    for number in range(PAGE_SIZE + 2):
        shelf.write(f"{number:03}.txt", f"Report number {number} is here.")
    shelf.sync()
    async with reading(shelf.open()) as client:
        first = read(await client.get("/library?sort=title&q=Report"))
        (link,) = first.xpath("//a[@rel='next']/@href")
        last = read(await client.get(link))
    assert len(first.xpath("//td/a")) == PAGE_SIZE
    assert len(last.xpath("//td/a")) == 2
    assert last.xpath("//a[@rel='prev']/@href") == ["/library?q=Report&sort=title&page=0"]


class Many(StubLibrary):
    """A library of 3,000 documents with titles of all kinds."""

    def __post_init__(self) -> None:
        super().__post_init__()
        titles = (
            "Harbour",
            "تقرير الميناء",
            "<script>x</script>",
            "“Étude”",
            "b" * 300,
            "港の報告",
            None,
        )
        self.shelf = [
            replace(
                document(path=f"{at:04}.txt", published=date(2019 + at % 3, 1 + at % 12, 1)),
                id=at,
                metadata=Metadata(
                    title=f"{title} {at:04}" if (title := titles[at % len(titles)]) else None,
                    published=date(2019 + at % 3, 1 + at % 12, 1) if at % 5 else None,
                ),
            )
            for at in range(3000)
        ]
        self.store = Revised()


class Revised:
    def revision(self) -> int:
        return 1


@pytest.mark.slow
async def test_three_thousand_documents_are_walked_page_by_page() -> None:
    seen: list[str] = []
    async with reading(Many()) as client:
        for number in (0, 30, 59):
            page = read(await client.get(f"/library?sort=title&page={number}"))
            seen += page.xpath("//td/a/@href")
            assert page.xpath("//script/@src") == ["/static/room.js"]
            onward = page.xpath("//a[@rel='next']/@href")
            assert onward == ([f"/library?sort=title&page={number + 1}"] if number < 59 else [])
        arabic = read(await client.get("/library", params={"q": "الميناء", "year": "2020"}))
        dated = read(await client.get("/library", params={"sort": "oldest", "page": "10" * 30}))
    assert len(seen) == len(set(seen)) == 3 * PAGE_SIZE
    found = arabic.xpath("//td/a/text()")
    assert len(found) == PAGE_SIZE
    assert all("تقرير الميناء" in title for title in found)
    assert len(arabic.xpath("//td/a[@dir='auto']")) == PAGE_SIZE
    assert {cell.text for cell in dated.xpath("//td[2]")} == {None}
    assert len(dated.xpath("//svg/rect")) == 36


async def test_the_health_of_the_index_is_told(library: Library, shelf: Shelf) -> None:
    async with reading(library) as client:
        assert "Sound" in (await client.get("/library/health")).text
        with library.store.passages.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE documents SET text_sha256 = 'x'")
        broken = (await client.get("/library/health")).text
    assert "3 faults were found" in broken
    assert str(shelf.root) not in broken


def dated(*days: str) -> list[Document]:
    return [
        replace(document(), metadata=Metadata(published=date.fromisoformat(day))) for day in days
    ]


def test_bars_are_months_or_years() -> None:
    assert bars([]) == []
    assert bars(dated("2021-12-31", "2021-12-01", "2022-01-01"))[0].share == 1
    assert [(bar.label, bar.count) for bar in bars(dated("1999-01-01", "2002-01-01"))] == [
        ("1999", 1),
        ("2000", 0),
        ("2001", 0),
        ("2002", 1),
    ]
    assert len(bars(dated("1700-01-01", "2020-01-01"))) == MAX_BARS
