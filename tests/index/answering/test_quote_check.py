"""A text that somebody gives as a quote is exact, altered or not there; nothing is made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.quote_check import MAX_CHARS, MAX_SENTENCES, Finding, Verdict
from index.core.errors import QuestionError
from index.core.scope import Scope
from index.library import Library
from index.text.diff import Op, compare
from index.text.normalization import fold_space, fold_typography
from tests.support.folders import Shelf
from tests.support.wire_story import LEAD, SENTENCES, SOLBERG, story

OTHER = "A garden of roses lies behind the old mill. Nobody goes there now.\n"


def fill(shelf: Shelf) -> None:
    shelf.write("a.txt", story())
    shelf.write("b.txt", OTHER)
    shelf.sync()


@pytest.fixture
def library(shelf: Shelf) -> Library:
    return shelf.fill(fill)


def check(library: Library, text: str) -> Finding:
    (found,) = library.check(text)
    return found


def quoted(finding: Finding) -> str:
    assert finding.quote is not None
    return finding.quote.text


def marked(finding: Finding) -> list[str]:
    assert finding.quote is not None
    return [finding.quote.cut(span) for span in finding.quote.answer]


class TestVerbatim:
    @pytest.mark.parametrize("text", [LEAD, f"  {LEAD}\n", LEAD.replace(" ", "\n  ")])
    def test_exact_but_for_white_space(self, library: Library, text: str) -> None:
        found = check(library, text)
        assert (found.verdict, quoted(found)) == (Verdict.EXACT, LEAD)
        assert not found.is_part
        assert found.diff == ()
        assert found.quote
        assert (found.quote.document.path, found.quote.paragraph) == ("a.txt", 1)

    @pytest.mark.parametrize(
        "part",
        ["keeping at least 12 freighters", "Fishing boats", "the port of Norvik on Tuesday,"],
    )
    def test_a_part_is_shown_in_its_sentence(self, library: Library, part: str) -> None:
        found = check(library, part)
        assert (found.verdict, quoted(found), marked(found)) == (Verdict.EXACT, LEAD, [part])
        assert found.is_part

    def test_half_a_word_is_no_part(self, library: Library) -> None:
        assert check(library, "ishing boats from four harb").verdict is not Verdict.EXACT

    def test_quotation_marks_around_it_may_be_ours(self, library: Library) -> None:
        assert check(library, f"“{LEAD}”").verdict is Verdict.EXACT
        assert check(library, f'"{LEAD}"').verdict is Verdict.EXACT
        assert check(library, SOLBERG).verdict is Verdict.EXACT
        assert not check(library, SOLBERG).is_part

    def test_another_shape_of_marks_is_typography(self, library: Library) -> None:
        found = check(library, SOLBERG.replace("“", '"').replace("”", '"'))
        assert (found.verdict, quoted(found)) == (Verdict.TYPOGRAPHY, SOLBERG)
        assert [part.text for part in found.diff if part.op is Op.ADDED] == ["“", "”"]

    @pytest.mark.parametrize(
        ("part", "ends", "added"),
        [
            (LEAD.replace("F", "f", 1), "", ["Fishing"]),
            (LEAD.removesuffix("."), "", []),
            ("Keeping at least 12 freighters", ".", ["keeping"]),
            ("the port of Norvik on Tuesday", ".", []),
        ],
    )
    def test_a_quote_may_begin_and_end_where_its_sentence_does_not(
        self, library: Library, part: str, ends: str, added: list[str]
    ) -> None:
        found = check(library, f"“{part}{ends}”")
        assert found.verdict is (Verdict.TYPOGRAPHY if added or ends else Verdict.EXACT)
        assert quoted(found) == LEAD
        assert [part.text for part in found.diff if part.op is Op.ADDED] == added

    def test_several_sentences_at_once(self, library: Library) -> None:
        found = library.check(" ".join(SENTENCES[:2]))
        assert [item.verdict for item in found] == [Verdict.EXACT] * 2
        assert [quoted(item) for item in found] == list(SENTENCES[:2])

    def test_those_of_one_paragraph_are_one_quote(self, library: Library) -> None:
        found = check(library, OTHER)
        assert (found.verdict, quoted(found)) == (Verdict.EXACT, OTHER.strip())


class TestAltered:
    @pytest.mark.parametrize(
        ("old", "new"), [("12", "21"), ("blocked", "did not block"), ("on Tuesday", "")]
    )
    def test_the_difference_is_told(self, library: Library, old: str, new: str) -> None:
        text = LEAD.replace(old, new, 1)
        found = check(library, text)
        assert (found.verdict, quoted(found)) == (Verdict.ALTERED, LEAD)
        changed = [part for part in found.diff if part.op is not Op.SAME]
        assert changed
        assert all(len(part.text.split()) <= 3 for part in changed)

    def test_a_part_can_be_altered(self, library: Library) -> None:
        found = check(library, "keeping at least 20 freighters from unloading")
        assert (found.verdict, quoted(found)) == (Verdict.ALTERED, LEAD)

    def test_of_several_only_the_altered_one_is(self, library: Library) -> None:
        text = f"{LEAD} Police did clear the entrance to the harbour during the night."
        assert [found.verdict for found in library.check(text)] == [Verdict.EXACT, Verdict.ALTERED]

    @pytest.mark.parametrize(
        "text",
        [
            "The prime minister resigned on Sunday after losing a vote.",
            "Whales!",
            "Nobody said so.",
        ],
    )
    def test_another_sentence_is_not_found(self, library: Library, text: str) -> None:
        found = check(library, text)
        assert (found.verdict, found.quote, found.diff) == (Verdict.NOT_FOUND, None, ())

    def test_words_strewn_over_a_long_sentence_are_not_it(self, shelf: Shelf) -> None:
        shelf.write(
            "licence.txt",
            "The copy in a format whose layout is open to all, that is fit for revision with plain "
            "editors or, for pictures made up of dots, with paint programs, and that is made for "
            "input to formatters, is of the kind that no cheese maker ever had to think about.",
        )
        library = shelf.open()
        library.sync(shelf.folder)
        assert check(library, "The moon is made of cheese.").verdict is Verdict.NOT_FOUND

    def test_an_empty_library_finds_nothing(self, shelf: Shelf) -> None:
        assert check(shelf.open(), LEAD).verdict is Verdict.NOT_FOUND

    def test_other_collections_are_not_looked_at(self, library: Library) -> None:
        (found,) = library.check(LEAD, Scope(("none",)))
        assert found.verdict is Verdict.NOT_FOUND


class TestLimits:
    @pytest.mark.parametrize("text", ["", " \n", "—"])
    def test_nothing_is_an_error(self, library: Library, text: str) -> None:
        with pytest.raises(QuestionError, match="nothing to check"):
            library.check(text)

    def test_too_much_is_an_error(self, library: Library) -> None:
        with pytest.raises(QuestionError, match=r"limit is 2,000"):
            library.check("x" * (MAX_CHARS + 1))
        with pytest.raises(QuestionError, match="13 sentences"):
            library.check("He left us today. " * (MAX_SENTENCES + 1))


WORDS = st.lists(st.sampled_from(["He", "said", "so", ",", ".", "😀", " ", "\n", "no-one", "“"]))


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    diff = compare(old, new)
    given_text = "".join(part.text for part in diff if part.op is not Op.ADDED)
    assert "".join(part.text for part in diff if part.op is not Op.REMOVED) == new
    assert given_text.split() == old.split()
    assert all(part.text for part in diff)
    assert any(part.op is not Op.SAME for part in diff) == (_spaced(old) != _spaced(new))


@given(st.text())
def test_a_folded_text_knows_where_it_came_from(text: str) -> None:
    for fold in (fold_space, fold_typography):
        folded = fold(text)
        assert len(folded.text) == len(folded.spans)
        assert "  " not in folded.text
        if folded.text:
            whole = folded.origin(0, len(folded.text)).cut(text)
            assert fold(whole).text == folded.text


def _spaced(text: str) -> str:
    words = text.split()
    lead, tail = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * lead}{' '.join(words)}{' ' * tail}" if words else " " * bool(text)


@pytest.mark.parametrize(
    ("stands", "given"),
    [
        ("3.2 × 10⁶ tonnes", "3.2 × 106 tonnes"),
        ("3.2 × 106 tonnes", "3.2 × 10⁶ tonnes"),
        ("4½ million tonnes", "41/2 million tonnes"),
    ],
)
def test_another_number_is_no_typography(shelf: Shelf, stands: str, given: str) -> None:
    sentence = "The plant emits {} of ash in a year."
    shelf.write("ash.txt", sentence.format(stands))
    opened = shelf.open()
    opened.sync(shelf.folder)
    assert check(opened, sentence.format(stands)).verdict is Verdict.EXACT
    assert check(opened, sentence.format(given)).verdict is Verdict.ALTERED
