"""A small town of documents with questions that they answer, enough to learn and to fit from."""

from __future__ import annotations

import json
from pathlib import Path

from index.core.documents import Span
from index.evaluation.questions import Gold, GoldQuestion
from tests.support.folders import Shelf

PEOPLE = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "Jana", "Kim", "Lea")
TRADES = ("baker", "tailor", "potter", "glazier", "farmer", "miller", "weaver", "cooper")


def fill(shelf: Shelf, people: int = len(PEOPLE)) -> list[GoldQuestion]:
    """Write a document for each of some people, and return two questions about each."""
    questions = []
    for at, name in enumerate(PEOPLE[:people]):
        trade = TRADES[at % len(TRADES)]
        sentences = [
            f"{name} lives in house number {at + 10} of the old street.",
            f"For many years {name} has worked as the {trade} of the town.",
            "The street is quiet in winter and loud in summer.",
        ]
        text = " ".join(sentences)
        path = f"{name.lower()}.txt"
        shelf.write(path, text)
        for asked, answer in (
            (f"In which house does {name} live?", f"number {at + 10}"),
            (f"What has {name} worked as?", trade),
        ):
            start = text.index(answer)
            span = Span(start, start + len(answer))
            questions.append(GoldQuestion(asked, (Gold(path, span, answer),)))
    return questions


def write_questions(file: Path, questions: list[GoldQuestion]) -> Path:
    """Write questions as `eval` and `reader train` read them."""
    lines = [
        {
            "question": question.text,
            "answers": [
                {"document": gold.document, "start": gold.span.start, "text": gold.text}
                for gold in question.answers
            ],
            "kind": question.kind,
            "silence": None if question.answers else question.silence,
        }
        for question in questions
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file
