"""Web pages that a browser saved as one file."""

from __future__ import annotations

from datetime import date

import pytest

from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import check, quotable
from tests.support.samples import PROSE, samples, saved_page


def test_the_page_is_read_as_from_a_file_of_its_own() -> None:
    saved, page = (check(parse(f"a{kind}", samples()[kind])) for kind in (".mhtml", ".html"))
    assert quotable(saved) == quotable(page)
    assert PROSE[0] in quotable(saved)
    assert (saved.metadata.title, saved.metadata.author) == ("Foxes", "Ann")
    assert saved.metadata.published == date(2021, 7, 10)
    assert saved.metadata.url == "https://example.org/foxes"


def test_a_place_on_the_disk_is_no_address() -> None:
    page = "<html><body><article><p>The red fox sleeps in the mill.</p></article></body></html>"
    assert parse("a.mht", saved_page(page, "file:///home/ann/a.html")).metadata.url is None


@pytest.mark.parametrize(
    "data",
    [b"", b"The fox.", b"From: <Saved by Blink>\r\nContent-Type: text/plain\r\n\r\nThe fox."],
)
def test_what_holds_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="no web page in it"):
        parse("a.mhtml", data)


def test_the_limits_of_mail_hold() -> None:
    nested = b"Content-Type: multipart/related; boundary=x\n\n--x\n" * 31
    with pytest.raises(DocumentError, match="the limit"):
        parse("a.mhtml", nested)
