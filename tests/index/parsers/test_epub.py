"""Books become chapters in reading order, without cover and contents; hostile ones one error."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import HOSTILE, check, headings, quotable, zipped

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
METADATA = (
    "<dc:title>The  book</dc:title><dc:creator>Ann Lee</dc:creator><dc:creator>Bob Ray"
    "</dc:creator><dc:publisher>A House</dc:publisher><dc:date>2021-07-10T00:00:00Z</dc:date>"
    "<dc:language>en</dc:language>"
)
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
    '<nav epub:type="toc"><ol><li><a href="text/one%20a.xhtml#top">The first chapter</a></li>'
    '</ol></nav><nav epub:type="page-list"><ol><li><a href="text/two.xhtml">7</a></li></ol></nav>'
    "</body></html>"
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>By NCX'
    '</text></navLabel><content src="text/two.xhtml"/></navPoint></navMap></ncx>'
)
ONE = "<h1>I</h1><p>It was\n  a <b>dark</b> night.</p><h2>Later</h2><p>It rained.</p>"
TWO = "<h2>The second chapter</h2><p>It stopped.</p>"


def page(body: str, doctype: str = "<!DOCTYPE html>") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml"'
        ' xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title/><style>p {{ }}</style></head><body>{body}</body></html>"
    )


def package(
    spine: tuple[str, ...] = ("cover", "nav", "one", "two"), metadata: str = METADATA
) -> str:
    items = (
        ("cover", "cover.xhtml", "application/xhtml+xml", ""),
        ("nav", "nav.xhtml", "application/xhtml+xml", "nav"),
        ("two", "text/two.xhtml", "application/xhtml+xml", ""),
        ("one", "text/one%20a.xhtml", "application/xhtml+xml", ""),
        ("ncx", "toc.ncx", "application/x-dtbncx+xml", ""),
        ("image", "a.png", "image/png", ""),
    )
    manifest = "".join(
        f'<item id="{i}" href="{h}" media-type="{m}" properties="{p}"/>' for i, h, m, p in items
    )
    order = "".join(f'<itemref idref="{identifier}"/>' for identifier in spine)
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>'
        f"<manifest>{manifest}</manifest><spine>{order}</spine>"
        '<guide><reference type="cover" href="cover.xhtml"/></guide></package>'
    )


def book(**changed: str) -> bytes:
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package(),
        "OEBPS/cover.xhtml": page("<p>The cover.</p>"),
        "OEBPS/nav.xhtml": NAV,
        "OEBPS/text/one a.xhtml": page(ONE),
        "OEBPS/text/two.xhtml": page(TWO),
    }
    named = {"one": "OEBPS/text/one a.xhtml", "opf": "OEBPS/book.opf", "ncx": "OEBPS/toc.ncx"}
    return zipped(members | {named.get(key, key): value for key, value in changed.items()})


def epub(**changed: str) -> Parsed:
    return check(parse("a.epub", book(**changed)))


def first_page(body: str) -> list[str]:
    return quotable(epub(one=page(body)))[:-1]


class TestChapters:
    def test_they_come_in_order_under_their_names(self) -> None:
        parsed = epub()
        assert quotable(parsed) == ["It was a dark night.", "It rained.", "It stopped."]
        assert headings(parsed) == [*["The first chapter"] * 2, "The second chapter"]
        assert "The cover" not in parsed.text

    def test_names_of_the_older_contents(self) -> None:
        assert headings(epub(ncx=NCX))[-1] == "By NCX"

    def test_the_spine_is_the_order(self) -> None:
        parsed = epub(opf=package(("two", "missing", "image", "one", "two")))
        assert quotable(parsed)[0] == "It stopped."
        assert len(quotable(parsed)) == 3

    def test_metadata(self) -> None:
        metadata = epub().metadata
        assert metadata.title == "The book"
        assert metadata.author == "Ann Lee, Bob Ray"
        assert metadata.publisher == "A House"
        assert metadata.language == "en"
        assert metadata.published == date(2021, 7, 10)

    def test_a_book_that_says_nothing_of_itself(self) -> None:
        metadata = epub(opf=package(metadata="<dc:title/>")).metadata
        assert (metadata.title, metadata.author, metadata.published) == (None, None, None)


class TestBlocks:
    def test_lists_rows_captions_and_breaks(self) -> None:
        assert first_page(
            "<ul><li>an item</li><li>another <i>one</i></li></ul>"
            "<table><caption>A table</caption><tr><th>Name</th><td>fox</td></tr></table>"
            "<figure><img alt='x'/><figcaption>A fox.</figcaption></figure><p>Photo: AP</p>"
            "<p>one<br/>two</p><blockquote><p>They said so.</p></blockquote>Bare text."
        ) == [
            "an item",
            "another one",
            "Name | fox",
            "one\ntwo",
            "They said so.",
            "Bare text.",
        ]

    def test_what_is_not_shown(self) -> None:
        assert first_page(
            "<script>x()</script><p hidden='hidden'>no</p><p style='display: none'>no</p>"
            "<p>They left.<a epub:type='noteref' href='#n'>1</a> Then <!-- no -->it rained.</p>"
        ) == ["They left. Then it rained."]

    def test_a_page_laid_out_by_a_table(self) -> None:
        inner = "<p>One.</p><p>Two.</p>"
        assert first_page(f"<table><tr><td>{inner}</td></tr></table>") == ["One.", "Two."]

    def test_named_characters(self) -> None:
        xhtml = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://127.0.0.1/x.dtd">'
        text = page("<p>caf&eacute;&nbsp;&mdash; &lt;b&gt; &amp;amp;</p>", xhtml)
        assert quotable(epub(one=text))[0] == "café — <b> &amp;"

    @pytest.mark.parametrize("body", ["<p>One.<p>Two<br>lines &nosuch; & it.", "<p>One.</i><p>Two"])
    def test_pages_that_are_no_xml(self, body: str) -> None:
        assert first_page(body)[0] == "One."
        assert len(first_page(body)) == 2


class TestHostile:
    def test_protected_books_are_refused_with_the_reason(self) -> None:
        encrypted = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData>'
        path, end = "META-INF/encryption.xml", "</encryption>"
        aes = encrypted.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc") + end
        font = encrypted.format("http://www.idpf.org/2008/embedding") + end
        with pytest.raises(DocumentError, match="DRM"):
            epub(**{path: aes})
        assert quotable(epub(**{path: font}))

    @pytest.mark.parametrize(("declared", "used"), HOSTILE, ids=["billion", "quadratic", "file"])
    def test_entities_are_refused(self, declared: str, used: str) -> None:
        for text in (f"<p>{used}</p>", f'<p title="{used}">x</p>'):
            with pytest.raises(DocumentError, match="declares XML entities") as raised:
                epub(one=page(text, declared.replace("DOCTYPE r", "DOCTYPE html")))
            assert "one a.xhtml" in str(raised.value)

    @pytest.mark.parametrize(("declared", "used"), HOSTILE, ids=["billion", "quadratic", "file"])
    def test_so_they_are_in_the_package(self, declared: str, used: str) -> None:
        titled = package(metadata=f"<dc:title>{used}</dc:title>")
        with pytest.raises(DocumentError, match=r"book\.opf"):
            epub(opf=declared.replace("DOCTYPE r", "DOCTYPE package") + titled)

    def test_levels_without_end_are_refused_and_not_left_out(self) -> None:
        with pytest.raises(DocumentError, match="nested too deeply"):
            epub(one=page("<div>" * 100_000 + "deep"))

    def test_many_levels_are_read(self) -> None:
        assert "It is deep." in quotable(epub(one=page(f"{'<div>' * 1000}<p>It is deep.</p>")))

    @pytest.mark.parametrize(
        "members",
        [
            {"a.txt": "x"},
            {"META-INF/container.xml": "<container/>"},
            {"META-INF/container.xml": CONTAINER},
            {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package()},
            {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": "<package/>"},
        ],
    )
    def test_what_is_no_book(self, members: dict[str, str]) -> None:
        with pytest.raises(DocumentError, match=r"^a\.epub: "):
            parse("a.epub", zipped(dict(members)))

    @pytest.mark.slow
    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_a_damaged_page_is_one_error_or_a_document(self, data: st.DataObject) -> None:
        text = page(ONE)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(text) - 1))
            put = data.draw(st.text(alphabet='<>/&;"= \0apé\ud800', max_size=4))
            text = text[:at] + put + text[at + data.draw(st.integers(0, 9)) :]
        with suppress(DocumentError):
            epub(one=text.encode("utf-8", "surrogatepass"))  # type: ignore[arg-type]


def test_several_chapters_in_one_file() -> None:
    chapters = (
        "<p>A word before.</p><h2 id='c1'>One</h2><p>It rained.</p><a id='c2'/><h2>Two</h2>"
        "<p>It stopped.</p><h3>Later</h3><p>It was <b id='other'>dark</b>.</p>"
    )
    links = "".join(
        f"<li><a href='text/two.xhtml{place}'>{name}</a></li>"
        for place, name in (("", "Part"), ("#c1", "Chapter 1"), ("#c2", "Chapter 2"))
    )
    nav = NAV.replace("</ol></nav><nav", f"{links}</ol></nav><nav", 1)
    made = book(**{"OEBPS/text/two.xhtml": page(chapters), "OEBPS/nav.xhtml": nav})
    parsed = parse("a.epub", made)
    found = [(one.heading, one.span.cut(parsed.text)) for one in parsed.paragraphs]
    assert found[-4:] == [
        ("Part", "A word before."),
        ("Chapter 1", "It rained."),
        ("Chapter 2", "It stopped."),
        ("Chapter 2", "It was dark."),
    ]
