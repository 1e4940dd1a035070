"""Runs Tesseract, and takes its words, each with its confidence, as paragraphs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from index.parsers.ocr import OCR
from index.parsers.toolkit.builder import clean

INSTALL = "install Tesseract (on Debian: apt install tesseract-ocr) to have them read"
_PROGRAM = "tesseract"
_MIN_CONFIDENCE = 60.0
"""A word below it, of 100, is doubtful."""

_MIN_MEAN = 55.0
_COLUMNS = 12
_PAGE, _WORD = "1", "5"  # the level of a row
_PLAIN, _TURNED = "3", "1"  # without and with a look at how the page is turned


class OcrError(Exception):
    """Tesseract cannot read; the text says why and gives the remedy."""


class Word(NamedTuple):
    """A word, its confidence 0..100, and its place: page, block, paragraph, line, as counted.

    `top` and `bottom` are shares of the height of its page.
    """

    text: str
    confidence: float
    place: tuple[int, int, int, int]
    top: float
    bottom: float

    @property
    def is_doubtful(self) -> bool:
        return self.confidence < _MIN_CONFIDENCE


class Block(NamedTuple):
    """The lines of a paragraph, and its borders as those of a word."""

    lines: list[list[Word]]
    top: float
    bottom: float


def can_recognize(languages: str) -> bool:
    """Whether pictures are to be read in some language, and Tesseract is there."""
    return bool(languages) and shutil.which(_PROGRAM) is not None


def recognize(image: bytes, seconds: float) -> list[list[Block]]:
    """Return the paragraphs on each page of an image, in reading order.

    Paragraphs of which most words are doubtful are specks and patterns, and left out.

    Raises:
        OcrError: Tesseract is not there, lacks a language, takes too long, or fails.
    """
    languages = OCR.get().languages
    _check(languages)
    words = _run(image, languages, _PLAIN, seconds)
    if _mean(words) < _MIN_MEAN and "osd" in _installed():
        turned = _run(image, languages, _TURNED, seconds)
        words = max(words, turned, key=_mean)
    return _pages(words)


def _check(languages: str) -> None:
    if shutil.which(_PROGRAM) is None:
        raise OcrError(INSTALL)
    missing = [one for one in languages.split("+") if one not in _installed()]
    if missing:
        raise OcrError(
            f"Tesseract lacks the language {missing[0]!r}: apt install tesseract-ocr-{missing[0]}, "
            "or change ONRECORD_OCR_LANGUAGES"
        )


@cache
def _installed() -> frozenset[str]:
    listed = subprocess.run(  # noqa: S603
        [_PROGRAM, "--list-langs"], capture_output=True, text=True, check=False
    )
    return frozenset(listed.stdout.split("\n")[1:])


def _run(image: bytes, languages: str, mode: str, seconds: float) -> list[Word]:
    command = [_PROGRAM, "-", "-", "--psm", mode, "-l", languages, "tsv"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=image,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise OcrError(f"takes longer than {seconds:.0f} s to read") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OcrError(f"Tesseract fails ({lines[-1] if lines else done.returncode})")
    return list(_words(done.stdout.decode("utf-8", "replace")))


def _words(table: str) -> Iterator[Word]:
    height = 1
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) != _COLUMNS:
            continue
        top, bottom = int(cells[7]), int(cells[7]) + int(cells[9])
        if cells[0] == _PAGE:
            height = max(bottom, 1)
        text, confidence = clean(cells[11]), float(cells[10])
        is_speck = confidence < _MIN_CONFIDENCE and not any(map(str.isalnum, text))
        if cells[0] == _WORD and text and not is_speck:
            page, block, paragraph, line = map(int, cells[1:5])
            place = page, block, paragraph, line
            yield Word(text, confidence, place, top / height, bottom / height)


def _mean(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / max(len(words), 1)


def _pages(words: Sequence[Word]) -> list[list[Block]]:
    pages: list[list[Block]] = []
    for number, on_page in groupby(words, key=lambda word: word.place[0]):
        pages += [[] for _ in range(number - 1 - len(pages))]  # blank ones
        paragraphs = groupby(on_page, key=lambda word: word.place[:3])
        blocks = (list(paragraph) for _, paragraph in paragraphs)
        pages.append(
            [
                Block(
                    [list(line) for _, line in groupby(block, key=lambda word: word.place)],
                    min(word.top for word in block),
                    max(word.bottom for word in block),
                )
                for block in blocks
                if sum(word.is_doubtful for word in block) * 2 <= len(block)
            ]
        )
    return pages
