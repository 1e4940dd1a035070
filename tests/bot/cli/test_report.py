"""The report: one line a document, the doubtful first, with the origin of what is known."""

from __future__ import annotations

import json

import pytest

from bot.cli.report import report_lines
from tests.support.folders import Shelf
from tests.support.samples import samples

FOX = "The red fox sleeps in the mill at night."
PAGE = (
    '<html><head><title>Foxes | The Herald</title><meta property="og:title" content="Foxes">'
    '<meta name="author" content="Ann Lee"><meta property="article:published_time" '
    f'content="2021-07-10T10:00"></head><body><article><h1>Foxes</h1>{f"<p>{FOX}</p>" * 5}'
    "</article></body></html>"
)


def report(shelf: Shelf) -> list[str]:
    return list(report_lines(shelf.open(), as_json=False))


def facts(shelf: Shelf, name: str, content: str | bytes) -> list[str | None]:
    """Sync one file, and return where its title, day and author were read."""
    shelf.write(name, content)
    shelf.sync()
    (told,) = map(json.loads, report_lines(shelf.open(), as_json=True))
    return [told[f"{fact}_from"] for fact in ("title", "published", "author")]


def test_a_line_each_with_the_doubtful_first(shelf: Shelf) -> None:
    shelf.write("a.md", f"---\ntitle: Foxes\ndate: 2021-07-10\n---\n{FOX}")
    shelf.write("b.txt", f"Ein Müller schläft über dem Bäcker. {FOX}".encode("cp1252"))
    shelf.write("c.docx", b"no document")
    shelf.sync()
    failed, doubtful, warning, sound, count = report(shelf)
    assert failed.startswith("not read  c.docx: not a zip container")
    assert doubtful == " 100%  b.txt · no title · no date · no author · id 2"
    assert warning == "       warning: its encoding is a guess: Windows-1252; save it as UTF-8"
    assert sound == (
        "  50%  a.md · title: Foxes (front matter) · date: 2021-07-10 (front matter) · no author "
        "· id 1"
    )
    assert count == "2 documents, 1 with warnings; 1 file could not be read"


def test_what_can_be_read_again_is_no_longer_told(shelf: Shelf) -> None:
    shelf.write("a.docx", b"no document")
    shelf.sync()
    shelf.write("a.docx", samples()[".docx"])
    shelf.sync()
    assert "not read" not in report(shelf)[0]


def test_lines_of_a_table_that_were_left_out(shelf: Shelf) -> None:
    shelf.write("a.csv", f"text,day\n{FOX},1\n{FOX},1,2\n")
    shelf.sync()
    assert "line 3 has 3 fields" in report(shelf)[1]


@pytest.mark.parametrize(
    ("name", "content", "origins"),
    [
        ("a.html", PAGE, ["og:title", "article:published_time", "author"]),
        ("a.txt", f"Foxes\n\n{FOX}", ["first line", None, None]),
        ("a.txt", f"date 2021-07-10 {FOX}", [None, "date line", None]),
        ("a.md", f"# Foxes\n{FOX}", ["first heading", None, None]),
        ("a.epub", samples()[".epub"], ["book metadata"] * 3),
        ("a.eml", samples()[".eml"], ["mail header"] * 3),
    ],
)
def test_where_facts_were_read(
    shelf: Shelf, name: str, content: str | bytes, origins: list[str | None]
) -> None:
    assert facts(shelf, name, content) == origins


def test_a_sidecar_is_an_origin_of_its_own(shelf: Shelf) -> None:
    shelf.write("a.md.meta.yaml", "title: Animals")
    assert facts(shelf, "a.md", f"---\ntitle: F\nauthor: Ann\n---\n{FOX}") == [
        "sidecar file",
        None,
        "front matter",
    ]


def test_an_index_of_an_older_release(shelf: Shelf) -> None:
    shelf.write("a.txt", FOX)
    shelf.sync()
    library = shelf.open()
    with library.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE documents SET quotable = NULL")
    assert report(shelf)[0].startswith("    ?  a.txt")
