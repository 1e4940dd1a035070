"""Which sentences are quoted, how many, and which of them as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.answering.quoting import (
    choose,
    compose,
    leads_in,
    without_idle_rows,
    without_namesakes,
)
from index.core.answers import Hit
from index.core.documents import Document, Metadata, Passage, Sentence, Span
from index.reader import Reading, Retrieved
from index.text.terms import Analyzer
from tests.support.passages import make_passage

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


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Dear editor,", True),
        ("Beschlossen:", True),
        ("Estimada redacción:", True),
        ("السادة المحررون،", True),
        ("Décidé :", True),
        ("- Ann Lee writes it.", False),
        ("The harbour board said on Tuesday:", False),
        ("Ann Lee", False),
    ],
)
def test_a_line_that_only_opens_what_follows(text: str, leads: bool) -> None:
    made = make_passage(text)
    assert leads_in(Reading(made, 0, 0, made.span, 1.0)) is leads


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

    def test_an_unlikely_neighbour_does_not_join(self) -> None:
        whole = passage(0, 4)
        first, second = read(whole, 1, 2)
        likely, unlikely = replace(second, score=0.5), replace(second, score=0.04)
        assert quoted([first, likely], whole) == ["Two is here. Three is here."]
        assert quoted([first, unlikely], whole) == ["Two is here.", "Three is here."]

    def test_an_improbable_sentence_is_quoted_only_alone_or_if_asked_for(self) -> None:
        whole = passage(0, 4)
        first, other = (replace(reading, score=0.005) for reading in read(whole, 0, 4))
        found = [Retrieved(whole, Hit(0, 1))]
        assert choose([first, other], found).readings == [first]
        assert choose([first, other], found).further
        assert choose([first, other], found, min_score=0.0).readings == [first, other]

    def test_nothing_read_is_nothing_quoted(self) -> None:
        assert compose([], []) == ()


ROWS = "Tom | Photographer\nAnn | Editor\nIne | Photographer\nA photographer left."


def test_rows_that_have_less_of_the_question_than_the_best_are_left_out() -> None:
    spans = [Span(*at) for at in ((0, 18), (19, 31), (32, 50), (51, 71))]
    sentences = tuple(Sentence(span, at) for at, span in enumerate(spans, 1))
    of = Passage(1, DOCUMENT, ROWS, Span(0, len(ROWS)), "", sentences, 0)
    readings = [Reading(of, at, at, span, 0.9 - at / 10) for at, span in enumerate(spans)]

    def kept(question: str) -> list[str]:
        return [one.text for one in without_idle_rows(readings, question, Analyzer())]

    lines = ROWS.splitlines()
    assert kept("who is the photographer?") == [lines[0], lines[2], lines[3]]
    assert kept("who is it?") == lines
    assert without_idle_rows([], "who?", Analyzer()) == []


@pytest.mark.parametrize(
    ("other", "is_kept"),
    [
        ("Cedar College has 4,100.", False),
        ("Birch College has 2,300.", True),
        ("It has 2,300 of them.", True),
        ("Dr Birch has 2,300 books.", True),
        ("Anna Birch has 2,300 books.", False),
    ],
)
def test_another_of_the_kind_is_not_quoted_beside_what_is_asked_for(
    other: str, is_kept: bool
) -> None:
    readings = [alone(1, "Birch College has 2,300 students."), alone(2, other)]
    assert without_namesakes(readings, "How many attend Birch College?") == readings[: 1 + is_kept]
    assert without_namesakes(readings, "How many attend it?") == readings
    assert without_namesakes(readings[::-1], "How many attend it?") == readings[::-1]
    assert without_namesakes([], "How many attend Birch College?") == []


def alone(at: int, text: str) -> Reading:
    """Return a reading of the only sentence of a document."""
    span = Span(0, len(text))
    document = Document(at, "library", f"{at}.txt", Metadata(), "", len(text), 1)
    return Reading(
        Passage(at, document, text, span, "", (Sentence(span, 1),), 0), 0, 0, span, 1 - at / 10
    )
