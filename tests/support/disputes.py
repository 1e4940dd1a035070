"""Short documents that contradict each other, or only seem to, with the answers to expect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.core.answers import Answer
from index.core.scope import Scope
from index.library import Library
from tests.support import ROOT

CASES = ROOT / "tests" / "index" / "answering" / "sides" / "disputes.jsonl"
CONFLICTS = frozenset({"disputed", "differs"})


@dataclass(frozen=True, slots=True)
class Case:
    """A question to some documents.

    Attributes:
        part: "tuning", or "kept" for the cases that were looked at only in the end.
        documents: the day of publication, None for an unknown one, and the text of each.
        claim, other: words of the two sides; None in a trap, which has no other side.
    """

    number: int
    part: str
    kind: str
    question: str
    documents: Sequence[tuple[str | None, str]]
    claim: str | None
    other: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The sides that stood beside an answer: those that should, and those that should not."""

    case: Case
    right: int
    wrong: int


def read_cases(part: str | None = None) -> list[Case]:
    """Return the cases of a part, None for all."""
    return [case for case in _cases() if part in {None, case.part}]


def _cases() -> Iterator[Case]:
    for line in CASES.read_text("utf-8").splitlines():
        read = json.loads(line)
        documents = [(one["published"], one["text"]) for one in read["documents"]]
        yield Case(
            read["id"],
            read["part"],
            read["kind"],
            read["question"],
            documents,
            read["claim"],
            read["other"],
        )


def index_cases(library: Library, cases: Sequence[Case], folder: Path) -> None:
    """Index the documents of the cases in one collection."""
    for case in cases:
        for letter, (published, text) in zip("abcdef", case.documents, strict=False):
            head = f"---\ndate: {published}\n---\n\n" if published else ""
            (folder / f"{case.number}{letter}.md").write_text(f"{head}{text}\n", "utf-8")
    library.sync(folder)


def scopes_of(library: Library, cases: Sequence[Case]) -> dict[int, Scope]:
    """Return, by the number of a case, the scope that sees its documents alone."""
    ids = {document.path: document.id for document in library.documents()}
    return {
        case.number: Scope(
            documents=tuple(ids[f"{case.number}{at}.md"] for at in "abcdef"[: len(case.documents)])
        )
        for case in cases
    }


def judge(case: Case, answer: Answer) -> Judged:
    """Return how many sides of an answer are those of a case."""
    right = wrong = 0
    for quote in answer.quotes[:1]:
        for beside in quote.beside:
            if beside.side not in CONFLICTS:
                continue
            texts = (quote.text, beside.text)
            is_right = (
                case.claim
                and case.other
                and (
                    (case.claim in texts[0] and case.other in texts[1])
                    or (case.claim in texts[1] and case.other in texts[0])
                )
            )
            right += bool(is_right)
            wrong += not is_right
    return Judged(case, right, wrong)


@dataclass(frozen=True, slots=True)
class Rates:
    """The shares of marked sides that are right, and of the disputes that are marked; 0..1."""

    precision: float
    recall: float
    marked: int
    disputes: int


def rates(judged: Sequence[Judged]) -> Rates:
    right, wrong = sum(one.right for one in judged), sum(one.wrong for one in judged)
    disputes = [one for one in judged if one.case.other]
    found = sum(one.right > 0 for one in disputes)
    marked = right + wrong
    return Rates(right / (marked or 1), found / (len(disputes) or 1), marked, len(disputes))
