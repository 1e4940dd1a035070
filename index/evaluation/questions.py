"""The questions file of `eval`: JSON lines with gold answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, NonNegativeInt, ValidationError

from index.core.answers import Quote
from index.core.documents import Span
from index.core.errors import QuestionsFileError


class _GoldLine(BaseModel):
    document: str
    start: NonNegativeInt
    text: str


class _QuestionLine(BaseModel):
    question: str
    answers: list[_GoldLine]


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated answer: characters of a document."""

    document: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its answers; without any, the corpus does not answer it."""

    text: str
    answers: tuple[Gold, ...]


def is_covered(answers: Sequence[Gold], document: str, span: Span) -> bool:
    """Whether a span of a document covers one of the answers."""
    return any(gold.document == document and span.covers(gold.span) for gold in answers)


def is_quoted(answers: Sequence[Gold], quotes: Sequence[Quote], k: int) -> bool:
    """Whether one of the first `k` quotes covers one of the answers."""
    return any(is_covered(answers, quote.document.path, quote.span) for quote in quotes[:k])


def passages_holding(
    answers: Sequence[Gold], of_documents: Mapping[str, Sequence[tuple[int, Span]]]
) -> frozenset[int]:
    """Return the ids of the passages that cover an answer.

    `of_documents` has the id and span of every passage, by the path of its document.
    """
    return frozenset(
        passage_id
        for gold in answers
        for passage_id, span in of_documents.get(gold.document, ())
        if span.covers(gold.span)
    )


def read_questions(path: Path) -> list[GoldQuestion]:
    """Return the questions of a file; blank lines are ignored.

    Raises:
        QuestionsFileError: the file cannot be read, or a line does not fit the format.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsFileError(f"{path}: cannot be read: {error}") from error
    return [_read(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _read(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        parsed = _QuestionLine.model_validate(json.loads(line))
    except (json.JSONDecodeError, ValidationError) as error:
        what = str(error).splitlines()[0]
        raise QuestionsFileError(
            f"{path}, line {number}: {what}; a line is "
            '{"question": str, "answers": [{"document": str, "start": int, "text": str}]}'
        ) from error
    return GoldQuestion(
        parsed.question,
        tuple(
            Gold(answer.document, Span(answer.start, answer.start + len(answer.text)), answer.text)
            for answer in parsed.answers
        ),
    )
