"""Checks every quotation of a draft against the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.answering.quote_check import Finding, Verdict
from index.core.errors import QuestionError
from index.text.quotations import Quotation

MAX_QUOTATIONS = 200
_WORST_FIRST = (Verdict.NOT_FOUND, Verdict.ALTERED, Verdict.TYPOGRAPHY, Verdict.EXACT)
_OPEN_ENDS = ",;:"
"""What a sentence around a quotation may put before its last mark."""


class Mark(StrEnum):
    """The result for a whole quotation."""

    EXACT = "exact"  # also but for typography
    ALTERED = "altered"
    NOT_FOUND = "not found"
    UNCHECKED = "unchecked"


_MARKS = {
    Verdict.EXACT: Mark.EXACT,
    Verdict.TYPOGRAPHY: Mark.EXACT,
    Verdict.ALTERED: Mark.ALTERED,
    Verdict.NOT_FOUND: Mark.NOT_FOUND,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation with the findings on it, or the reason why it was not checked."""

    quotation: Quotation
    findings: tuple[Finding, ...] = ()
    problem: str = ""

    @property
    def mark(self) -> Mark:
        """That of its worst part."""
        verdicts = {finding.verdict for finding in self.findings}
        worst = next((one for one in _WORST_FIRST if one in verdicts), None)
        return Mark.UNCHECKED if worst is None else _MARKS[worst]


def check_quotations(
    quotations: Sequence[Quotation], check: Callable[[str], tuple[Finding, ...]]
) -> Iterator[Checked]:
    """Yield the findings on each quotation, in order; those beyond MAX_QUOTATIONS are left out."""
    for quotation in quotations[:MAX_QUOTATIONS]:
        yield check_quotation(quotation, check)


def check_quotation(quotation: Quotation, check: Callable[[str], tuple[Finding, ...]]) -> Checked:
    try:
        return Checked(quotation, check(quotation.text.strip().rstrip(_OPEN_ENDS)))
    except QuestionError as error:
        return Checked(quotation, problem=str(error))
