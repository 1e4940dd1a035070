"""A question is asked as the documents answer it, and as they keep silent."""

from __future__ import annotations

import numpy as np
import pytest

from index.evaluation.cases import Observation, balance, cases_of, observe
from index.evaluation.questions import GoldQuestion, Sort
from tests.support.corpus import fill
from tests.support.folders import Shelf

LIBRARY = ["library"]


def test_a_question_is_asked_with_its_answer_without_it_and_without_the_document(
    shelf: Shelf,
) -> None:
    questions = fill(shelf)
    shelf.sync()
    asked = [*questions[:3], GoldQuestion("Who flies to the moon?", ())]
    cases = list(cases_of(shelf.open(), asked, LIBRARY))
    sorts = ["answerable", "silent", "absent"]
    assert [case.sort for case in cases] == sorts * 3 + ["absent"]
    for case in cases[:9]:
        (answer,) = case.answers
        holding = [
            item
            for item in case.retrieved
            if item.passage.document.path == answer.document
            and item.passage.span.overlaps(answer.span)
        ]
        assert bool(holding) == (case.sort == "answerable")
        if case.sort == "absent":
            paths = [item.passage.document.path for item in case.retrieved]
            assert answer.document not in paths
        assert max(item.hit.lexical for item in case.retrieved) == pytest.approx(1)


def test_a_line_without_answers_is_one_case_of_its_sort(shelf: Shelf) -> None:
    fill(shelf, 2)
    shelf.sync()
    library = shelf.open()
    asked = [
        GoldQuestion("Who flies to the moon?", (), "news", "near_miss"),
        GoldQuestion("Which moon?", (), "news", "silent"),
        GoldQuestion("Why?", ()),
    ]
    observed = observe(library.reader, list(cases_of(library, asked, LIBRARY)))
    assert [(o.kind, o.sort, o.right) for o in observed] == [
        ("news", "near_miss", False),
        ("news", "silent", False),
        ("all", "absent", False),
    ]


def test_kinds_weigh_the_same_and_sorts_of_silence_share_the_weight_of_answers() -> None:
    sorts: list[Sort] = ["answerable", "silent", "silent", "silent", "near_miss"]
    observed = [Observation(np.zeros(1), False, sort, kind="news") for sort in sorts]
    mail: list[Sort] = ["answerable", "absent"]
    observed += [Observation(np.zeros(1), False, sort, kind="mail") for sort in mail]
    weights = balance(observed)
    answerable, *silent, near_miss = weights[:5]
    assert sum(silent) == pytest.approx(near_miss)
    assert answerable == pytest.approx(sum(silent) + near_miss)
    assert weights[5:] == pytest.approx([answerable, answerable])
