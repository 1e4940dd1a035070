"""The same story in several documents is found when it is stored, and answered once."""

from __future__ import annotations

import hashlib

import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from index.core.answers import Answer
from index.core.scope import Scope
from index.library import Library
from index.store.database import writing
from index.store.duplicates import (
    BAND_ROWS,
    BANDS,
    band_hashes,
    containment,
    shingles_of,
)
from index.store.schema import bands, duplicates
from index.text.paraphrase import normalize, say_the_same
from tests.support.folders import Shelf
from tests.support.wire_story import LEAD, SENTENCES, VARIANTS, replaced, story

BLOCKED = "Which port did fishing boats block on Tuesday?"
NOISE = "Nothing in this text about gardens and roses says a word of any boat at all. " * 3


@given(st.frozensets(st.integers(0, (1 << 32) - 1), min_size=1))
def test_signatures_are_those_of_datasketch(shingles: frozenset[int]) -> None:
    signature = MinHash(num_perm=BANDS * BAND_ROWS, seed=1, hashfunc=int)
    signature.update_batch(shingles)
    values = signature.digest().astype("<u8").reshape(BANDS, BAND_ROWS)
    expected = [
        hashlib.blake2b(bytes([band]) + rows.tobytes(), digest_size=8).digest()
        for band, rows in enumerate(values)
    ]
    found = [band.to_bytes(8, "little", signed=True) for band in band_hashes(shingles)]
    assert found == expected


def count(library: Library, table: object) -> int:
    with library.store._engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def linked(library: Library) -> set[tuple[str, str]]:
    """Return the paths of the documents with passages that are stored as almost the same."""
    ids = [int(at) for found in library.store.passages.ids().values() for at in found]
    path = {p.id: p.document.path for p in library.store.passages.read(ids)}
    with library.store._engine.connect() as connection:
        rows = connection.execute(select(duplicates)).all()
    return {(path[row.passage_id], path[row.other_id]) for row in rows}


def fill(shelf: Shelf, files: dict[str, str], **changed: object) -> Library:
    for path, text in files.items():
        shelf.write(path, text)
    library = shelf.open(**changed)
    library.sync(shelf.folder)
    return library


def also(answer: Answer) -> list[str]:
    return [quote.document.path for quote in answer.quotes[0].also]


def check_slices(library: Library, answer: Answer) -> None:
    for quote in (other for q in answer.quotes for other in (q, *q.also)):
        cut = library.store.text(quote.document.id)[quote.span.start : quote.span.end]
        assert quote.text == cut


class TestSaying:
    @pytest.mark.parametrize(
        "other",
        [
            LEAD,
            LEAD.upper(),
            f"NORVIK, May 3 (Reuters) - {LEAD}",
            f"NORVIK — {LEAD}",
            LEAD.replace("on Tuesday", "Tuesday"),
            LEAD.replace("freighters", "large freighters"),
            LEAD.replace("keeping", "which kept").replace("which kept", "keeping"),
            LEAD.replace("harbours", "harbour's"),
            LEAD.replace(" at least", "  at\nleast"),
        ],
    )
    def test_light_edits_say_the_same(self, other: str) -> None:
        assert say_the_same(LEAD, other)
        assert say_the_same(other, LEAD)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("12", "9"),
            ("12", "12,000"),
            ("four", "five"),
            ("Norvik", "Bergen"),
            ("Tuesday", "Wednesday"),
            ("at least 12", "12"),
            ("at least", "almost"),
            ("blocked", "did not block"),
            ("blocked", "may have blocked"),
            ("blocked", "allegedly blocked"),
            ("blocked", "left"),
            ("boats", "boats and ferries and tankers"),
            ("Fishing boats", "Former fishing boats"),
        ],
    )
    def test_another_number_name_or_turn_does_not(self, old: str, new: str) -> None:
        other = LEAD.replace(old, new)
        assert other != LEAD
        assert not say_the_same(LEAD, other)
        assert not say_the_same(other, LEAD)

    def test_short_ones_must_be_equal(self) -> None:
        assert say_the_same("He said so.", "he said so")
        assert not say_the_same("He said so.", "He also said so.")
        assert not say_the_same("—", "…")

    def test_currencies_and_signs_count(self) -> None:
        assert not say_the_same(
            "It cost them $5 in all that year.", "It cost them £5 in all that year."
        )
        assert not say_the_same("It was -5 in the city at noon.", "It was 5 in the city at noon.")

    @given(st.text(), st.text())
    def test_it_is_mutual(self, one: str, other: str) -> None:
        assert say_the_same(one, other) == say_the_same(other, one)
        assert say_the_same(one, one) == bool(normalize(one))


class TestSignatures:
    def test_a_very_short_text_has_none(self) -> None:
        assert band_hashes(shingles_of("He declined to comment on this.")) == []

    def test_case_marks_and_space_make_no_difference(self) -> None:
        text = story()
        assert band_hashes(shingles_of(text)) == band_hashes(shingles_of(f" {text.upper()}!\n\n"))
        assert len(set(band_hashes(shingles_of(text)))) == BANDS

    def test_they_fit_the_column(self) -> None:
        assert all(-(2**63) <= band < 2**63 for band in band_hashes(shingles_of(story())))

    def test_a_part_is_contained(self) -> None:
        part = shingles_of(story(SENTENCES[2:5]))
        assert containment(part, shingles_of(story())) > 0.9
        assert containment(part, shingles_of(NOISE)) == 0
        assert containment(part, frozenset()) == 0


class TestStoring:
    def test_variants_are_linked_both_ways(self, shelf: Shelf) -> None:
        library = fill(shelf, VARIANTS | {"noise.txt": NOISE})
        pairs = linked(library)
        assert {("a.txt", path) for path in VARIANTS if path != "a.txt"} <= pairs
        assert {(other, one) for one, other in pairs} == pairs
        assert not any("noise.txt" in pair for pair in pairs)

    def test_a_document_is_no_duplicate_of_itself(self, shelf: Shelf) -> None:
        library = fill(shelf, {"a.txt": story() * 4})
        assert count(library, duplicates) == 0

    def test_what_goes_takes_its_links_along(self, shelf: Shelf) -> None:
        library = fill(shelf, VARIANTS)
        for path in VARIANTS:
            (shelf.folder / path).unlink()
        shelf.write("noise.txt", "Short.")
        library.sync(shelf.folder)
        assert count(library, bands) == count(library, duplicates) == 0

    def test_what_is_stored_later_is_linked_too(self, shelf: Shelf) -> None:
        fill(shelf, {"a.txt": story()})
        assert ("b.txt", "a.txt") in linked(fill(shelf, {"b.txt": story(SENTENCES[:5])}))

    @pytest.mark.slow
    def test_a_text_of_thousands_of_documents_has_few_links(self, shelf: Shelf) -> None:
        library = fill(shelf, {f"{at}.txt": story(SENTENCES[:3]) for at in range(80)})
        assert 80 <= count(library, duplicates) <= 80 * 2 * 32
        assert {one for one, _ in linked(library)} == {f"{at}.txt" for at in range(80)}

    def test_an_index_without_them_is_filled_by_a_rebuild(self, shelf: Shelf) -> None:
        library = fill(shelf, VARIANTS)
        before = linked(library)
        with writing(library.store._engine) as connection:
            connection.execute(delete(bands))
            connection.execute(delete(duplicates))
        assert library.ask(BLOCKED).answered
        library.rebuild()
        assert linked(library) == before


class TestAnswering:
    def test_it_is_quoted_once_and_cited_in_all(self, shelf: Shelf) -> None:
        library = fill(shelf, VARIANTS | {"noise.txt": NOISE})
        answer = library.ask(BLOCKED)
        assert [normalize(quote.text) for quote in answer.quotes].count(normalize(LEAD)) <= 1
        assert LEAD.casefold() in answer.quotes[0].text.casefold()
        assert {answer.quotes[0].document.path, *also(answer)} == set(VARIANTS)
        check_slices(library, answer)

    def test_more_copies_than_are_read_are_cited(self, shelf: Shelf) -> None:
        copies = {f"{at}.txt": f"{story()}\n\nThis ends copy {at} of them.\n" for at in range(20)}
        answer = fill(shelf, copies).ask(BLOCKED)
        assert len(also(answer)) == 19

    def test_copies_leave_room_for_others(self, shelf: Shelf) -> None:
        copies = {f"{at}.txt": LEAD for at in range(12)}
        other = (
            "The port of Norvik was blocked with 40 fishing boats in 1998, says Tuesday's paper."
        )
        answer = fill(shelf, copies | {"other.txt": other}).ask(BLOCKED)
        assert "other.txt" in {quote.document.path for quote in answer.quotes}

    def test_an_update_with_another_number_is_quoted_beside_it(self, shelf: Shelf) -> None:
        update = story(replaced("12 freighters", "30 freighters"))
        answer = fill(shelf, {"a.txt": story(), "update.txt": update}).ask(BLOCKED)
        assert {q.document.path for q in answer.quotes[:2]} == {"a.txt", "update.txt"}
        assert all(not q.also for q in answer.quotes if "freighters" in q.text)

    def test_a_denial_is_quoted_beside_it(self, shelf: Shelf) -> None:
        denial = story(replaced("did not clear", "did clear"))
        library = fill(shelf, {"a.txt": story(), "denial.txt": denial})
        answer = library.ask("Did police clear the entrance to the harbour during the night?")
        about = [quote for quote in answer.quotes if "Police" in quote.text]
        assert {quote.document.path for quote in about} == {"a.txt", "denial.txt"}
        assert not any(quote.also for quote in about)

    def test_only_what_the_question_may_see_is_cited(self, shelf: Shelf) -> None:
        library = fill(shelf, {"a.txt": story()})
        secret = shelf.root / "secret"
        secret.mkdir()
        (secret / "b.txt").write_text(story(SENTENCES[:5]))
        library.sync(secret, "secret")
        assert also(library.ask(BLOCKED)) == []
        assert len(also(library.ask(BLOCKED, Scope(("library", "secret"))))) == 1
        assert also(library.ask(BLOCKED, Scope(("library", "secret"), source="a.txt"))) == []

    def test_of_equals_the_earliest_comes_first(self, shelf: Shelf) -> None:
        dated = {
            f"{day}.txt": f" date 2021-07-{day} \n\n{LEAD}\n\nThis is paper number {day}.\n"
            for day in (12, 10, 11)
        }
        answer = fill(shelf, dated).ask(BLOCKED)
        days = [quote.document.metadata.published for quote in answer.quotes[0].also]
        assert len(days) == 2
        assert days == sorted(day for day in days if day)

    def test_without_copies_nothing_is_also(self, shelf: Shelf) -> None:
        answer = fill(shelf, {"a.txt": story(), "noise.txt": NOISE}).ask(BLOCKED)
        assert all(quote.also == () for quote in answer.quotes)


def test_a_quote_keeps_to_one_paragraph(shelf: Shelf) -> None:
    library = fill(shelf, {"a.txt": story(per_paragraph=2), "b.txt": story(per_paragraph=1)})
    answer = library.ask(BLOCKED)
    for quote in (other for q in answer.quotes for other in (q, *q.also)):
        assert "\n\n" not in quote.text
