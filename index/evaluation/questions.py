"""The questions file of `eval`: JSON lines with gold answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, NonNegativeInt, StringConstraints, ValidationError, model_validator

from index.core.answers import Quote
from index.core.documents import Span
from index.core.errors import QuestionsFileError

Silence = Literal["silent", "absent", "near_miss"]
"""How the documents do not answer: on the subject but silent on the point, not on the subject, or
about something else of the kind asked for."""

Sort = Literal["answerable"] | Silence

DEFAULT_KIND = "all"


class _GoldLine(BaseModel):
    document: str
    start: NonNegativeInt
    text: str


class _QuestionLine(BaseModel):
    question: str
    answers: list[_GoldLine]
    kind: Annotated[str, StringConstraints(min_length=1)] = DEFAULT_KIND
    silence: Silence | None = None

    @model_validator(mode="after")
    def _check(self) -> _QuestionLine:
        if self.answers and self.silence:
            raise ValueError("silence is of lines without answers")
        return self


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
    kind: str = DEFAULT_KIND  # such as the source or the form of questions: measured by itself
    silence: Silence = "absent"  # without answers; with them it has no meaning


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


def read_questions(
    path: Path, fail: Callable[[QuestionsFileError], None] | None = None
) -> list[GoldQuestion]:
    """Return the questions of a file, - for standard input; blank lines are ignored.

    `fail` gets the error of each line that is no text, and the others are returned.

    Raises:
        QuestionsFileError: the file cannot be read, a line does not fit the format, or is no text
            and there is no `fail`.
    """
    try:
        lines = (sys.stdin.buffer.read() if path == Path("-") else path.read_bytes()).split(b"\n")
    except OSError as error:
        raise QuestionsFileError(f"{path}: cannot be read: {error.strerror}") from error
    questions = []
    for number, line in enumerate(lines, 1):
        try:
            if text := line.decode().strip():
                questions.append(_read(path, number, text))
        except UnicodeDecodeError as error:
            reason = f"{path}, line {number}: no text in UTF-8; save it in that encoding"
            if fail is None:
                raise QuestionsFileError(reason) from error
            fail(QuestionsFileError(reason))
    return questions


def _read(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        parsed = _QuestionLine.model_validate(json.loads(line))
    except (json.JSONDecodeError, ValidationError) as error:
        raise QuestionsFileError(
            f"{path}, line {number}: {_fault(error)}; a line is "
            '{"question": str, "answers": [{"document": str, "start": int, "text": str}]}, with '
            '"kind": str and, without answers, "silence": "silent", "absent" or "near_miss" if '
            "you like"
        ) from error
    return GoldQuestion(
        parsed.question,
        tuple(
            Gold(answer.document, Span(answer.start, answer.start + len(answer.text)), answer.text)
            for answer in parsed.answers
        ),
        parsed.kind,
        parsed.silence or "absent",
    )


def _fault(error: json.JSONDecodeError | ValidationError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
