"""Pages of the web as documents: added by URL, and fetched again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.core.documents import Document
from index.library import Library
from tests.support.folders import Shelf, counts
from tests.support.website import Page, Site

FOX = "The red fox sleeps in the mill."
DOG = "A dog barks at the river."


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.open(fetch_private=True)


def only(library: Library) -> Document:
    (document,) = library.documents()
    return document


def test_a_page_becomes_a_document(library: Library, site: Site) -> None:
    url = site.put("/fox", f"---\ntitle: Foxes\n---\n{FOX}", "text/markdown")
    assert counts(library.add([f"{url}#top"])) == {"added": 1}
    document = only(library)
    assert (document.path, document.metadata.url) == (url, url)
    assert document.metadata.title == "Foxes"
    assert document.fetched is not None
    assert abs(document.fetched - datetime.now(UTC)) < timedelta(minutes=1)
    (quote,) = library.ask("Where does the red fox sleep?").quotes
    assert (quote.text, quote.source.metadata.url) == (FOX, url)
    assert quote.text == quote.span.cut(library.store.text(document.id))


def test_an_unchanged_page_is_fetched_and_not_embedded(library: Library, site: Site) -> None:
    url = site.put("/fox", FOX)
    library.add([url])
    before = only(library)
    report = library.add([url])
    assert counts(report) == {"unchanged": 1}
    assert report.embedded == 0
    assert len(site.requests) == 2
    after = only(library)
    assert after.id == before.id
    assert after.fetched is not None
    assert before.fetched is not None
    assert after.fetched > before.fetched


def test_a_changed_page_is_updated(library: Library, site: Site) -> None:
    library.add([site.put("/fox", FOX)])
    assert counts(library.add([site.put("/fox", DOG)])) == {"updated": 1}
    assert library.store.text(only(library).id) == DOG


@pytest.mark.parametrize(
    "now", [Page(b"sorry", 404), Page(b"x", headers={"Content-Type": "image/png"}), Page(b"")]
)
def test_a_page_that_is_gone_keeps_its_document(library: Library, site: Site, now: Page) -> None:
    url = site.put("/fox.txt", FOX)
    library.add([url])
    site.pages["/fox.txt"] = now
    report = library.add([url])
    assert counts(report) == {"failed": 1}
    assert report.failed[0].name == url
    assert library.store.text(only(library).id) == FOX


def test_files_folders_and_urls_together(shelf: Shelf, library: Library, site: Site) -> None:
    shelf.write("a.txt", FOX)
    alone = shelf.root / "b.txt"
    alone.write_text(DOG, encoding="utf-8")
    good = site.put("/c", f"{FOX} {DOG}")
    told: list[tuple[int, int]] = []
    report = library.add(
        [site.url("/none"), shelf.folder, good, str(alone), Path("none.txt"), good],
        progress=lambda done, count: told.append((done, count)),
    )
    assert counts(report) == {"added": 3, "failed": 2}
    assert {error.name for error in report.failed} == {"none.txt", site.url("/none")}
    assert shelf.paths() == ["a.txt", "b.txt", good]
    assert told == sorted(told)
    assert told[0] == (0, 4)
    assert told[-1] == (4, 4)


def test_sync_leaves_pages_be(shelf: Shelf, library: Library, site: Site) -> None:
    url = site.put("/fox", FOX)
    library.add([url])
    shelf.write("a.txt", DOG)
    assert counts(library.sync(shelf.folder)) == {"added": 1}
    assert counts(library.sync(shelf.folder)) == {"unchanged": 1}
    assert shelf.paths() == ["a.txt", url]
    assert len(site.requests) == 1


def test_a_page_is_known_by_the_url_asked_for_and_cited_by_where_it_was_found(
    library: Library, site: Site
) -> None:
    found = site.put("/new", FOX)
    asked = site.redirect("/old", "/new")
    library.add([asked])
    assert (only(library).path, only(library).metadata.url) == (asked, found)
    assert counts(library.add([asked])) == {"unchanged": 1}


@pytest.mark.parametrize(("named", "is_used"), [("/kept", True), ("https://other.test/", False)])
def test_the_address_a_page_gives_as_its_own(
    library: Library, site: Site, named: str, is_used: bool
) -> None:
    url = site.put("/fox?utm=1", f"---\nurl: {named}\n---\n{FOX}", "text/markdown")
    library.add([url])
    assert only(library).metadata.url == (site.url(named) if is_used else url)


def test_an_article_on_the_web(library: Library, site: Site) -> None:
    story = [f"{FOX} The miller counted {at} geese on the {at}th night." for at in range(4, 12)]
    page = f"""<!DOCTYPE html><html lang="en"><head><meta charset="windows-1251">
        <title>Foxes of the mill</title><meta name="author" content="Ann Müller">
        <link rel="canonical" href="{site.url("/foxes")}"></head><body>
        <nav><a href="/">Home</a> <a href="/dogs">Dogs</a></nav><article><h1>Foxes of the mill</h1>
        {"".join(f"<p>{line}</p>" for line in story)}<p>It is “late” in Zürich.</p></article>
        <footer>All rights reserved</footer></body></html>"""
    asked = site.put("/foxes?utm_source=mail", page, "text/html; charset=utf-8")
    assert counts(library.add([asked])) == {"added": 1}
    document = only(library)
    assert document.metadata.title == "Foxes of the mill"
    assert document.metadata.author == "Ann Müller"
    assert document.metadata.language == "en"
    assert document.metadata.url == site.url("/foxes")
    text = library.store.text(document.id)
    assert "It is “late” in Zürich." in text
    assert "All rights reserved" not in text
    answer = library.ask("How late is it in Zürich?")
    assert all(quote.text == quote.span.cut(text) for quote in answer.quotes)
    assert any("“late”" in quote.text for quote in answer.quotes)


def test_larger_than_the_limit_of_files(shelf: Shelf, site: Site) -> None:
    library = shelf.open(fetch_private=True, max_file_mb=0.00001)
    report = library.add([site.put("/fox", FOX)])
    assert "raise ONRECORD_MAX_FILE_MB" in str(report.failed[0])
    assert library.documents() == []
