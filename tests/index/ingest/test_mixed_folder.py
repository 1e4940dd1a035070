"""A folder with two files of each format, indexed at once: every quote is a slice of its text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.core.scope import Scope
from index.core.settings import DEFAULT_MODEL
from index.parsers import SUFFIXES
from index.parsers.ocr import IMAGES
from tests.bot.cli.test_index import run
from tests.support.embedder import HashEmbedder
from tests.support.folders import Shelf
from tests.support.samples import samples

OTHER = (
    "The heron stands in the reeds at noon. “It never moves,” the warden said on Friday.",
    "Two boats left the harbour before the storm. Nine people were on board 🚤.",
    "The council voted against the bridge, and the ferry will run until October.",
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, HashEmbedder(name=DEFAULT_MODEL))
    yield made
    made.close()


@pytest.mark.slow
def test_every_quote_is_what_show_prints(shelf: Shelf) -> None:
    for folder, files in (("foxes", samples()), ("herons", samples(OTHER))):
        for suffix, data in files.items():
            shelf.write(f"{folder}/file{suffix}", data)
    report = shelf.sync()
    assert not report.failed
    assert report.added == 2 * len(samples())
    library = shelf.open()
    for document in library.documents():
        printed = run(shelf, "index", "show", document.id, "--text").stdout_bytes.decode()
        question = "Where does the fox sleep?" if "fox" in document.path else "What is the heron?"
        quotes = library.ask(question, Scope(documents=(document.id,))).quotes
        assert quotes, document.path
        for quote in quotes:
            assert quote.text == printed[quote.span.start : quote.span.end]
            assert any(quote.text in text or text in quote.text for text in printed.split("\n\n"))


def test_each_parser_has_a_sample() -> None:
    aliases = {".markdown", ".xhtml", ".mht", ".ndjson"}
    aliases |= {".text", ".log", ".org", ".rst"}
    assert samples().keys() | aliases | IMAGES == SUFFIXES
