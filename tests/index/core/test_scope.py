"""A question sees only what its limits let through."""

from __future__ import annotations

from datetime import date

import pytest

from index.answering.answerer import NOTHING_WITHIN
from index.core.documents import Metadata
from index.core.errors import QuestionError
from index.core.files import FileStat, sha256_of
from index.core.scope import Scope, first_day, last_day
from index.ingest.prepare import Limits, Tokens, new_document, prepare
from index.parsers.toolkit.builder import TextBuilder
from tests.support.folders import Shelf

QUESTION = "Where does the fox sleep?"


@pytest.fixture
def dated(shelf: Shelf) -> Shelf:
    for day, paper in (("2021-07-10", "Globe"), ("2021-08-01", "ÄRZTE Zeitung"), ("", "Globe")):
        date_line = f"date: {day}\n" if day else ""
        head = f"---\n{date_line}publisher: {paper}\n---\n"
        shelf.write(f"{paper[:2]}-{day}.txt", f"{head}The fox sleeps in the mill {paper} {day}.")
    shelf.sync()
    return shelf


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (Scope(), 3),
        (Scope(since=date(2021, 7, 10)), 2),
        (Scope(since=date(2021, 7, 11)), 1),
        (Scope(until=date(2021, 7, 31)), 1),
        (Scope(since=date(2021, 7, 11), until=date(2021, 7, 31)), 0),
        (Scope(source="globe"), 2),
        (Scope(source="ärzte"), 1),
        (Scope(source="gl-2021"), 1),
        (Scope(source="100%"), 0),
        (Scope(source="globe", since=date(2021, 1, 1)), 1),
        (Scope(("elsewhere",), source="globe"), 0),
    ],
)
def test_limits_hold_in_every_search(dated: Shelf, scope: Scope, found: int) -> None:
    library = dated.open()
    ranked = library.rank(QUESTION, scope, 10)
    assert {name: len(ids) for name, ids in ranked.items()} == dict.fromkeys(ranked, found)
    answer = library.ask(QUESTION, scope)
    assert len(answer.quotes) == found
    assert answer.reason == (None if found else NOTHING_WITHIN)
    for quote in answer.quotes:
        published = quote.document.metadata.published
        assert scope.since is None or (published is not None and published >= scope.since)


def test_documents_can_be_named(dated: Shelf) -> None:
    library = dated.open()
    first, second, _ = (document.id for document in library.documents())
    assert len(library.ask(QUESTION, Scope(documents=(first, second))).quotes) == 2
    assert not library.ask(QUESTION, Scope(documents=())).quotes


def test_a_limit_sees_what_was_added_since(dated: Shelf) -> None:
    library, scope = dated.open(), Scope(source="globe")
    assert len(library.ask(QUESTION, scope).quotes) == 2
    dated.write("globe.txt", "The fox sleeps in the tower.")
    library.sync(dated.folder)
    assert len(library.ask(QUESTION, scope).quotes) == 3


class TestEntries:
    @pytest.fixture
    def table(self, shelf: Shelf) -> Shelf:
        builder = TextBuilder()
        for row, day in enumerate((1, 2, 2), start=1):
            builder.start_entry(
                f"Row {row}", date(2021, 7, day), speaker=f"Ann {row}", url=f"https://x.org/{row}"
            )
            builder.add_paragraph(f"The fox sleeps in the mill number {row}.")
        library = shelf.open()
        parsed = builder.build(Metadata(title="Table", published=date(2020, 1, 1)))
        prepared = prepare("t.csv", parsed, Tokens.of(shelf.embedder), Limits(999, 9, 9))
        new = new_document(prepared, path="t.csv", origin="add", stat=FileStat(1, 1), sha256="x")
        vectors = shelf.embedder.embed_passages(new.embedded)
        library.store.claim_model(shelf.embedder.name, shelf.embedder.dimension)
        named = zip(map(sha256_of, new.embedded), vectors, strict=True)
        library.store.put("library", [new], dict(named))
        return shelf

    @pytest.mark.slow
    def test_a_quote_is_cited_as_its_entry_says(self, table: Shelf) -> None:
        for quote in table.open().ask(QUESTION).quotes:
            row = quote.text.rstrip(".")[-1]
            metadata = quote.source.metadata
            assert metadata.title == f"Row {row}"
            assert metadata.url == f"https://x.org/{row}"
            assert quote.speaker is not None
            assert quote.speaker.text == f"Ann {row}"
            text = table.open().store.text(quote.document.id)
            assert quote.speaker.span.cut(text) == quote.speaker.text
            assert quote.span.cut(text) == quote.text

    @pytest.mark.parametrize(
        ("scope", "rows"),
        [
            (Scope(), {"1", "2", "3"}),
            (Scope(since=date(2021, 7, 2)), {"2", "3"}),
            (Scope(until=date(2020, 12, 31)), set()),
            (Scope(source="row 3"), {"3"}),
            (Scope(source="x.org/2"), {"2"}),
            (Scope(source="t.csv"), {"1", "2", "3"}),
        ],
    )
    def test_limits_look_at_entries(self, table: Shelf, scope: Scope, rows: set[str]) -> None:
        quotes = table.open().ask(QUESTION, scope).quotes
        assert {quote.text.rstrip(".")[-1] for quote in quotes} == rows


class TestPeriod:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2021", date(2021, 1, 1), date(2021, 12, 31)),
            ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
            (" 2021-7-9 ", date(2021, 7, 9), date(2021, 7, 9)),
        ],
    )
    def test_it_has_a_first_and_a_last_day(self, text: str, first: date, last: date) -> None:
        assert (first_day(text), last_day(text)) == (first, last)

    @pytest.mark.parametrize("text", ["", "July", "2021-13", "2021-02-30", "0000", "20210710"])
    def test_anything_else_is_an_error_that_says_what_is_expected(self, text: str) -> None:
        for read in (first_day, last_day):
            with pytest.raises(QuestionError, match="2021-07"):
                read(text)
