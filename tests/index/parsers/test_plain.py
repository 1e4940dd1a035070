"""Files become text and paragraphs: every paragraph a slice, nothing unquotable among them."""

from __future__ import annotations

import codecs
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import SUFFIXES, parse
from index.parsers.plain import is_caption
from index.parsers.toolkit.encoding import decode
from index.parsers.toolkit.metadata import read_head
from tests.support import ROOT
from tests.support.paragraphs import check_paragraphs, headings, quotable

BODY = "The first sentence of it. And a second one."
ALIAS_BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
)
MERGE_BOMB = "\n".join(
    ["a0: &a0 {k: v}"]
    + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 10)]
)


def plain(text: str) -> Parsed:
    return parse("file.txt", text.encode())


def markdown(text: str) -> Parsed:
    return parse("file.md", text.encode())


class TestSeed:
    def test_its_head_and_captions_are_no_paragraphs(self, seed: Path) -> None:
        parsed = parse(seed.name, seed.read_bytes())
        paragraphs = quotable(parsed)
        assert parsed.text == seed.read_text(encoding="utf-8")
        assert parsed.metadata.published == date(2021, 7, 10)
        assert parsed.metadata.title is None
        assert len(paragraphs) == 18
        assert paragraphs[0].startswith("Taliban fighters on Thursday")
        assert paragraphs[1].startswith("In the past week, the Taliban has overrun areas bordering")
        assert paragraphs[-1].endswith("Moscow on Thursday.")
        assert not any("date" in p.split() or "Photo: AP" in p for p in paragraphs)


class TestDecoding:
    TEXT = "Qala-e-Naw — “ja”, 😀.\r\nЗавтра\n"

    def test_utf_8_stays_as_it_is(self) -> None:
        assert decode("a.txt", self.TEXT.encode()) == self.TEXT

    @pytest.mark.parametrize(
        ("mark", "encoding"),
        [
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
            (codecs.BOM_UTF32_LE, "utf-32-le"),
            (codecs.BOM_UTF32_BE, "utf-32-be"),
        ],
    )
    def test_only_the_mark_is_dropped(self, mark: bytes, encoding: str) -> None:
        assert decode("a.txt", mark + self.TEXT.encode(encoding)) == self.TEXT

    @given(st.text().filter(lambda text: text.strip() and "\0" not in text and text[0] != "\ufeff"))
    def test_any_text_survives(self, text: str) -> None:
        assert decode("a.txt", text.encode()) == text

    @given(st.binary(max_size=40))
    def test_any_bytes_are_text_or_refused(self, data: bytes) -> None:
        try:
            text = decode("a.txt", data)
        except DocumentError:
            return
        assert text.strip()

    @pytest.mark.parametrize(
        ("data", "named"),
        [
            (b"abc\xff and more", "byte 0xff at offset 3"),
            (codecs.BOM_UTF8 + b"abc\xc3(", "byte 0xc3 at offset 6"),
            (codecs.BOM_UTF16_LE + "a".encode("utf-16-le") + b"\x00\xdc", "offset 4"),
            (b"caf\xe9", "UTF-8"),
            (b"abc\x00def", "binary"),
            (b"\x89PNG\x00\xff", "binary"),
            (b"", "empty"),
            (b" \r\n\t \n", "empty"),
            (codecs.BOM_UTF8, "empty"),
        ],
    )
    def test_what_is_no_text_is_refused(self, data: bytes, named: str) -> None:
        with pytest.raises(DocumentError, match=named) as raised:
            decode("a.txt", data)
        assert str(raised.value).startswith("a.txt: ")
        assert "\n" not in str(raised.value)


class TestFormats:
    def test_the_suffix_is_in_any_case(self) -> None:
        assert quotable(parse("A.TXT", BODY.encode())) == [BODY]

    def test_an_unknown_one_is_refused_with_those_that_are_known(self) -> None:
        with pytest.raises(DocumentError) as raised:
            parse("a.exe", BODY.encode())
        assert all(suffix in str(raised.value) for suffix in SUFFIXES)

    @pytest.mark.parametrize("text", ["date 2021-07-10\n", "Photo: AP\n", "=====\n"])
    def test_a_file_of_nothing_quotable_is_refused(self, text: str) -> None:
        with pytest.raises(DocumentError, match="nothing to quote"):
            plain(text)


class TestHead:
    @pytest.mark.parametrize(
        "head",
        [
            "date 2021-07-10 ",
            " Date: 2021-07-10\n",
            "DATE 2021-07-10\r\n",
            "\n\ndate\t2021-07-10\n",
        ],
    )
    def test_a_date_line(self, head: str) -> None:
        parsed = plain(head + BODY)
        assert parsed.metadata.published == date(2021, 7, 10)
        assert quotable(parsed) == [BODY]

    @pytest.mark.slow
    @pytest.mark.parametrize("head", ["date 2021-02-30 ", "date 21-02-03 ", "update 2021-07-10 "])
    def test_what_only_looks_like_one_is_text(self, head: str) -> None:
        parsed = plain(head + BODY)
        assert parsed.metadata.published is None
        assert quotable(parsed) == [(head + BODY).strip()]

    @pytest.mark.parametrize("parser", [plain, markdown])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("fence", ["---", "..."])
    def test_front_matter(self, parser: type, end: str, fence: str) -> None:
        lines = [
            "---",
            "Title: A  B",
            "date: 2021-07-10 12:00:00",
            "author: C. D.",
            fence,
            BODY,
            "",
        ]
        parsed = parser(end.join(lines))
        assert parsed.metadata.title == "A B"
        assert parsed.metadata.author == "C. D."
        assert parsed.metadata.published == date(2021, 7, 10)
        assert quotable(parsed) == [BODY]

    @pytest.mark.parametrize("key", ["date", "published", "publish_date"])
    @pytest.mark.parametrize("value", ["2021-07-10", "'2021-07-10T08:00:00Z'"])
    def test_names_of_the_date(self, key: str, value: str) -> None:
        assert plain(f"---\n{key}: {value}\n---\n{BODY}").metadata.published == date(2021, 7, 10)

    @pytest.mark.parametrize(
        "source",
        [
            "title: [open",
            "- a list",
            "just text",
            "\tx: tab",
            "x: " + "y" * 20_000,
            "[" * 400,
        ],
    )
    def test_malformed_front_matter_is_text(self, source: str) -> None:
        metadata, body = read_head(f"---\n{source}\n---\n{BODY}")
        assert body == 0
        assert metadata.title is None

    @pytest.mark.parametrize(
        "source",
        [
            "title: 0x" + "f" * 4000,
            "0x" + "f" * 4000 + ": a",
            'title: !!int ""',
            "title: !!bool perhaps",
            "title: !!timestamp soon",
            "title: !!float x",
            "date: 2021-13-45",
            "date: [2021]",
            "title: {a: b}",
            "? [a]\n: b",
            "title: &a [*a]",
            "date: &a [*a]",
        ],
    )
    def test_odd_front_matter_does_not_break_the_file(self, source: str) -> None:
        assert quotable(plain(f"---\n{source}\n---\n\n{BODY}"))[-1] == BODY

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "source",
        [ALIAS_BOMB, f"{ALIAS_BOMB}\ntitle: *a9", f"{ALIAS_BOMB}\ndate: *a9", MERGE_BOMB],
        ids=["unused", "title", "date", "merge"],
    )
    def test_an_alias_bomb_does_not_go_off(self, source: str) -> None:
        program = (
            "import resource, sys; from index.parsers.toolkit.metadata import read_head;"
            "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30));"
            "resource.setrlimit(resource.RLIMIT_CPU, (2, 2));"
            "read_head(sys.stdin.read())"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=f"---\n{source}\n---\n{BODY}",
            text=True,
            capture_output=True,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-200:]

    @given(st.text(alphabet="-.\n\r :abc!&*0x[]{}'\"?<", max_size=60))
    def test_any_head_is_read_or_left(self, source: str) -> None:
        text = f"---\n{source}\n---\n{BODY}"
        assert 0 <= read_head(text)[1] <= len(text)


class TestPlain:
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_a_headline_is_the_title(self, end: str) -> None:
        parsed = plain(f"A headline of it{end}{end}{BODY}{end}")
        assert parsed.metadata.title == "A headline of it"
        assert quotable(parsed) == [BODY]

    @pytest.mark.parametrize(
        "first", ["It is a sentence.", "- an item", "Photo: AP", "word " * 60, "two\nlines of it"]
    )
    def test_what_is_no_headline_is_not_the_title(self, first: str) -> None:
        assert plain(f"{first}\n\n{BODY}").metadata.title is None

    def test_a_headline_alone_is_text(self) -> None:
        assert quotable(plain("Only one line\n")) == ["Only one line"]

    def test_a_section_heading_goes_with_the_paragraphs_below(self) -> None:
        long = "It goes on and on for a while, so that nobody takes it for a heading at all. " * 2
        parsed = plain(f"Title\n\n{BODY}\n\nWhat followed\n\n{long}\n\n{long}\n")
        assert quotable(parsed) == [BODY, long.strip(), long.strip()]
        assert headings(parsed) == ["", "What followed", "What followed"]

    @pytest.mark.parametrize(
        "line",
        ["Photo: AP", "(Photo: AP)", "File photo: Reuters", "Image credit: A. B.", "PHOTO / AFP"],
    )
    def test_captions(self, line: str) -> None:
        assert is_caption(line)
        assert quotable(plain(f"{BODY}\n{line}\nIt goes on.\n")) == [BODY, "It goes on."]

    @pytest.mark.parametrize(
        "line",
        ["Photos of it were shown.", "The image: a fox.", "Credit where it is due.", "Photo"],
    )
    def test_no_captions(self, line: str) -> None:
        assert not is_caption(line)

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_that_were_wrapped_are_one_paragraph(self, end: str) -> None:
        lines = [
            "The first line of it is about as wide as a page of text is,",
            "and so is the second one, which does not end with a stop so",
            "that the third one ends it.",
        ]
        assert quotable(plain(end.join([*lines, ""]))) == [end.join(lines)]

    def test_lines_that_are_paragraphs_stay_apart(self) -> None:
        lines = [f"The paragraph {n} is a long line that no one has wrapped. " * 4 for n in "abc"]
        assert quotable(plain("\n".join(lines))) == [line.strip() for line in lines]

    def test_items_of_a_list_stay_apart(self) -> None:
        items = ["- the first one", "- the second one", "3) the third one", "(4) the fourth"]
        assert quotable(plain("\n".join([BODY, *items]))) == [BODY, *items]

    @given(st.text(alphabet="ab .\n\r\t-“”:#=\u2028\x85\x0b😀", max_size=200))
    def test_paragraphs_are_ordered_slices_without_white_space_around(self, text: str) -> None:
        check_paragraphs(plain, text)


class TestOldFiles:
    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            ("cp1251", "Мост через реку Лугу построен в 1972 году. Его длина 210 метров."),
            ("cp1252", "Le pont de Cézy mesure 84 mètres, dit l’ingénieur Rémy."),
        ],
    )
    @pytest.mark.parametrize("suffix", ["txt", "md"])
    def test_encodings(self, encoding: str, text: str, suffix: str) -> None:
        assert parse(f"a.{suffix}", text.encode(encoding)).text == text

    def test_narrow_lines_that_go_on_are_one_paragraph(self) -> None:
        text = (
            "The ferry to Rosten\nruns from April to\nMay. It leaves at\nnine and at four.\n\n"
            "Dogs pay nothing."
        )
        parsed = parse("a.txt", text.encode())
        assert [one.span.cut(text) for one in parsed.paragraphs] == text.split("\n\n")

    def test_narrow_lines_of_a_list_stay_apart(self) -> None:
        text = "Bread and butter\nMilk\nA bag of apples\nTea"
        assert len(parse("a.txt", text.encode()).paragraphs) == 4

    def test_toml_front_matter(self) -> None:
        text = '+++\ntitle = "Well"\ndate = 2021-05-04\nauthor = "Kim"\n+++\n\nIt is clean.\n'
        parsed = parse("a.md", text.encode())
        found = parsed.metadata
        assert (found.title, str(found.published), found.author) == ("Well", "2021-05-04", "Kim")
        assert [one.span.cut(text) for one in parsed.paragraphs] == ["It is clean."]

    def test_markdown_of_notes(self) -> None:
        text = (
            "---\ncreated: 2022-01-03\n---\n# Notes\n\n> [!warning] Do not use\n> Lorries may not "
            "pass.\n\n- [ ] Order bolts.\n\n<p align=center>It costs <b>4</b> euros.</p>\n\n"
            "%% the mayor knew %%\n\n<!-- a draft -->\n"
        )
        parsed = parse("a.md", text.encode())
        assert str(parsed.metadata.published) == "2022-01-03"
        assert [one.span.cut(text) for one in parsed.paragraphs] == [
            "Lorries may not pass.",
            "Order bolts.",
            "It costs <b>4</b> euros.",
        ]


class TestBooksAndPages:
    BOOK = (
        "The Project Gutenberg eBook of Foxes\n\nThis eBook is for the use of anyone anywhere.\n\n"
        "Title: The Foxes\n\nAuthor: Ann Lee\n\nRelease date: May 1, 2008\n\n"
        "*** START OF THE PROJECT GUTENBERG EBOOK THE FOXES ***\n\nProduced here.\n\n"
        f"{BODY}\n\n*** END OF THE PROJECT GUTENBERG EBOOK THE FOXES ***\n\n"
        "Updated editions will replace the previous one.\n"
    )

    def test_the_licence_of_project_gutenberg_is_no_text(self) -> None:
        parsed = parse("a.txt", self.BOOK.encode())
        assert [one.span.cut(parsed.text) for one in parsed.paragraphs] == ["Produced here.", BODY]
        assert parsed.text == self.BOOK
        metadata = parsed.metadata
        assert (metadata.title, metadata.author) == ("The Foxes", "Ann Lee")
        assert metadata.published is None

    def test_heads_and_feet_of_pages_of_an_rfc_are_no_text(self) -> None:
        foot, head = "Crocker   Standards Track   [Page {}]", "RFC 5234   ABNF   January 2008"
        text = "\n\n".join(
            [
                f"{BODY} {at}.\n\n\n{foot.format(at)}\n\f{head}"
                if at % 2
                else f"{BODY} {at}.\n\n{foot.format(at)}\n\n\f\n{head}"
                for at in range(1, 5)
            ]
        )
        parsed = parse("rfc.txt", f"{text}\n\n{BODY} End.\n".encode())
        quoted = [one.span.cut(parsed.text) for one in parsed.paragraphs]
        assert quoted == [f"{BODY} {at}." for at in (1, 2, 3, 4, "End")]

    def test_a_form_feed_alone_is_no_page_of_an_rfc(self) -> None:
        parsed = parse("a.txt", f"{BODY}\n\n\f{BODY} Again.\n".encode())
        assert len(parsed.paragraphs) == 2
