"""Tables and lists of records: every row a source of its own; a bad one is left out."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import check, quotable

RECORDS: list[object] = [
    {"title": "One", "text": "First.\n\nSecond.", "date": "2021-07-10", "url": "http://a.example"},
    {"headline": "Two", "text": "Third.", "published": "10 July 2022", "link": "http://b.example"},
]


def csv(text: str, name: str = "a.csv") -> Parsed:
    return check(parse(name, text.encode()))


def jsonl(*records: object) -> Parsed:
    return check(parse("a.jsonl", "\n".join(map(json.dumps, records)).encode()))


class TestEncoding:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_excel_saves_in_several(self, encoding: str) -> None:
        text = "Überschrift;text\nÄrger;Die Straße nach Köln ist gesperrt, sagt Frau Müller.\n"
        parsed = check(parse("a.csv", text.encode(encoding)))
        assert quotable(parsed) == ["Die Straße nach Köln ist gesperrt, sagt Frau Müller."]

    def test_damaged_utf_8_is_not_taken_for_another(self) -> None:
        data = "text\nDie Straße nach Köln ist für Müller gesperrt.\n".encode()
        with pytest.raises(DocumentError, match="no encoding that can be told for sure"):
            parse("a.csv", data.replace("ö".encode(), b"\xc3"))


class TestRows:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_each_is_an_entry(self, delimiter: str, end: str) -> None:
        rows = [
            ("Title", " TEXT ", "date", "url"),
            ("One", f'"First, ""it"" is;{end}{end}Second|."', "2021-07-10", "http://a.example"),
            ("", "Third.", "", ""),
        ]
        parsed = csv(end.join(delimiter.join(row) for row in rows))
        assert quotable(parsed) == ['First, "it" is;', "Second|.", "Third."]
        first, second = parsed.entries
        assert (first.title, first.published) == ("One", date(2021, 7, 10))
        assert first.url == "http://a.example"
        assert (second.title, second.published, second.url) == (None, None, None)
        assert parsed.text.startswith("One\n\nFirst")
        assert parsed.entry_at(parsed.paragraphs[2].span.start) is second

    @pytest.mark.parametrize("column", ["text", "body", "content", "article", "Article"])
    def test_names_of_the_text(self, column: str) -> None:
        assert quotable(csv(f"{column}\nIt is.\n")) == ["It is."]

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_the_line_that_tells_excel_the_delimiter(self, end: str) -> None:
        parsed = csv(end.join(["\ufeffsep=;", "title;text", "A;It is open.", ""]))
        assert quotable(parsed) == ["It is open."]

    def test_what_all_rows_share_is_the_documents(self) -> None:
        parsed = csv("text,author,publisher\nOne.,Ann Lee,A\nTwo.,Ann Lee,B\n", "a.tsv")
        assert (parsed.metadata.author, parsed.metadata.publisher) == ("Ann Lee", None)

    def test_empty_rows_are_passed_over(self) -> None:
        parsed = csv("\n\ntitle,text\n\nOne,\n,\nTwo,It is.\n")
        assert quotable(parsed) == ["It is."]
        assert len(parsed.entries) == 1

    def test_a_long_field(self) -> None:
        assert len(quotable(csv(f"text\n{'word ' * 200_000}\n"))[0]) == 999_999


class TestLeftOut:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("title,text\nOne,It is.\nTwo,a,b\nThree,So.\n", "line 3 has 3 fields .* has 2: put"),
            ('title,text\nOne,"It\nis."\nTwo\nThree,So.\n', "line 4 has 1 field where"),
        ],
    )
    def test_a_row_with_the_line(self, text: str, named: str) -> None:
        parsed = csv(text)
        assert " ".join(quotable(parsed)) == "It is. So."
        assert [entry.title for entry in parsed.entries] == ["One", "Three"]
        assert len(parsed.left_out) == 1
        assert re.match(named, parsed.left_out[0])

    @pytest.mark.parametrize(
        ("line", "named"),
        [
            ("{", "line 3: not JSON"),
            ("[1]", "line 3: not a JSON object"),
            ('{"title": "x"}', "line 3 has no column of text; found 'title'"),
            ('{"text": 7}', "line 3: its 'text' is no text"),
            ("[" * 100_000, "line 3: not JSON"),
            ("9" * 5000, "line 3: not JSON"),
        ],
    )
    def test_lines_of_json(self, line: str, named: str) -> None:
        data = f'{{"text": "It is."}}\n\n{line}\n{{"text": "So."}}\n'.encode()
        parsed = check(parse("a.ndjson", data))
        assert quotable(parsed) == ["It is.", "So."]
        assert len(parsed.left_out) == 1
        assert parsed.left_out[0].startswith(named)

    def test_the_first_are_told_and_how_many_more(self) -> None:
        parsed = csv("title,text\n" + "One\n" * 1203 + "Two,It is.\n")
        assert [reason[:10] for reason in parsed.left_out[:3]] == [
            "line 2 has",
            "line 3 has",
            "line 4 has",
        ]
        assert parsed.left_out[3:] == ("1,200 more rows that cannot be read",)


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("number\n1\n", r"'number', expected one of text, body"),
            ("title,text\nOne,a,b\nTwo\n,\n", "line 2 has 3 fields .* has 2"),
            ('title,text\nOne,It is.\nTwo,"open\n\n', "line 3: not a row"),
            ('text\n"a"b\n', "line 2: not a row"),
        ],
    )
    def test_a_table_with_the_line(self, text: str, named: str) -> None:
        with pytest.raises(DocumentError, match=named):
            csv(text)

    @pytest.mark.slow
    def test_a_field_beyond_the_limit(self) -> None:
        with pytest.raises(DocumentError, match=r"line 2: .*limit"):
            csv(f"text\n{'x' * 10_000_001}\n")

    def test_lines_of_which_none_can_be_read(self) -> None:
        with pytest.raises(DocumentError, match="line 1: not JSON"):
            parse("a.ndjson", b"{\n[1]\n")

    @given(st.text(alphabet='ab,;\t|"\n\r \\', max_size=60))
    def test_any_table_is_read_or_refused(self, text: str) -> None:
        with suppress(DocumentError):
            csv(f"title,text\n{text}")


class TestJson:
    def check_records(self, parsed: Parsed) -> None:
        assert quotable(parsed) == ["First.", "Second.", "Third."]
        assert [entry.title for entry in parsed.entries] == ["One", "Two"]
        days = [entry.published for entry in parsed.entries]
        assert days == [date(2021, 7, 10), date(2022, 7, 10)]
        assert [entry.url for entry in parsed.entries] == ["http://a.example", "http://b.example"]

    def test_lines(self) -> None:
        self.check_records(jsonl(*RECORDS))

    def test_a_list(self) -> None:
        self.check_records(check(parse("a.json", json.dumps(RECORDS).encode())))

    def test_a_line_separator_inside_a_string_ends_no_line(self) -> None:
        line = json.dumps({"text": "One\u2028two\u0085three."}, ensure_ascii=False)
        assert quotable(check(parse("a.jsonl", line.encode()))) == ["One", "two", "three."]

    def test_null_is_no_text(self) -> None:
        assert quotable(jsonl({"text": None}, {"text": "It is."})) == ["It is."]

    @pytest.mark.parametrize("text", ['{"a": 1}', "[]", "[1, 2]", "7", '"x"', '{"messages": {}}'])
    def test_other_json_is_refused_with_what_is_read(self, text: str) -> None:
        with pytest.raises(DocumentError, match="list of objects"):
            parse("a.json", text.encode())

    @pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
    def test_levels_without_end(self, text: str) -> None:
        with pytest.raises(DocumentError, match="nested too deeply"):
            parse("a.json", text.encode())

    @pytest.mark.parametrize("text", ["{", "9" * 5000, "nope"])
    def test_what_is_no_json(self, text: str) -> None:
        with pytest.raises(DocumentError, match=r"not JSON .*; export it anew"):
            parse("a.json", text.encode())


class TestOtherColumns:
    @pytest.mark.parametrize(
        "column", ["answer", "Description", "message", "comment", "summary", "abstract", "Antwort"]
    )
    def test_names_of_the_text(self, column: str) -> None:
        parsed = csv(f"question,{column},created_at\nWhen?,It opens at seven.,2021-05-04 10:11\n")
        assert quotable(parsed) == ["It opens at seven."]
        assert parsed.entries[0].title == "When?"
        assert parsed.entries[0].published == date(2021, 5, 4)

    def test_without_a_name_that_is_known_the_longest_prose_counts(self) -> None:
        parsed = csv(
            '"Titel\nkurz",wert,merkmal\nA,1,Die Pumpe steht am See.\nB,2,Sie ist neu hier.\n'
        )
        assert quotable(parsed) == ["Die Pumpe steht am See.", "Sie ist neu hier."]

    def test_without_prose_a_row_is_a_paragraph(self) -> None:
        parsed = csv("Country,Population,Capital\nNorway,5400000,Oslo\nEstonia,,Tallinn\n")
        assert quotable(parsed) == ["Norway | 5400000 | Oslo", "Estonia | | Tallinn"]

    @pytest.mark.parametrize("around", ["{}", '{{"count": 1, "ids": [1], "articles": [{}]}}'])
    def test_one_object_with_a_text(self, around: str) -> None:
        record = '{"title": "Lift", "text": "It was repaired.", "date": "2021-03-04"}'
        parsed = check(parse("a.json", around.format(record).encode()))
        assert quotable(parsed) == ["It was repaired."]
        assert parsed.entries[0].published == date(2021, 3, 4)


class TestWriters:
    @pytest.mark.parametrize("column", ["author", "Speaker", "from", "username"])
    def test_the_writer_of_a_row_is_its_speaker(self, column: str) -> None:
        parsed = csv(f"{column},text\nAnn Lee,It rained.\n,It stopped.\n")
        assert quotable(parsed) == ["It rained.", "It stopped."]
        assert [one.speaker and one.speaker.text for one in parsed.entries] == ["Ann Lee", None]

    def test_of_records_too(self) -> None:
        parsed = jsonl({"author": ["Ann Lee", "Bo"], "text": "It rained."})
        assert parsed.entries[0].speaker is not None
        assert parsed.entries[0].speaker.text == "Ann Lee, Bo"


class TestMarkup:
    def test_fields_as_content_systems_export_them(self) -> None:
        body = "<h2>Why</h2><p>Its engine &amp; mast<br>are <b>old</b>.</p><ul><li>It leaks.</ul>"
        record = {
            "title": {"rendered": "Tom &#038; Ann&#8217;s <i>ferry</i>"},
            "byline": "By Tom &amp; Ann",
            "content": {"rendered": body, "protected": False},
        }
        parsed = check(parse("a.json", json.dumps([record]).encode()))
        assert quotable(parsed) == ["Its engine & mast\nare old.", "It leaks."]
        assert [one.heading for one in parsed.paragraphs] == ["Why", "Why"]
        (entry,) = parsed.entries
        assert (entry.title, entry.speaker and entry.speaker.text) == (
            "Tom & Ann’s ferry",
            "Tom & Ann",
        )

    @pytest.mark.parametrize(
        ("text", "paragraphs"),
        [
            ("It is <b>old</b>.\nIt leaks.", ["It is old.", "It leaks."]),
            ("Mast &amp; hull.\nAT&T &unknown; x", ["Mast & hull.", "AT&T &unknown; x"]),
            ("The <p> tag: 1 < 2 > 0.", ["The <p> tag: 1 < 2 > 0."]),
            ("<div><script>1</script></div>", []),
        ],
    )
    def test_only_what_is_markup_is_read_as_such(self, text: str, paragraphs: list[str]) -> None:
        assert quotable(jsonl({"text": "Here."}, {"text": text})) == ["Here.", *paragraphs]

    def test_a_field_nested_too_deeply_costs_its_row_alone(self) -> None:
        deep = "<div>" * 3000 + "x" + "</div>" * 3000
        parsed = jsonl({"text": "Here."}, {"text": deep})
        assert quotable(parsed) == ["Here."]
        assert "nested too deeply" in parsed.left_out[0]
