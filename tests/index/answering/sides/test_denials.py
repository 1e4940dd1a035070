"""What a sentence denies or doubts, and what only looks like a denial."""

from __future__ import annotations

import pytest

from index.answering.sides.denials import asks_for_denial, find_denial


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry denied the reports.",
        "He flatly denied it on Monday.",
        "Officials dismissed the rumours as nonsense.",
        "The board rejected those allegations.",
        "“There is no truth in that,” she said.",
        "Her lawyer called the story a complete fabrication.",
        "The announcement was false.",
        "The claim could not be independently verified.",
        "The report has not been confirmed.",
        "Analysts cast doubt on the figures.",
        "The army's account was disputed by two witnesses.",
    ],
)
def test_a_denial_of_what_stands_elsewhere(sentence: str) -> None:
    denial = find_denial(sentence)
    assert denial is not None
    assert denial.content.strip() == ""


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("The mayor denied that the school had closed.", "the school had closed."),
        ("It is not true that the bank failed, he said.", "the bank failed"),
        ("Reports that the king has died are untrue.", "the king has died"),
        ("The union disputes that pay rose.", "pay rose."),
        ("She denied selling the house and said so in court.", "selling the house"),
        ("They rejected claims that the lake is poisoned.", "the lake is poisoned."),
        ("Experts doubt whether the bridge is safe.", "whether the bridge is safe."),
    ],
)
def test_a_denial_with_what_is_denied(sentence: str, content: str) -> None:
    denial = find_denial(sentence)
    assert denial is not None
    assert denial.content.strip() == content


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry did not deny the reports.",
        "He has never denied it.",
        "She neither confirmed nor denied the claim.",
        "The office refused to deny the report.",
        "If the bank denied the reports, nobody would believe it.",
        "Had they denied it, the case would be closed.",
        "He is expected to deny the allegations.",
        "They could have denied the claim.",
        "Did the company deny the report?",
        "Reporters were denied access to the site.",
        "The judge denied him bail.",
        "Parliament rejected the bill.",
        "The club rejected an offer of two million.",
        "They live on the disputed islands.",
        "A shop sold false teeth.",
        "The road is long.",
    ],
)
def test_what_is_no_denial(sentence: str) -> None:
    assert find_denial(sentence) is None


def test_several_reports_are_meant_by_a_plural() -> None:
    one, several = find_denial("He denied the report."), find_denial("He denied the reports.")
    assert one is not None
    assert several is not None
    assert (one.is_plural, several.is_plural) == (False, True)


@pytest.mark.parametrize(
    "question", ["Who denied it?", "did anybody dispute this", "was it denied"]
)
def test_questions_for_a_denial(question: str) -> None:
    assert asks_for_denial(question)
    assert not asks_for_denial("Who said so?")
