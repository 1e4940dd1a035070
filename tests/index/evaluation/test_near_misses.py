"""Questions about another year, number or name, that the documents do not answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.core.documents import Span
from index.evaluation.near_misses import NearMisses, near_misses
from index.evaluation.questions import Gold, GoldQuestion
from index.text.anchors import find_anchors
from tests.support.folders import Shelf

TEXT = (
    "Races\n\nAnn Lee won the Oslo race in 2018. Bob Ray won the Rome race in 2015. "
    "The fourth runner, Carl May, needed 40 minutes. The last needed 55 minutes."
)
COPIES = "Dogs\n\nIn 1990 the vet Dora Hill of Lyon saw 30 dogs. She saw the second one again."


DOGS = GoldQuestion("Who saw dogs?", (Gold("dogs.txt", Span(18, 27), "Dora Hill"),))


def gold(question: str, answer: str) -> GoldQuestion:
    start = TEXT.index(answer)
    found = Gold("races.txt", Span(start, start + len(answer)), answer)
    return GoldQuestion(question, (found,), kind="sport")


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.write("races.txt", TEXT)
    shelf.write("dogs.txt", COPIES)
    shelf.sync()
    return shelf


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("Who won the Oslo race in 2018?", "Ann Lee", None),
        ("Which runner needed 40 minutes?", "Carl May", "number"),
        ("Who was the fourth runner?", "Carl May", "ordinal"),
        ("what did carl may need", "40 minutes", "name"),
    ],
)
def test_one_anchor_is_exchanged_for_another_of_its_kind(
    filled: Shelf, question: str, answer: str, kind: str | None
) -> None:
    asked = gold(question, answer)
    made = NearMisses(filled.open(), [asked, DOGS], ["library"])
    exchanges = [made.of(asked, np.random.default_rng(seed)) for seed in range(8)]
    for exchange in filter(None, exchanges):
        assert exchange.text == exchange.base.replace(exchange.old, exchange.new, 1)
        assert exchange.text != exchange.base
        assert exchange.old not in exchange.new
        assert kind is None or exchange.kind == kind or exchange.kind == "year"
    assert kind is None or any(exchange and exchange.kind == kind for exchange in exchanges)


def test_no_near_miss_is_answered_by_a_sentence(filled: Shelf) -> None:
    asked = gold("Who won the race in 2018?", "Ann Lee")
    made = NearMisses(filled.open(), [asked], ["library"])
    exchanges = [made.of(asked, np.random.default_rng(seed)) for seed in range(40)]
    assert any(exchanges)
    assert all("2015" not in exchange.text for exchange in exchanges if exchange)


def test_a_question_may_first_be_asked_about_the_year_of_its_sentence(filled: Shelf) -> None:
    asked = gold("who won there?", "Ann Lee")
    exchange = NearMisses(filled.open(), [asked], ["library"]).of(asked, np.random.default_rng(0))
    assert exchange is not None
    assert exchange.base == "who won there in 2018?"
    assert [anchor.kind for anchor in find_anchors(exchange.text)] == ["year"]
    timed = replace(asked, text="when was there a race?")
    assert (
        NearMisses(filled.open(), [timed], ["library"]).of(timed, np.random.default_rng(0)) is None
    )


def test_they_are_questions_without_answers_and_repeatable(filled: Shelf) -> None:
    questions = [
        gold("Who won the Oslo race in 2018?", "Ann Lee"),
        gold("Which runner needed 40 minutes?", "Carl May"),
        GoldQuestion("Who sings?", ()),
    ]
    made = list(near_misses(filled.open(), questions, ["library"], seed=3))
    assert made == list(near_misses(filled.open(), questions, ["library"], seed=3))
    assert made
    assert {(q.answers, q.silence, q.kind) for q in made} == {((), "near_miss", "sport")}
