"""Web pages become the article, and nothing of what stands around it."""

from __future__ import annotations

import codecs
import json
import socket
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.core.documents import Metadata, Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.drawing import quotable

FIRST = (
    "Taliban fighters on Thursday seized two border crossings in the west of the country, "
    "officials said, on the third day of their offensive."
)
SECOND = (
    "The governor of the province told reporters that his forces had made a tactical retreat "
    "and that they would be back before the end of the week."
)
QUOTED = "“All of the crossings are ours,” a spokesman of the group said in a message."
LINKED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Two border crossings fall",
    "datePublished": "2021-07-08T14:05:00Z",
    "author": [{"@type": "Person", "name": "Ana Sá"}, {"@type": "Person", "name": "B. Khan"}],
    "publisher": {"@type": "Organization", "name": "The Example Times"},
}
NEWS = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<title>Two border crossings fall | The Example Times</title>
<meta property="og:title" content="Two border crossings fall">
<meta property="og:site_name" content="The Example Times">
<link rel="canonical" href="https://times.example/world/crossings">
<link rel="stylesheet" href="https://times.example/a.css">
<script type="application/ld+json">{json.dumps(LINKED)}</script>
<script>track("Accept all");</script></head>
<body>
<div id="cookie-consent" class="cookie-banner"><p>We and our partners use cookies to store and
access information on a device. You may accept them all or choose.</p><button>Accept</button></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World news</a></li></ul></nav>
</header>
<main><article>
<h1>Two border crossings fall</h1>
<figure><img src="https://times.example/a.jpg" alt="A fighter">
<figcaption>A fighter stands at the gate of the crossing on Thursday. Photo: AP</figcaption>
</figure>
<p>{FIRST}</p>
<p>{SECOND.replace("tactical retreat", '<a href="/r">tactical <em>retreat</em></a>')}</p>
<h2>What they hold</h2>
<blockquote><p>{QUOTED}</p></blockquote>
<ul><li>Islam Qala, on the way to Mashhad in Iran.</li><li>Torghundi, on the way north.</li></ul>
<table><tr><th>Crossing</th><th>Leads to</th></tr><tr><td>Torghundi</td><td>Turkmenistan</td></tr>
</table>
<p>Photo: AP</p>
<p>{SECOND.replace("governor", "mayor")}</p>
</article>
<aside class="related"><h3>Related stories</h3><ul>
<li><a href="/1">Ten photographs of the week</a></li><li><a href="/2">What to cook today</a></li>
</ul></aside>
<section id="comments" class="comments"><h3>Comments</h3>
<div class="comment"><p>I do not believe a single word of this, wrote a reader below it.</p></div>
</section></main>
<footer><p>© 2021 The Example Times. All rights reserved.</p></footer>
</body></html>"""


PARTS = (
    *("<p>", "</p>", "<div>", "</div>", "<li>", "<table>", "<td>", "<h2>", "<br>", "<pre>"),
    *("<blockquote>", "<!--", "-->", "<script>", "A sentence is here. ", "&amp;", "é", "<"),
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the parser went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def page(source: str | bytes, name: str = "page.html") -> Parsed:
    return parse(name, source.encode() if isinstance(source, str) else source)


class TestNews:
    def test_the_article_and_nothing_else_may_be_quoted(self) -> None:
        assert quotable(page(NEWS)) == [
            FIRST,
            SECOND,
            QUOTED,
            "Islam Qala, on the way to Mashhad in Iran.",
            "Torghundi, on the way north.",
            "Crossing | Leads to",
            "Torghundi | Turkmenistan",
            SECOND.replace("governor", "mayor"),
        ]

    def test_what_stands_around_it_is_not_in_the_text(self) -> None:
        text = page(NEWS).text
        around = ["cookies", "Accept", "World news", "Related", "cook today", "believe", "rights"]
        assert [word for word in around if word in text] == []

    def test_headings(self) -> None:
        found = [paragraph.heading for paragraph in page(NEWS).paragraphs]
        assert found == ["", "", *["What they hold"] * 6]

    def test_what_the_page_says_of_itself(self) -> None:
        assert page(NEWS).metadata == Metadata(
            title="Two border crossings fall",
            published=date(2021, 7, 8),
            author="Ana Sá, B. Khan",
            publisher="The Example Times",
            language="en-GB",
            url="https://times.example/world/crossings",
        )

    @pytest.mark.parametrize("name", ["a.HTM", "a.xhtml"])
    def test_each_suffix(self, name: str) -> None:
        assert page(NEWS, name) == page(NEWS)

    @pytest.mark.parametrize("kept", ["title", "og", "ld"])
    def test_one_source_of_a_title_is_enough(self, kept: str) -> None:
        heads = {
            "title": "<title>Two border crossings fall</title>",
            "og": '<meta property="og:title" content="Two border crossings fall">',
            "ld": f'<script type="application/ld+json">{json.dumps(LINKED)}</script>',
        }
        source = (
            f"<html><head>{heads[kept]}</head><body><p>{FIRST}</p><p>{SECOND}</p></body></html>"
        )
        parsed = page(source)
        assert parsed.metadata.title == "Two border crossings fall"
        assert quotable(parsed) == [FIRST, SECOND]

    def test_a_title_that_is_the_first_paragraph_is_not_quoted(self) -> None:
        parsed = page(f"<title>On crossings</title><body><p>On crossings</p><p>{FIRST}</p>")
        assert quotable(parsed) == [FIRST]

    @pytest.mark.parametrize(
        ("head", "tag"),
        [
            ('<html lang="de">', "de"),
            ('<html xml:lang="pt-BR">', "pt-BR"),
            ('<html><meta property="og:locale" content="fr_CA">', "fr-CA"),
            ('<html><meta http-equiv="Content-Language" content="ru">', "ru"),
            ('<html lang="{{ lang }}">', None),
            ("<html>", None),
        ],
    )
    def test_the_language(self, head: str, tag: str | None) -> None:
        assert page(f"{head}<body><p>{FIRST}</p>").metadata.language == tag

    def test_where_a_browser_saved_it_from(self) -> None:
        mark = "<!-- saved from url=(0029)https://times.example/a/b/c -->"
        assert page(f"{mark}<p>{FIRST}</p>").metadata.url == "https://times.example/a/b/c"


class TestPlainPages:
    def test_no_metadata(self) -> None:
        parsed = page(f"<html><body><p>{FIRST}</p><p>{SECOND}</p></body></html>")
        assert quotable(parsed) == [FIRST, SECOND]
        assert parsed.metadata == Metadata()

    @pytest.mark.parametrize(
        "source",
        [
            "One sentence stands here. Another one follows it.",
            "<div>One sentence stands here. Another one follows it.</div>",
            "<table><tr><td>One sentence stands here. Another one follows it.</table>",
            "<pre>One sentence stands here. Another one follows it.</pre>",
            "<body><center><font>One sentence stands here. Another one follows it.",
        ],
    )
    def test_a_page_without_an_article_still_gives_its_text(self, source: str) -> None:
        assert quotable(page(source)) == ["One sentence stands here. Another one follows it."]

    def test_a_messy_page(self) -> None:
        source = (
            f"<P>{FIRST}<p>{SECOND}<br>And a line.</p></b></div><p align=left class='x>"
            f"</p><p>{QUOTED} &amp; more &nbsp; of&#160;it &lt;here&gt;."
        )
        found = quotable(page(source))
        assert found[0] == FIRST
        assert found[1] == f"{SECOND}\nAnd a line."

    def test_entities_and_blanks(self) -> None:
        source = (
            f"<p>{FIRST}</p><p>Ana &amp; Bo&nbsp;Li\n   said it is &lt;so&gt;, and&#8212;yes.</p>"
        )
        assert quotable(page(source))[1] == "Ana & Bo Li said it is <so>, and—yes."

    @pytest.mark.parametrize(
        "source", ["<html><body></body></html>", "<!-- nothing -->", "<p> </p>"]
    )
    def test_a_page_without_text_is_refused(self, source: str) -> None:
        with pytest.raises(DocumentError, match=r"no text|nothing to quote"):
            page(source)


class TestEncodings:
    RUSSIAN = "Губернатор сообщил, что войска отступили к границе. Бои идут третий день подряд."
    FRENCH = "Le président a déclaré que la frontière était fermée, où l’on attend déjà ça."

    def _quoted(self, text: str, encoding: str, head: str = "") -> list[str]:
        return quotable(page(f"<html>{head}<body><p>{text}</p></body></html>".encode(encoding)))

    @pytest.mark.parametrize(
        "head",
        [
            '<meta charset="windows-1251">',
            "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>",
            '<meta charset="utf-8">',
            "",
        ],
    )
    def test_windows_1251(self, head: str) -> None:
        assert self._quoted(self.RUSSIAN, "cp1251", head) == [self.RUSSIAN]

    @pytest.mark.parametrize("head", ['<meta charset="iso-8859-1">', '<meta charset="utf-8">', ""])
    def test_latin_1_is_read_as_browsers_do(self, head: str) -> None:
        assert self._quoted(self.FRENCH, "cp1252", head) == [self.FRENCH]

    def test_an_xml_declaration(self) -> None:
        source = f'<?xml version="1.0" encoding="koi8-r"?><html><p>{self.RUSSIAN}</p></html>'
        assert quotable(page(source.encode("koi8-r"), "a.xhtml")) == [self.RUSSIAN]

    @pytest.mark.parametrize(
        ("mark", "encoding"),
        [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")],
    )
    def test_a_mark_counts_more_than_what_the_page_declares(
        self, mark: bytes, encoding: str
    ) -> None:
        source = f"<html><meta charset=latin1><body><p>{self.RUSSIAN}</p></body></html>"
        assert quotable(page(mark + source.encode(encoding))) == [self.RUSSIAN]

    @pytest.mark.parametrize("declared", ["utf-16", "unicode_escape", "zip", "x-user-defined", "�"])
    def test_an_odd_declaration_is_passed_over(self, declared: str) -> None:
        assert self._quoted(self.RUSSIAN, "utf-8", f"<meta charset={declared}>") == [self.RUSSIAN]

    @pytest.mark.parametrize(
        ("data", "named"),
        [
            (f"<p>{RUSSIAN}</p>".encode() + b"\xd0 \xff", "save it as UTF-8"),
            (b"\x89PNG\r\n\x00\x00\x00\rIHDR\x00\x00\x00", "binary"),
            (b"", "empty"),
            (b"\0 \n", "binary|empty"),
        ],
    )
    def test_what_is_no_text_is_refused(self, data: bytes, named: str) -> None:
        with pytest.raises(DocumentError, match=named) as raised:
            page(data)
        assert "\n" not in str(raised.value)

    def test_nul_characters_are_left_out(self) -> None:
        parsed = page(f"<p>{FIRST[:20]}\0{FIRST[20:]}</p>\0\0<p>{SECOND}</p>")
        assert quotable(parsed) == [FIRST, SECOND]


class TestHostilePages:
    @pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table><tr><td", "ul><li"])
    def test_a_hundred_thousand_elements_deep(self, tag: str) -> None:
        source = f"<html><body>{f'<{tag}>' * 100_000}{FIRST}"
        with pytest.raises(DocumentError, match="nested too deeply"):
            page(source)

    @pytest.mark.parametrize("tag", ["div", "blockquote", "font", "ul><li"])
    def test_a_few_hundred_are_read(self, tag: str) -> None:
        assert FIRST in page(f"<html><body>{f'<{tag}>' * 300}{FIRST} {SECOND}").text

    @pytest.mark.slow
    def test_a_great_many_paragraphs(self) -> None:
        source = "".join(f"<p>{FIRST} It is number {number}.</p>" for number in range(3000))
        assert len(quotable(page(source))) == 3000

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.sampled_from(PARTS),
            max_size=25,
        )
    )
    def test_any_page_is_read_or_refused(self, parts: list[str]) -> None:
        try:
            parsed = page("".join(parts))
        except DocumentError:
            return
        assert quotable(parsed)
