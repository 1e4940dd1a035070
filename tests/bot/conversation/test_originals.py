"""Addresses of quotes in their sources on the web."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.originals import ends, original_url
from bot.telegram.rendering.keyboards import is_openable
from index.core.documents import Metadata
from tests.support.library import document, quote

PAGE = "https://a.example/x"
LONG = "One two three four five, six seven eight - nine ten eleven twelve."


def url_of(
    address: str | None, text: str = "Two words.", page: int | None = None, path: str = "x.txt"
) -> str | None:
    source = replace(document(path=path), metadata=Metadata(url=address))
    return original_url(quote(text, source=source, page=page))


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("Two words.", "Two%20words."),
        (LONG, "One%20two%20three%20four%20five%2C,%2D%20nine%20ten%20eleven%20twelve."),
        ("US-led forces, they said", "US%2Dled%20forces%2C%20they%20said"),
        ("Profit & loss — 100 %", "Profit%20%26%20loss%20%E2%80%94%20100%20%25"),
        ("قال الوزير", "%D9%82%D8%A7%D9%84%20%D8%A7%D9%84%D9%88%D8%B2%D9%8A%D8%B1"),
        ("A line\nand\tanother", "A%20line%20and%20another"),
    ],
)
def test_the_words_are_looked_for_in_a_web_page(text: str, fragment: str) -> None:
    assert url_of(PAGE, text) == f"{PAGE}#:~:text={fragment}"


@given(st.text(min_size=1).filter(str.strip))
def test_what_is_looked_for_begins_and_ends_the_quote(text: str) -> None:
    found, flat = ends(text), " ".join(text.split())
    assert flat.startswith(found[0])
    assert flat.endswith(found[-1])
    assert sum(map(len, found)) <= len(flat)


@pytest.mark.parametrize("character", ["漢字仮名交じり文、", "ประโยคภาษาไทย "])
def test_a_long_quote_without_spaces_is_still_opened_by_a_button(character: str) -> None:
    found = url_of(PAGE, character * 60)
    assert found is not None
    assert is_openable(found)
    start, end = found.partition("text=")[2].split(",")
    assert (character * 60).startswith(unquote(start))
    assert (character * 60).strip().endswith(unquote(end))


@pytest.mark.parametrize(
    ("address", "page", "path", "expected"),
    [
        ("https://a.example/x.PDF", 3, "x.pdf", "https://a.example/x.PDF#page=3"),
        ("https://a.example/x.pdf?v=2", 3, "x.pdf", "https://a.example/x.pdf?v=2#page=3"),
        ("https://a.example/x.pdf", None, "x.pdf", "https://a.example/x.pdf"),
        ("https://a.example/pdf/1", 3, "https://a.example/pdf/1", "https://a.example/pdf/1#page=3"),
        (PAGE, 3, "x.pdf", f"{PAGE}#page=3:~:text=Two%20words."),
        (f"{PAGE}#2", None, "x.txt", f"{PAGE}#2"),
        (
            "https://ru.example/мост",
            None,
            "x.txt",
            "https://ru.example/%D0%BC%D0%BE%D1%81%D1%82#:~:text=Two%20words.",
        ),
        (
            "https://мост.example:8080/a%20b",
            None,
            "x.txt",
            "https://xn--l1aeje.example:8080/a%20b#:~:text=Two%20words.",
        ),
    ],
)
def test_a_source_opens_at_its_place(
    address: str, page: int | None, path: str, expected: str
) -> None:
    assert url_of(address, page=page, path=path) == expected


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "//",
        "http://[",
        "x.txt",
        "http://a.example:x/",
        "https://" + "ж" * 70 + ".example/",
    ],
)
def test_what_is_no_web_address_is_none(address: str | None) -> None:
    assert url_of(address) is None
