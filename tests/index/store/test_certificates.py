"""An old quote stays checkable, whatever became of its document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from index.answering.verification import State, Verification
from index.core.answers import Answer, Quote
from index.core.documents import Span
from index.core.errors import CertificateError
from index.core.scope import Scope
from index.library import Library
from index.store.certificates import ALPHABET, certificate_id, format_id, parse_id
from index.store.database import writing
from index.store.schema import certificates
from index.text.diff import Op
from tests.support.folders import Shelf
from tests.support.wire_story import LEAD, SENTENCES, VARIANTS, replaced, story

BLOCKED = "Which port did fishing boats block on Tuesday?"


def certify(shelf: Shelf, path: str = "a.txt", text: str = story()) -> tuple[Library, Quote]:
    """Return a library, and the first quote that was sent: the lead."""
    shelf.write(path, text)
    library = shelf.open()
    library.sync(shelf.folder)
    answer = library.ask(BLOCKED)
    library.certify(places(answer))
    return library, answer.quotes[0]


def places(answer: Answer) -> list[Quote]:
    return [place for quote in answer.quotes + answer.closest for place in (quote, *quote.also)]


def count(library: Library) -> int:
    with library.store._engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(certificates)).scalar_one())


def check(library: Library, quote: Quote, state: State) -> Verification:
    found = library.verify(certificate_id(quote))
    assert found.state is state
    if found.quote is not None:
        text = library.store.text(found.quote.document.id)
        assert found.quote.span.cut(text) == found.quote.text
    return found


class TestIds:
    def test_they_are_deterministic_and_tell_quotes_apart(self, shelf: Shelf) -> None:
        _, quote = certify(shelf)
        moved = replace(quote, span=Span(quote.span.start + 1, quote.span.end + 1))
        reworded = replace(quote, text=f"{quote.text[:-1]}!")
        rewritten = replace(quote, document=replace(quote.document, sha256="0" * 64))
        ids = [certificate_id(item) for item in (quote, quote, moved, reworded, rewritten)]
        assert ids[0] == ids[1]
        assert len(set(ids)) == 4

    @given(st.text(ALPHABET, min_size=12, max_size=12))
    def test_they_are_read_however_they_are_typed(self, plain: str) -> None:
        shown = format_id(plain)
        assert len(shown) == 14
        typed = (shown, shown.lower(), f" {plain}\n", shown.replace("-", " "))
        look_alike = shown.replace("0", "o").replace("1", "l"), shown.replace("1", "I")
        assert {parse_id(text) for text in (*typed, *look_alike)} == {plain}

    @pytest.mark.parametrize("text", ["", "7K3M", "7K3M-Q2XA-90VU", "7K3M-Q2XA-90V😀", "x" * 500])
    def test_what_is_none_is_an_error_of_one_line(self, shelf: Shelf, text: str) -> None:
        with pytest.raises(CertificateError, match="is no certificate") as error:
            shelf.open().verify(text)
        assert len(str(error.value)) < 200

    def test_one_that_was_never_sent_is_an_error(self, shelf: Shelf) -> None:
        with pytest.raises(CertificateError, match="0000-0000-0000"):
            shelf.open().verify("oooo-oooo-oooo")


class TestKeeping:
    @pytest.mark.slow
    def test_all_quotes_are_kept_once(self, shelf: Shelf) -> None:
        for path, text in VARIANTS.items():
            shelf.write(path, text)
        library, quote = certify(shelf)
        assert quote.also
        kept = count(library)
        library.certify(places(library.ask(BLOCKED)))
        assert count(library) == kept
        for other in quote.also:
            check(library, other, State.UNCHANGED)

    def test_what_came_closest_is_kept(self, shelf: Shelf) -> None:
        shelf.write("a.txt", story())
        library = shelf.open(min_confidence=1.0)
        library.sync(shelf.folder)
        answer = library.ask("Does the dog bark?")
        library.certify(places(answer))
        check(library, answer.closest[0], State.UNCHANGED)

    def test_asking_alone_keeps_nothing(self, shelf: Shelf) -> None:
        shelf.write("a.txt", story())
        library = shelf.open()
        library.sync(shelf.folder)
        library.ask(BLOCKED)
        assert count(library) == 0


class TestVerifying:
    def test_unchanged(self, shelf: Shelf) -> None:
        library, quote = certify(shelf)
        found = check(library, quote, State.UNCHANGED)
        assert found.quote
        assert (found.quote.span, found.quote.paragraph) == (quote.span, quote.paragraph)
        assert found.certificate.text == quote.text

    def test_the_document_goes_on_where_the_quote_stays(self, shelf: Shelf) -> None:
        _, quote = certify(shelf)
        shelf.write("a.txt", f"{story()}\nA new paragraph comes at the end of it.\n")
        shelf.sync()
        check(shelf.open(), quote, State.UNCHANGED)

    def test_moved_within_the_document(self, shelf: Shelf) -> None:
        _, quote = certify(shelf)
        shelf.write("a.txt", f"A new paragraph comes before all that was here.\n\n{story()}")
        shelf.sync()
        found = check(shelf.open(), quote, State.MOVED)
        assert found.quote
        assert found.quote.text == quote.text
        assert found.quote.span.start > quote.span.start

    def test_a_renamed_file(self, shelf: Shelf) -> None:
        _, quote = certify(shelf)
        (shelf.folder / "a.txt").rename(shelf.folder / "renamed.txt")
        shelf.sync()
        found = check(shelf.open(), quote, State.MOVED)
        assert found.quote
        assert found.quote.document.path == "renamed.txt"
        assert found.certificate.path == "a.txt"

    @pytest.mark.slow
    def test_another_document_has_it(self, shelf: Shelf) -> None:
        _, quote = certify(shelf)
        shelf.write("a.txt", "Nothing of it is left. The garden has roses.\n")
        shelf.write("other.txt", f"The paper opens with something else.\n\n{story()}")
        shelf.sync()
        found = check(shelf.open(), quote, State.MOVED)
        assert found.quote
        assert found.quote.document.path == "other.txt"

    def test_changed(self, shelf: Shelf) -> None:
        _, quote = certify(shelf, text=f"{LEAD}\n\nSome other paragraph.\n")
        shelf.write("a.txt", f"{LEAD.replace('12', '30')}\n\nSome other paragraph.\n")
        shelf.sync()
        found = check(shelf.open(), quote, State.CHANGED)
        changed = [part for part in found.diff if part.op is not Op.SAME]
        assert changed == [(Op.REMOVED, "12"), (Op.ADDED, "30")]

    def test_a_sentence_that_goes_on_is_changed(self, shelf: Shelf) -> None:
        _, quote = certify(shelf, text=f"{LEAD}\n\nSome other paragraph.\n")
        shelf.write("a.txt", f"Reports that {LEAD[:-1]} are false.\n")
        shelf.sync()
        assert check(shelf.open(), quote, State.CHANGED).diff

    def test_the_sentence_is_gone(self, shelf: Shelf) -> None:
        _, quote = certify(shelf)
        shelf.write("a.txt", "Nothing of it is left. The garden has roses.\n")
        shelf.sync()
        assert check(shelf.open(), quote, State.SENTENCE_GONE).quote is None

    def test_the_document_is_gone(self, shelf: Shelf) -> None:
        shelf.write("b.txt", "The garden has roses.\n")
        _, quote = certify(shelf)
        (shelf.folder / "a.txt").unlink()
        shelf.sync()
        found = check(shelf.open(), quote, State.DOCUMENT_GONE)
        assert found.quote is None
        assert found.certificate.path == "a.txt"

    @pytest.mark.slow
    def test_a_correction_is_told_though_another_document_has_the_old_words(
        self, shelf: Shelf
    ) -> None:
        _, quote = certify(shelf, text=story(SENTENCES[:3]))
        shelf.write("copy.txt", f"{LEAD}\n\nNothing more is in here.\n")
        shelf.write("a.txt", story(replaced("12", "30")[:3]))
        shelf.sync()
        found = check(shelf.open(), quote, State.CHANGED)
        assert found.quote
        assert found.quote.document.path == "a.txt"

    def test_a_record_that_was_touched_is_damaged(self, shelf: Shelf) -> None:
        library, quote = certify(shelf)
        with writing(library.store._engine) as connection:
            connection.execute(update(certificates).values(text="They left."))
        assert check(library, quote, State.DAMAGED).quote is None

    def test_other_collections_do_not_know_it(self, shelf: Shelf) -> None:
        library, quote = certify(shelf)
        with pytest.raises(CertificateError, match="no quote was sent"):
            library.verify(certificate_id(quote), Scope(("other",)))
