"""Whatever the documents and the question, a quote is a slice of whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.answerer import (
    MAX_QUESTION_CHARS,
    MIN_ANSWERING,
    NOT_FOUND,
    NOT_SURE,
    NOTHING_INDEXED,
    check_question,
)
from index.core.answers import MAX_QUOTES
from index.core.documents import Document, Metadata, Passage, Span
from index.core.errors import QuestionError, SpanError
from index.library import EVERYTHING
from index.reader import Question, Reader, ReadPassages, Retrieved
from index.reader.calibration import Calibration
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


@pytest.mark.slow
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


@pytest.mark.slow
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


DOCUMENT = Document(1, "library", "a.txt", Metadata(), "", 5, 2)


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
            Passage(1, DOCUMENT, "b.", Span(3, 5), "", (), 1).cut(Span(0, 2))


def test_the_confidence_that_is_needed_may_change(shelf: Shelf) -> None:
    shelf.write("dog.txt", "The dog barks at the red fox.")
    shelf.sync()
    library = shelf.open()
    assert library.ask("Does the dog bark?").answered
    library.answer_from(1.0)
    assert not library.ask("Does the dog bark?").answered
    library.answer_from(0.0)
    assert library.ask("Does the dog bark?").answered


def test_a_denial_in_the_next_passage_stands_beside_what_it_denies(shelf: Shelf) -> None:
    filling = " ".join(f"Lorry number {number} went over the hills." for number in range(60))
    claim = "Two officers said that the red mill at Orla had burnt down."
    denial = "The mayor denied the reports."
    rest = " ".join(f"Sheep number {number} ate the grass." for number in range(60))
    shelf.write("mill.txt", f"{filling} {claim}\n\n{denial} {rest}")
    library = shelf.open(min_confidence=0.0)
    library.sync(shelf.folder)
    passages = library.store.passages
    texts = [passage.text for passage in passages.read(passages.ids()["library"].tolist())]
    assert not any(claim in text and denial in text for text in texts)
    (quote,) = library.ask("Had the red mill at Orla burnt down?", max_quotes=1).quotes
    assert claim in quote.text
    assert [beside.text for beside in quote.beside] == [denial]


def test_a_hardly_probable_sentence_is_no_sure_answer(shelf: Shelf) -> None:
    shelf.write("bridge.txt", "The old bridge was sold to Lund.")
    shelf.sync()
    library = shelf.open()
    sure = library.reader.calibration.model_copy(update={"min_confidence": 0.0})

    def state(score: float) -> str:
        reader = Scored(library.reader, score, sure)
        asked = replace(library._answerer(EVERYTHING), reader=reader)
        return asked.ask("To whom was the old bridge sold?", EVERYTHING).state

    assert state(MIN_ANSWERING) == "answered"
    assert state(MIN_ANSWERING - 0.01) == "unsure"


@dataclass
class Scored:
    """A reader that gives every sentence the same score."""

    reader: Reader
    score: float
    calibration: Calibration
    name: str = "scored"

    def read(self, question: Question, retrieved: Sequence[Retrieved]) -> ReadPassages:
        found = self.reader.read(question, retrieved)
        readings = [replace(one, score=self.score) for one in found.readings]
        return ReadPassages(readings, found.evidence)
