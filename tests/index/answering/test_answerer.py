"""Whatever the documents and the question, a quote is a slice of whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.answerer import (
    MAX_QUESTION_CHARS,
    MAX_QUOTES,
    NOT_FOUND,
    NOT_SURE,
    NOTHING_INDEXED,
    check_question,
    compose,
)
from index.core.answers import Hit
from index.core.documents import Document, Metadata, Passage, Sentence, Span
from index.core.errors import QuestionError, SpanError
from index.reader import Reading, Retrieved
from tests.support.folders import Shelf, temporary_folder

SENTENCES = st.sampled_from(
    [
        "The red fox sleeps.",
        "It rains 😀 in the mill.",
        "“A dog barks,” he said.",
        "Mr. Fox left the U.S. in 1999 — late.",
        "Nobody knows why.",
        "\u2028Odd\x85 space\u00a0here.",
        "Photo: AP",
        "It has no end",
        "ﬁn ß İ.",
    ]
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=12).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=5).flatmap(
    lambda paragraphs: st.sampled_from(["\n\n", "\r\n\r\n", "\n"]).map(
        lambda gap: gap.join(paragraphs)
    )
)
QUESTIONS = st.sampled_from(["Where does the fox sleep?", "???", "Who barks", "why", "ß 1999"])


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.sampled_from(["txt", "md"]), TEXTS), min_size=1, max_size=4), QUESTIONS
)
def test_quotes_are_slices_of_whole_sentences(files: list[tuple[str, str]], question: str) -> None:
    with temporary_folder() as folder:
        shelf = Shelf(folder)
        for at, (suffix, text) in enumerate(files):
            shelf.write(f"{at}.{suffix}", text)
        library = shelf.open()
        library.sync(shelf.folder)
        answer = library.ask(question)
        ids = library.store.passages.ids().get("library", [])
        passages = library.store.passages.read([int(at) for at in ids])
        shelf.close()
    assert len(answer.quotes) <= MAX_QUOTES
    assert len(answer.closest) <= MAX_QUOTES
    assert 0 <= answer.confidence <= 1
    assert not (answer.quotes and answer.closest)
    assert (answer.reason is None) == answer.answered
    assert answer.elapsed_ms >= 0
    quotes = answer.quotes + answer.closest
    for quote in quotes:
        text = files[int(quote.document.path.split(".")[0])][1]
        assert quote.text == text[quote.span.start : quote.span.end]
        of_document = [p for p in passages if p.document.id == quote.document.id]
        sentences = {s for p in of_document for s in p.sentences}
        assert quote.span.start in {s.span.start for s in sentences}
        assert quote.span.end in {s.span.end for s in sentences}
        inside = {s.paragraph for s in sentences if quote.span.covers(s.span)}
        assert inside == {quote.paragraph}
        assert all(quote.span.covers(span) for span in quote.answer)
        assert 0 <= quote.score <= 1
    assert len({quote.text for quote in quotes}) == len(quotes)
    assert [q.score for q in quotes] == sorted((q.score for q in quotes), reverse=True)
    for one in quotes:
        for other in quotes:
            if one is not other and one.document.id == other.document.id:
                assert not one.span.overlaps(other.span)


def test_more_quotes_go_on_where_fewer_ended(shelf: Shelf) -> None:
    shelf.write("a.txt", "\n\n".join(f"The red fox sleeps in mill {at}." for at in "abcdef"))
    library = shelf.open()
    library.sync(shelf.folder)
    few, many = (library.ask("Where does the fox sleep?", max_quotes=count) for count in (2, 10))
    assert (few.further, many.further) == (True, False)
    assert len(few.quotes) == 2
    assert many.quotes[:2] == few.quotes
    assert len(many.quotes) > 2
    assert (few.answered, few.confidence) == (many.answered, many.confidence)


class TestQuestions:
    def test_an_empty_index_abstains_with_a_reason(self, shelf: Shelf) -> None:
        answer = shelf.open().ask("Where is the fox?")
        assert not answer.answered
        assert answer.closest == ()
        assert answer.reason == NOTHING_INDEXED
        assert answer.confidence == 0

    @pytest.mark.parametrize("question", ["", "  \n\t", "\u2003"])
    def test_an_empty_one_is_an_error(self, shelf: Shelf, question: str) -> None:
        with pytest.raises(QuestionError, match="empty"):
            shelf.open().ask(question)

    def test_a_long_one_is_an_error_that_tells_the_limit(self, shelf: Shelf) -> None:
        with pytest.raises(QuestionError, match=r"1,001 characters, the limit is 1,000"):
            shelf.open().ask("x" * (MAX_QUESTION_CHARS + 1))
        assert check_question(f" {'x' * MAX_QUESTION_CHARS}\n") == "x" * MAX_QUESTION_CHARS

    def test_below_the_confidence_that_is_asked_for_it_abstains(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        shelf.sync()
        answer = shelf.open(min_confidence=1.0).ask("Does the dog bark?")
        assert answer.state == "none"
        assert answer.reason == NOT_FOUND
        assert [quote.text for quote in answer.closest] == ["The red fox sleeps."]

    def test_an_unsure_answer_has_quotes_and_a_reason(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        shelf.sync()
        library = shelf.open(min_confidence=1.0)
        calibration = library.reader.calibration
        library.reader.calibration = calibration.model_copy(update={"min_unsure": 0.0})
        answer = library.ask("Does the dog bark?")
        assert (answer.state, answer.reason, answer.closest) == ("unsure", NOT_SURE, ())
        assert not answer.answered
        assert [quote.text for quote in answer.quotes] == ["The red fox sleeps."]

    def test_white_space_around_makes_no_difference(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps. A dog barks. It rains.")
        shelf.sync()
        library = shelf.open()
        plain, padded = library.ask("Who barks?"), library.ask("  Who barks?\n")
        assert padded.question == plain.question == "Who barks?"
        assert padded.quotes == plain.quotes

    def test_the_sentence_with_the_words_comes_first(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "It rains here.\n\nNobody came.\n\nThe red fox sleeps in the mill.\n")
        shelf.sync()
        best = shelf.open().ask("Where does the red fox sleep?").quotes[0]
        assert "The red fox sleeps in the mill." in best.text

    def test_steps_are_timed(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "The red fox sleeps.")
        shelf.sync()
        answer = shelf.open().ask("fox")
        steps = [step for step, _ in answer.steps_ms]
        assert (steps[0], steps[1], steps[-1]) == ("embed", "search", "compose")
        assert sum(elapsed for _, elapsed in answer.steps_ms) <= answer.elapsed_ms

    def test_example_questions_are_answered(self, shelf: Shelf) -> None:
        shelf.write("a.txt", "They say that Tariq Arian denied it. He saw Herat Province burn.")
        shelf.sync()
        library = shelf.open()
        examples = library.examples()
        assert 0 < len(examples) <= 3
        assert all(library.ask(question).answered for question in examples)
        assert library.examples(["none"]) == ()


TEXT = "One is here. Two is here. Three is here. Four is here. Five is here."
STARTS = [0, 13, 26, 41, 55, len(TEXT) + 1]
SPANS = [Span(start, STARTS[at + 1] - 1) for at, start in enumerate(STARTS[:-1])]
DOCUMENT = Document(1, "library", "a.txt", Metadata(), "", len(TEXT), 2)


def passage(
    first: int,
    last: int,
    paragraphs: Sequence[int] = (1, 1, 1, 1, 1),
    document: Document = DOCUMENT,
    text: str = TEXT,
) -> Passage:
    span = Span(SPANS[first].start, SPANS[last].end)
    sentences = tuple(Sentence(SPANS[at], paragraphs[at]) for at in range(first, last + 1))
    return Passage(first, document, span.cut(text), span, "", sentences, first)


def read(of: Passage, *ordinals: int) -> list[Reading]:
    return [Reading(of, at, at, SPANS[at], 1 - at / 100) for at in ordinals]


def quoted(readings: Sequence[Reading], *passages: Passage) -> list[str]:
    return [
        quote.text for quote in compose(readings, [Retrieved(p, Hit(p.id, 1)) for p in passages])
    ]


class TestCompose:
    def test_neighbours_join(self) -> None:
        whole = passage(0, 4)
        assert quoted(read(whole, 1, 0, 4), whole) == [TEXT[:25], "Five is here."]

    def test_they_join_from_either_side_and_again(self) -> None:
        whole = passage(0, 4)
        assert quoted(read(whole, 2, 1, 3), whole) == ["Two is here. Three is here. Four is here."]

    def test_what_comes_to_fill_a_gap_is_quoted_once(self) -> None:
        whole = passage(0, 4)
        texts = quoted(read(whole, 0, 2, 1), whole)
        assert sum(text.count("Two is here.") for text in texts) == 1
        assert sum(text.count("Three is here.") for text in texts) == 1

    def test_a_part_of_what_is_quoted_is_not_quoted_again(self) -> None:
        whole = passage(0, 4)
        both = Reading(whole, 1, 2, Span(SPANS[1].start, SPANS[2].end), 0.9)
        readings = [both, *read(whole, 2, 4)]
        assert quoted(readings, whole) == ["Two is here. Three is here.", "Five is here."]

    def test_those_of_different_paragraphs_do_not_join(self) -> None:
        whole = passage(0, 4, (1, 2, 2, 2, 2))
        assert quoted(read(whole, 0, 1), whole) == ["One is here.", "Two is here."]

    def test_those_that_no_passage_holds_together_do_not_join(self) -> None:
        left, right = passage(0, 1), passage(2, 4)
        assert quoted([*read(left, 1), *read(right, 2)], left, right) == [
            "Two is here.",
            "Three is here.",
        ]

    def test_those_of_overlapping_passages_join(self) -> None:
        left, right = passage(0, 2), passage(2, 4)
        assert quoted([*read(left, 2), *read(right, 3)], left, right) == [TEXT[26:54]]

    def test_those_of_different_documents_do_not_join(self) -> None:
        other = passage(1, 1, document=Document(2, "library", "b.txt", Metadata(), "", 9, 1))
        one = passage(0, 4)
        assert quoted([*read(one, 0), *read(other, 1)], one, other) == [
            "One is here.",
            "Two is here.",
        ]

    def test_the_same_text_is_quoted_once(self) -> None:
        one = passage(0, 4)
        other = passage(0, 4, document=Document(2, "library", "b.txt", Metadata(), "", 9, 1))
        assert quoted([*read(one, 0), *read(other, 0)], one, other) == ["One is here."]

    def test_there_are_three_at_most_in_the_order_of_the_readings(self) -> None:
        whole = passage(0, 4, (1, 2, 3, 4, 5))
        assert quoted(read(whole, 4, 2, 0, 1, 3), whole) == [
            "Five is here.",
            "Three is here.",
            "One is here.",
        ]

    def test_what_would_be_too_long_does_not_join(self) -> None:
        text = "a" * 300 + ". " + "b" * 300 + "."
        spans = [Span(0, 301), Span(302, 603)]
        sentences = tuple(Sentence(span, 1) for span in spans)
        whole = Passage(1, DOCUMENT, text, Span(0, 603), "", sentences, 0)
        readings = [Reading(whole, at, at, span, 1.0) for at, span in enumerate(spans)]
        assert quoted(readings, whole) == [span.cut(text) for span in spans]

    def test_the_better_ones_short_answer_stays_marked(self) -> None:
        whole = passage(0, 4)
        readings = [
            Reading(whole, 1, 1, SPANS[1], 1.0, (Span(13, 16),)),
            Reading(whole, 0, 0, SPANS[0], 0.9, (Span(0, 3),)),
        ]
        (quote,) = compose(readings, [Retrieved(whole, Hit(0, 1))])
        assert [quote.cut(span) for span in quote.answer] == ["Two"]
        assert quote.score == 1.0

    def test_a_copy_of_a_document_is_not_quoted_beside_it(self) -> None:
        one = passage(0, 4)
        copy = passage(0, 4, document=Document(2, "library", "b.txt", Metadata(), "", 9, 1))
        readings = [*read(one, 0), *read(copy, 0), *read(one, 1), *read(copy, 1)]
        assert quoted(readings, one, copy) == ["One is here. Two is here."]

    def test_nothing_read_is_nothing_quoted(self) -> None:
        assert compose([], []) == ()


class TestSpans:
    def test_a_span_is_half_open(self) -> None:
        assert Span(1, 3).cut("abcd") == "bc"
        assert len(Span(1, 3)) == 2
        assert not Span(0, 1).overlaps(Span(1, 2))
        assert Span(0, 2).covers(Span(1, 2))

    @pytest.mark.parametrize(("start", "end"), [(-1, 1), (2, 1)])
    def test_no_span_runs_backwards(self, start: int, end: int) -> None:
        with pytest.raises(SpanError):
            Span(start, end)

    def test_cutting_outside_is_an_error(self) -> None:
        with pytest.raises(SpanError):
            Span(0, 5).cut("abcd")
        with pytest.raises(SpanError):
            passage(1, 2).cut(SPANS[0])


def test_the_confidence_that_is_needed_may_change(shelf: Shelf) -> None:
    shelf.write("dog.txt", "The dog barks at the red fox.")
    shelf.sync()
    library = shelf.open()
    assert library.ask("Does the dog bark?").answered
    library.answer_from(1.0)
    assert not library.ask("Does the dog bark?").answered
    library.answer_from(0.0)
    assert library.ask("Does the dog bark?").answered
