"""Content of another format than its suffix says is refused, with what to do about it."""

from __future__ import annotations

import pytest

from index.core.errors import DocumentError
from index.parsers import SUFFIXES, parse, refuse_misnamed
from tests.support.samples import samples

PAGE = b"\n <!DOCTYPE HTML><html><body>Not found</body></html>"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.html", b"%PDF-1.7\n1 0 obj", "a PDF, not .html; name it .pdf"),
        ("a.txt", b"%PDF-1.3\nall of it ASCII", "a PDF, not .txt; name it .pdf"),
        ("a.DOCX", b"%PDF-1.7\n", "a PDF, not .docx; name it .pdf"),
        ("a.txt", rb"{\rtf1\ansi Hello}", "rich text (RTF), not .txt; name it .rtf"),
        (
            "a.pdf",
            b"PK\x03\x04rest",
            "not .pdf; name it .docx, .epub or .zip if it is one, or unpack",
        ),
        ("a.md", bytes.fromhex("d0cf11e0a1b11ae1"), "an old Office document, not .md; save it as"),
        ("a.htm", b"\xff\xd8\xff\xe0rest", "an image, not .htm; name it as one"),
        ("a.csv", b"\x1f\x8b\x08rest", "packed by gzip, not .csv; unpack it"),
        ("a.html", b"From: <Saved by Blink>\r\n", "MHTML), not .html; name it .mhtml"),
        ("a.pdf", PAGE, "a web page, not .pdf; name it .html, or download it again"),
        ("a.docx", PAGE, "a web page, not .docx"),
    ],
)
def test_what_is_misnamed_is_refused(name: str, data: bytes, told: str) -> None:
    with pytest.raises(DocumentError) as raised:
        refuse_misnamed(name, data)
    assert told in str(raised.value)


@pytest.mark.parametrize("suffix", sorted(samples()))
def test_a_file_of_each_format_may_have_its_suffix(suffix: str) -> None:
    assert suffix in SUFFIXES
    refuse_misnamed(f"a{suffix}", samples()[suffix])


def test_a_text_may_be_the_source_of_a_page() -> None:
    refuse_misnamed("a.txt", PAGE)


def test_a_misnamed_file_never_becomes_a_document() -> None:
    for suffix in (".html", ".txt", ".md"):
        with pytest.raises(DocumentError, match="a PDF, not"):
            parse(f"a{suffix}", samples()[".pdf"])
