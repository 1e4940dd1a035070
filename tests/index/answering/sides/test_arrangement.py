"""What stands beside a quote: denials, other answers, and what they do to the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.answering.sides.arrangement import Sides
from index.answering.sides.wording import wording_of
from index.core.answers import Quote
from index.core.documents import Metadata, Passage, Span
from index.reader import Reading
from index.text.terms import Analyzer
from tests.support.passages import make_passage

ANALYZER = Analyzer()
CLAIM = "Two officers said the Orla bridge had fallen to the rebels."
DENIAL = "A spokesman denied the reports, saying that the bridge was safe."


def document(number: int, *sentences: str, published: date | None = None) -> Passage:
    made = make_passage(*sentences, document=number)
    return replace(made, document=replace(made.document, metadata=Metadata(published=published)))


def readings(*wanted: tuple[Passage, str, float]) -> list[Reading]:
    """Return the reading of the sentence with a short answer in each passage, with its score."""
    found = []
    for passage, answer, score in wanted:
        at = passage.text.index(answer)
        span = Span(at, at + len(answer))
        number = next(n for n, one in enumerate(passage.sentences) if one.span.covers(span))
        sentence = passage.sentences[number].span
        found.append(Reading(passage, number, number, sentence, score, (span,)))
    return found


def arrange(question: str, read: Sequence[Reading], *passages: Passage) -> tuple[Quote, ...]:
    known = passages or tuple({one.passage.id: one.passage for one in read}.values())
    sides = Sides(question, read, known, wording_of(ANALYZER))
    return sides.arrange([one.to_quote() for one in read], read)


def told(quotes: Sequence[Quote]) -> list[tuple[str | None, str]]:
    return [(quote.side, quote.text) for quote in quotes]


class TestDenials:
    def test_a_denial_stands_beside_what_it_denies(self) -> None:
        passage = document(1, CLAIM, "The road was closed.", DENIAL)
        first, *rest = arrange("Had the bridge fallen?", readings((passage, "had fallen", 0.9)))
        assert first.text == CLAIM
        assert told(first.beside) == [("disputed", DENIAL)]
        assert rest == []

    def test_what_is_denied_stands_beside_a_denial(self) -> None:
        passage = document(1, CLAIM, DENIAL)
        first, *_ = arrange("Is the bridge safe?", readings((passage, "the bridge was safe", 0.9)))
        assert first.text == DENIAL
        assert told(first.beside) == [("disputed", CLAIM)]

    def test_whoever_asks_for_a_denial_gets_it_first(self) -> None:
        passage = document(1, CLAIM, DENIAL)
        asked = "Who denied that the bridge had fallen?"
        first, *rest = arrange(asked, readings((passage, "Two officers", 0.9)))
        assert (first.side, first.text) == (None, DENIAL)
        assert told(first.beside) == [("disputed", CLAIM)]
        assert rest == []

    def test_claim_and_denial_are_not_quoted_as_one(self) -> None:
        passage = document(1, CLAIM, DENIAL)
        whole = Reading(passage, 0, 1, passage.span, 0.9, (Span(0, 12),))
        first, *_ = arrange("Had the bridge fallen?", [whole])
        assert first.text == CLAIM
        assert told(first.beside) == [("disputed", DENIAL)]

    def test_a_denial_behind_another_claim_is_the_answer_to_who_denies(self) -> None:
        before = "The director, Ida Holm, said the thieves took the ring."
        passage = document(1, before, "She denied that a guard had been asleep.")
        whole = Reading(passage, 0, 1, passage.span, 0.9, (Span(14, 22),))
        first, *rest = arrange("Who denied that a guard was asleep?", [whole])
        assert first.text == "She denied that a guard had been asleep."
        assert rest == []

    def test_a_denial_of_something_else_is_left_out(self) -> None:
        other = "The mayor denied that he had been bribed."
        passage = document(1, CLAIM, other)
        first, *_ = arrange("Had the bridge fallen?", readings((passage, "had fallen", 0.9)))
        assert first.beside == ()

    def test_another_document_must_say_what_it_denies(self) -> None:
        passage = document(1, CLAIM)
        vague = document(2, "The mayor denied the reports.")
        exact = document(3, "The mayor denied that the Orla bridge had fallen to the rebels.")
        read = readings((passage, "had fallen", 0.9))
        assert arrange("Had the bridge fallen?", read, passage, vague)[0].beside == ()
        beside = arrange("Had the bridge fallen?", read, passage, vague, exact)[0].beside
        assert told(beside) == [("disputed", exact.text)]

    def test_it_is_one_of_the_same_place(self) -> None:
        passage = document(1, CLAIM)
        other = document(2, "The mayor denied that the Temsa bridge had fallen to the rebels.")
        read = readings((passage, "had fallen", 0.9))
        assert arrange("Had the bridge fallen?", read, passage, other)[0].beside == ()


DIED = "How many people died in the Orla fire?"


def fire(number: int, count: str, day: int | None) -> Passage:
    published = date(2021, 7, day) if day else None
    return document(number, f"{count} people died in the Orla fire.", published=published)


class TestAnswers:
    def test_another_number_of_one_day_differs(self) -> None:
        one, other = fire(1, "Twelve", 3), fire(2, "17", 3)
        first, second = arrange(DIED, readings((one, "Twelve", 0.9), (other, "17", 0.8)))
        assert first.text == one.text
        assert told(first.beside) == [("differs", other.text)]
        assert second.text == other.text

    def test_another_number_of_another_day_was_earlier(self) -> None:
        old, new = fire(1, "Twelve", 3), fire(2, "17", 5)
        first, *_ = arrange(DIED, readings((old, "Twelve", 0.9), (new, "17", 0.8)))
        assert first.text == new.text
        assert told(first.beside) == [("earlier", old.text)]

    def test_the_same_number_is_one_answer(self) -> None:
        one, other, third = fire(1, "Twelve", 3), fire(2, "12", 4), fire(3, "A dozen", None)
        read = readings((one, "Twelve", 0.9), (other, "12", 0.8), (third, "A dozen", 0.7))
        (first,) = arrange(DIED, read)
        assert first.text == one.text
        assert [quote.text for quote in first.also] == [other.text, third.text]
        assert first.beside == ()

    def test_a_rounded_number_is_no_other_answer(self) -> None:
        one, other = fire(1, "About 100", 3), fire(2, "97", 3)
        read = readings((one, "About 100", 0.9), (other, "97", 0.8))
        assert [quote.beside for quote in arrange(DIED, read)] == [(), ()]

    def test_an_unlikely_answer_is_left_out(self) -> None:
        one, other = fire(1, "Twelve", 3), fire(2, "17", 3)
        first, *_ = arrange(DIED, readings((one, "Twelve", 0.9), (other, "17", 0.01)))
        assert first.beside == ()

    def test_another_name_differs_if_one_alone_can_be_right(self) -> None:
        one = document(1, "The Orla bridge was built by Ann Reed.")
        other = document(2, "Tom Marsh built the Orla bridge.")
        read = readings((one, "Ann Reed", 0.9), (other, "Tom Marsh", 0.8))
        beside = arrange("Who built the Orla bridge?", read)[0].beside
        assert told(beside) == [("differs", other.text)]
        assert arrange("Who crossed the Orla bridge?", read)[0].beside == ()

    def test_the_contrary_of_a_yes(self) -> None:
        one = document(1, "The Orla bridge is open.")
        other = document(2, "The Orla bridge is closed.")
        same = document(3, "The Orla bridge is not closed.")
        read = readings((one, "open", 0.9), (other, "closed", 0.8), (same, "not closed", 0.7))
        beside = arrange("Is the Orla bridge open?", read)[0].beside
        assert told(beside) == [("differs", other.text)]


def test_nothing_stands_beside_nothing() -> None:
    assert Sides("Who?", [], [], wording_of(ANALYZER)).arrange([], []) == ()
