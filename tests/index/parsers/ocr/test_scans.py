"""Scans and pictures, read by Tesseract, and what is told without it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from index.parsers.ocr import OCR, OFF, Ocr, reporting
from tests.support.folders import Shelf, counts
from tests.support.scans import needs_tesseract, picture, saved, scanned

FOX = "The red fox sleeps in the old mill at night."
DOG = "A brown dog barks at the river every morning."
TYPED = "This page has a sentence of text in it, typed by hand on a rainy Monday in July 2021."
STORY = (
    "The red fox sleeps in the old mill at night, and the miller who told",
    "the Herald about it on Monday says that it came back each winter since",
    "July 2021; nobody in the village knows why it did so. When the river",
    "froze in January, children followed its tracks over the ice to the other",
    "side, where a farmer keeps geese. He lost none of them, he said.",
)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Tesseract."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def limited(request: pytest.FixtureRequest) -> Iterator[None]:
    token = OCR.set(request.param)
    yield
    OCR.reset(token)


def quoted(parsed: Parsed) -> list[str]:
    return [one.span.cut(parsed.text) for one in parsed.paragraphs]


def mixed() -> bytes:
    return scanned([TYPED, picture(FOX), None, TYPED, picture(DOG)])


@needs_tesseract
@pytest.mark.slow
class TestPdf:
    def test_pages_of_text_and_pictures(self) -> None:
        done: list[tuple[int, int]] = []
        with reporting(lambda *pages: done.append(pages)):
            parsed = parse("a.pdf", mixed())
        assert quoted(parsed) == [TYPED, FOX, TYPED, DOG]
        starts = [parsed.text.index(TYPED), parsed.text.index(FOX), parsed.text.rindex(TYPED)]
        assert parsed.pages == (*starts[:2], starts[2], starts[2], parsed.text.index(DOG))
        assert (parsed.recognized, parsed.left_out) == ((2, 5), ())
        assert done == [(0, 2), (1, 2), (2, 2)]

    def test_nothing_but_pictures_some_of_them_turned(self) -> None:
        page = picture(*STORY)
        parsed = parse("a.pdf", scanned([page, page.rotate(180)]))
        assert parsed.recognized == (1, 2)
        assert quoted(parsed) == [" ".join(STORY)] * 2

    def test_pages_on_which_nothing_is_found_are_named(self) -> None:
        parsed = parse("a.pdf", scanned([TYPED, Image.new("L", (600, 800), 128)]))
        assert quoted(parsed) == [TYPED]
        assert parsed.left_out == (
            "page 2 without text: Tesseract finds none either; scan the paper anew, at 300 dpi",
        )

    @pytest.mark.parametrize("limited", [Ocr(pages=1)], indirect=True)
    def test_pages_beyond_the_limit_are_named(self, limited: None) -> None:
        parsed = parse("a.pdf", mixed())
        assert quoted(parsed) == [TYPED, FOX, TYPED]
        assert parsed.left_out == (
            "page 5 without text, not read: more than 1 of them; raise ONRECORD_OCR_PAGES",
        )

    @pytest.mark.parametrize("limited", [Ocr(seconds=0.01)], indirect=True)
    def test_so_are_those_for_which_no_time_is_left(self, limited: None) -> None:
        parsed = parse("a.pdf", mixed())
        assert quoted(parsed) == [TYPED, TYPED]
        assert "pages 2 and 5 without text, not read: no time left" in parsed.left_out[0]

    @pytest.mark.parametrize("limited", [Ocr(languages="xyz+eng")], indirect=True)
    def test_a_language_that_is_not_installed(self, limited: None) -> None:
        with pytest.raises(DocumentError, match="lacks the language 'xyz': apt install tesseract-"):
            parse("a.pdf", scanned([picture(FOX)]))


@pytest.mark.parametrize("limited", [OFF], indirect=True)
class TestWithout:
    def test_a_file_of_pictures_is_one_line(self, limited: None) -> None:
        with pytest.raises(DocumentError, match=r"has 2 pages without text; install Tess"):
            parse("a.pdf", scanned([picture(FOX)] * 2))

    def test_pages_are_named_and_blank_ones_are_not(self, limited: None) -> None:
        parsed = parse("a.pdf", mixed())
        assert quoted(parsed) == [TYPED, TYPED]
        assert parsed.left_out[0].startswith(
            "pages 2 and 5 without text, not read: install Tesseract"
        )


class TestPictures:
    @needs_tesseract
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("suffix", "kind"), [(".png", "PNG"), (".jpg", "JPEG"), (".webp", "WebP")]
    )
    def test_one(self, suffix: str, kind: str) -> None:
        parsed = parse(f"a{suffix}", saved(picture(FOX), kind))
        assert (quoted(parsed), parsed.pages, parsed.recognized) == ([FOX], (), (0,))

    @needs_tesseract
    @pytest.mark.slow
    def test_several_pages(self) -> None:
        parsed = parse("a.tiff", saved(picture(FOX), "TIFF", picture(DOG)))
        assert quoted(parsed) == [FOX, DOG]
        assert (parsed.pages, parsed.recognized) == ((0, len(FOX) + 2), (1, 2))

    @needs_tesseract
    @pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"x", b""])
    def test_what_is_none(self, data: bytes) -> None:
        with pytest.raises(DocumentError):
            parse("a.png", data)

    def test_without_tesseract_they_are_left_out(self, shelf: Shelf, nowhere: None) -> None:
        shelf.write("a.png", b"x")
        shelf.write("b.txt", FOX)
        report = shelf.sync()
        assert counts(report) == {"added": 1, "unknown": 1}
        assert "1 .png file cannot be read; install Tesseract for pictures" in str(report)
        with pytest.raises(DocumentError, match="a picture: install Tesseract"):
            parse("a.png", b"x")


@needs_tesseract
@pytest.mark.slow
class TestSync:
    """In the process of the parser, with its limits."""

    def test_a_quote_says_that_it_was_read_by_ocr(self, shelf: Shelf) -> None:
        shelf.write("a.pdf", scanned([TYPED, picture(FOX)]))
        library = shelf.open(parse=None)
        assert counts(library.sync(shelf.folder)) == {"added": 1}
        quote = library.ask("Where does the red fox sleep?").quotes[0]
        assert (quote.text, quote.page, quote.is_recognized) == (FOX, 2, True)
        quote = library.ask("Who typed a sentence on a rainy Monday?").quotes[0]
        assert (quote.page, quote.is_recognized) == (1, False)
        assert library.find_faults() == []

    def test_a_picture_without_text_is_counted_and_not_read_again(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shelf.write("a.png", saved(picture(" "), "PNG"))
        report = shelf.sync()
        assert (counts(report), report.wordless) == ({}, 1)
        assert "1 picture without text" in str(report)
        monkeypatch.setattr("index.ingest.indexer.read_file", None)
        assert shelf.sync().wordless == 1

    def test_pages_that_waited_for_tesseract_are_read_once_it_is_there(
        self, shelf: Shelf, tmp_path: Path
    ) -> None:
        shelf.write("a.pdf", scanned([TYPED, picture(FOX)]))
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("PATH", str(tmp_path))
            for done in ("added", "unchanged"):
                assert counts(shelf.sync()) == {done: 1}
        for done in ("updated", "unchanged"):
            assert counts(shelf.sync()) == {done: 1}

    def test_a_picture_stays_while_tesseract_is_away(
        self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        shelf.write("a.png", saved(picture(FOX), "PNG"))
        shelf.write("b.txt", FOX)
        assert counts(shelf.sync()) == {"added": 2}
        monkeypatch.setenv("PATH", str(tmp_path))
        assert counts(shelf.sync()) == {"unchanged": 1, "unknown": 1}
        assert shelf.paths() == ["a.png", "b.txt"]

    def test_it_ends_when_it_takes_too_long(self, shelf: Shelf, tmp_path: Path) -> None:
        slow = tmp_path / "bin" / "tesseract"
        slow.parent.mkdir()
        slow.write_text("#!/bin/sh\n[ $1 = --list-langs ] && echo && echo eng && exit\nsleep 60\n")
        slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
        shelf.write("a.png", saved(picture(FOX), "PNG"))
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
            report = shelf.open(parse=None, ocr_seconds=1.0).sync(shelf.folder)
        assert "takes longer than 1 s" in str(report.failed[0])
