"""Every format is read back by a program that others wrote, with the quote as it stands."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime

import bibtexparser
import docx
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from bot.conversation.clippings import Recalled
from bot.exports.formats import FORMATS, export, find_format
from bot.exports.references import Reference
from index.answering.verification import State
from index.core.answers import Quote
from index.core.documents import Document, Metadata
from index.store.certificates import certificate_of
from tests.support.library import quote

NASTY = [
    "=SUM(1) and @cmd|' /C calc'!A0 and +7 -- said “so” -- ``he'' wrote.",
    "# Not a heading\n\n> nor a quote, 1. nor a list\n- nor this [link](x) <b>bold</b> &amp; $x$",
    "1) 100 % of {braces} \\macro{x} a_b c^d ~e #f & g -- h --- i ?` !` <<a>> ,,b''.",
    "TY  - ELEC\nER  - \nAU  - Forged, Name",
    "}\n}\n@misc{forged, title={x}}",
    "  two blanks at both ends  ",
    "نقل قول: مرزها را گرفتند، ۵ کشور. שלום 😀 e\u0301",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], include_characters="\n"),
        min_size=1,
    ),
)


def recalled(text: str, title: str | None = "A report", **facts: object) -> Recalled:
    metadata = Metadata(title=title, published=date(2021, 7, 10), **facts)  # type: ignore[arg-type]
    document = Document(1, "library", "a/b.txt", metadata, sha256="", characters=9, passages=1)
    kept = quote(text, source=document, page=3, speaker="mayor Ann Lee")
    return Recalled(certificate_of(kept), State.UNCHANGED, kept)


def written(name: str, *given_: Recalled) -> str:
    chosen = FORMATS[name]
    return export(chosen, given_)[0].decode(chosen.encoding)


def words(text: str) -> str:
    # The library reads LaTeX's sign as the accent that looks like it.
    return " ".join(text.replace("ˆ", "^").split())


@given(TEXTS, TEXTS)
def test_a_row_has_the_quote_and_no_formula(text: str, title: str) -> None:
    file = written("csv", recalled(text, title))
    header, row = csv.reader(io.StringIO(file, newline=""))
    cells = dict(zip(header, row, strict=True))
    assert cells["quote"].removeprefix("'") == text.removeprefix("'")
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    assert (cells["published"], cells["page"], cells["speaker"]) == (
        "2021-07-10",
        "3",
        "mayor Ann Lee",
    )


@given(TEXTS, TEXTS)
def test_an_entry_has_the_quote(text: str, title: str) -> None:
    file = written("bibtex", recalled(text, title), recalled("Another.", author="Bo Ek and Cy Fa"))
    read = bibtexparser.parse_string(file, append_middleware=[LatexDecodingMiddleware()])
    assert not read.failed_blocks
    first, second = ({f.key: f.value for f in entry.fields} for entry in read.entries)
    assert words(first["annote"]) == words(text)
    assert words(first.get("title", "")) == words(title)
    assert (first["date"], first["pages"]) == ("2021-07-10", "3")
    assert "said by mayor Ann Lee" in first["note"]
    assert (second["annote"], second["author"]) == ("Another.", "Bo Ek and Cy Fa")


@given(TEXTS, TEXTS)
def test_a_record_has_the_quote(text: str, title: str) -> None:
    url = "https://example.org/a"
    file = written("ris", recalled(text, title, url=url), recalled("Another.", author="Bo, Cy Fa"))
    first, second = rispy.loads(file)
    assert words(" ".join(first.get("notes", []))) == words(text)
    assert words(first.get("title", "")) == words(title)
    assert (first["date"], first["urls"]) == ("2021/07/10", [url])
    assert first["accession_number"] == recalled(text, title).id
    assert second["notes"] == ["Another."]


@given(TEXTS)
def test_markdown_shows_the_quote(text: str) -> None:
    page = html.fromstring(MarkdownIt().render(written("markdown", recalled(text))))
    (shown,) = page.xpath("//blockquote")
    assert words(shown.text_content()) == words(text)
    assert not shown.xpath(".//a|.//em|.//strong|.//code|.//ul|.//ol|.//h1|.//h2|.//blockquote")
    assert [one.text_content() for one in page.xpath("//h2")] == ["1. A report"]


@pytest.mark.slow
@given(TEXTS)
def test_word_shows_the_quote(text: str) -> None:
    file, _number = export(FORMATS["word"], [recalled(text)])
    paragraphs = docx.Document(io.BytesIO(file)).paragraphs
    (shown,) = [one.text for one in paragraphs if one.style and one.style.name == "Quote"]
    assert shown == re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", " ", text)


def test_the_citation_is_whole() -> None:
    one = recalled("It fell.", author="Bo Ek", publisher="The Post", url="https://example.org/a")
    for text in (written("markdown", one), written("csv", one), written("bibtex", one)):
        plain = text.replace("\\", "")
        for part in ("A report", "Bo Ek", "The Post", "https://example.org/a", "It fell.", one.id):
            assert part in plain
    assert "page 3 — said by Ann Lee, mayor" in written("markdown", one)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (None, []),
        ("Bo Ek", ["Bo Ek"]),
        ("Ek, Bo", ["Ek, Bo"]),
        ("Bo Ek, Cy Fa", ["Bo Ek", "Cy Fa"]),
        ("Ek, Bo; Fa, Cy", ["Ek, Bo", "Fa, Cy"]),
        ("Bo Ek and Cy Fa", ["Bo Ek", "Cy Fa"]),
        ("Bo Ek & Cy Fa", ["Bo Ek", "Cy Fa"]),
    ],
)
def test_several_authors_are_told_apart(author: str | None, names: list[str]) -> None:
    one = recalled("It fell.", author=author)
    assert isinstance(one.quote, Quote)
    assert Reference(one, one.quote).authors == names


def test_what_is_gone_is_left_out_and_what_has_changed_says_so() -> None:
    here = recalled("It fell.")
    gone = replace(here, quote=None, state=State.DOCUMENT_GONE)
    issued = replace(here.certificate, issued=datetime(2026, 5, 3))  # noqa: DTZ001
    changed = replace(here, certificate=issued, state=State.SENTENCE_GONE)
    file, number = export(FORMATS["markdown"], [here, gone, changed])
    assert number == 2
    assert "as it stood on 3 May 2026; the document has changed since" in file.decode()
    assert "as of 2026-05-03, the document has changed since" in written("bibtex", changed)


@pytest.mark.parametrize("name", ["bibtex", "bib", ".BIB", " Word ", "docx", "md", "ris", "csv"])
def test_a_format_is_known_by_its_name_or_ending(name: str) -> None:
    assert find_format(name)


def test_other_names_are_unknown() -> None:
    assert find_format("pdf") is None
