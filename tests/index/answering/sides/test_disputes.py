"""Disputes are marked with the models that ship, and what only looks like one is not.

A part of the cases; `python -m tests.benchmarks.disputes` measures all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from index.core.settings import IndexSettings
from index.library import Library
from tests.support.disputes import Case, index_cases, judge, rates, read_cases, scopes_of

A_PART = 5
MIN_PRECISION, MIN_RECALL = 0.9, 0.5


def test_half_of_the_cases_are_traps() -> None:
    cases = read_cases()
    assert len(cases) >= 120
    assert 2 * sum(case.other is None for case in cases) >= len(cases)
    assert {case.part for case in cases} == {"tuning", "kept"}


@pytest.mark.slow
def test_precision_and_recall(tmp_path: Path) -> None:
    cases: list[Case] = read_cases()[::A_PART]
    folder = tmp_path / "cases"
    folder.mkdir()
    library = Library(IndexSettings(data=tmp_path / "data"))
    index_cases(library, cases, folder)
    scopes = scopes_of(library, cases)
    answers = [library.ask(case.question, scopes[case.number]) for case in cases]
    library.close()
    found = rates([judge(*pair) for pair in zip(cases, answers, strict=True)])
    assert found.disputes >= 10
    assert found.precision >= MIN_PRECISION
    assert found.recall >= MIN_RECALL
