"""The mark of a quotation is that of its worst part."""

from __future__ import annotations

import pytest

from index.answering.draft_check import MAX_QUOTATIONS, Mark, check_quotation
from index.answering.quote_check import Finding, Verdict
from index.core.documents import Span
from index.core.errors import QuestionError
from index.text.quotations import Quotation

GIVEN = Quotation(Span(0, 4), "a b,")


@pytest.mark.parametrize(
    ("verdicts", "mark"),
    [
        ([Verdict.EXACT], Mark.EXACT),
        ([Verdict.EXACT, Verdict.TYPOGRAPHY], Mark.EXACT),
        ([Verdict.ALTERED, Verdict.EXACT], Mark.ALTERED),
        ([Verdict.ALTERED, Verdict.NOT_FOUND], Mark.NOT_FOUND),
    ],
)
def test_marks(verdicts: list[Verdict], mark: Mark) -> None:
    asked: list[str] = []

    def check(text: str) -> tuple[Finding, ...]:
        asked.append(text)
        return tuple(Finding(text, verdict) for verdict in verdicts)

    assert check_quotation(GIVEN, check).mark is mark
    assert asked == ["a b"]
    assert MAX_QUOTATIONS > 1


def test_one_that_cannot_be_checked_says_why() -> None:
    def refuse(text: str) -> tuple[Finding, ...]:
        raise QuestionError("too long")

    checked = check_quotation(GIVEN, refuse)
    assert (checked.mark, checked.problem) == (Mark.UNCHECKED, "too long")
