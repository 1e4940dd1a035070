"""Passages and examples without an index, for readers to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.core.answers import Hit
from index.core.documents import Document, Metadata, Passage, Sentence, Span
from index.reader import Question, Retrieved
from index.reader.spans import Unit


def make_passage(
    *sentences: str,
    title: str | None = None,
    heading: str = "",
    at: int = 0,
    first: int = 0,
    document: int = 1,
    paragraphs: Sequence[int] | None = None,
) -> Passage:
    """Sentences joined by spaces, as they stand `at` characters into a document."""
    text = " ".join(sentences)
    found, start = [], at
    for ordinal, sentence in enumerate(sentences):
        paragraph = paragraphs[ordinal] if paragraphs else 1
        found.append(Sentence(Span(start, start + len(sentence)), paragraph))
        start += len(sentence) + 1
    return Passage(
        id=document * 1000 + first,
        document=Document(
            id=document,
            collection="library",
            path=f"{document}.txt",
            metadata=Metadata(title=title),
            sha256="",
            characters=at + len(text),
            passages=1,
        ),
        text=text,
        span=Span(at, at + len(text)),
        heading=heading,
        sentences=tuple(found),
        first=first,
    )


def retrieved(passage: Passage, score: float = 0.5) -> Retrieved:
    return Retrieved(passage, Hit(passage.id, score, score, score))


def question(text: str) -> Question:
    return Question(text, np.array([1.0, 0.0], np.float32))


@dataclass
class ScriptedModel:
    """A reading model that says what it is told to: evidence by sentence."""

    evidence: Callable[[str], float]
    answers: dict[str, Span] = field(default_factory=dict)

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[Unit]]:
        return [
            [
                Unit(at, at, self.evidence(text), answer=self.answers.get(text))
                for at, sentence in enumerate(passage.sentences)
                for text in [passage.cut(sentence.span)]
            ]
            for passage in passages
        ]
