"""Examples to train a reader on in other languages than English, and across languages."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from index.core.documents import Paragraph, Span
from index.models.multilingual import MultilingualE5
from index.text.sentences import split_sentences
from index.training.examples import Example, QuestionExamples
from tests.benchmarks.languages import SEED, SETS, is_held_out
from tests.support.translations import translations

NUMBER = re.compile(r"\d+")


class Language:
    """The questions of the half of a language that is learned from, but the held-out documents."""

    def __init__(self, folder: Path, language: str, embedder: MultilingualE5) -> None:
        self.kind = language
        self.passages = list(learned(folder, language))
        self.asked = [(one, at) for at, p in enumerate(self.passages) for one in p["questions"]]
        words = TfidfVectorizer(sublinear_tf=True, max_features=60_000)
        texts = [f"{p['title'] or ''} {p['text']}" for p in self.passages]
        asked = [one["question"] for one, _ in self.asked]
        matrix, questions = words.fit_transform(texts), words.transform(asked)
        vectors = np.array([embedder.embed_question(one) for one in asked])
        self.scores = (questions @ matrix.T).toarray()
        self.scores += vectors @ embedder.embed_passages(texts).T

    def __len__(self) -> int:
        return len(self.asked)

    def examples(self, at: int, rng: random.Random) -> QuestionExamples:
        """Return a question with its passage, others with its words, and a near miss."""
        return self.asked_as(self.asked[at][0]["question"], at, rng)

    def translated(self) -> list[tuple[str, int]]:
        """Return what is asked in another language, and the place of the question it stands for."""
        of = translations()
        return [
            (text, at)
            for at, (asked, _) in enumerate(self.asked)
            for text in of.get(asked["question"], {}).values()
        ]

    def asked_as(self, question: str, at: int, rng: random.Random) -> QuestionExamples:
        """Return the same in other words."""
        asked, own = self.asked[at]
        gold = [answer["text"].casefold() for answer in asked["answers"]]
        best = np.argsort(-self.scores[at])[:12].tolist()
        others = [
            place
            for place in best
            if place != own
            and not any(one in self.passages[place]["text"].casefold() for one in gold)
        ]
        answers = sorted({Span(a["start"], a["start"] + len(a["text"])) for a in asked["answers"]})
        positive = self._example(question, own, answers)
        near = near_miss(question, positive.text, rng) if answers else None
        return QuestionExamples(
            positive,
            tuple(self._example(question, place) for place in others if answers),
            (positive, self._example(near, own)) if near else (),
            self.kind,
        )

    def _example(self, question: str, at: int, answers: Sequence[Span] = ()) -> Example:
        title, text = self.passages[at]["title"] or "", self.passages[at]["text"]
        sentences = split_sentences(text, [Paragraph(Span(0, len(text)))], self.kind)
        spans = tuple(sentence.span for sentence in sentences)
        return Example(question, title[:60], text, spans, tuple(answers))


def learned(folder: Path, language: str) -> Iterator[dict[str, Any]]:
    for pattern in SETS[language]:
        for file in sorted(folder.glob(pattern)):
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                for passage in map(json.loads, lines):
                    subject = (passage["title"] or passage["text"]).split(":")[0]
                    is_measured = random.Random(f"{SEED} {subject}").random() >= 0.5
                    if not is_measured and not is_held_out(subject):
                        yield passage


def near_miss(question: str, passage: str, rng: random.Random) -> str | None:
    """Return the question with a number exchanged for one that the passage does not have."""
    found = [one for one in NUMBER.finditer(question) if one[0].isascii()]
    if not found:
        return None
    chosen = rng.choice(found)
    other = str(max(1, int(chosen[0]) + rng.choice([-9, -4, -3, -2, -1, 1, 2, 3, 4, 7])))
    if other in passage or other == chosen[0]:
        return None
    return question[: chosen.start()] + other + question[chosen.end() :]


class Across:
    """Questions in another language than their passages."""

    def __init__(
        self, english_ones: Sequence[QuestionExamples], languages: dict[str, Language]
    ) -> None:
        self._languages = languages
        self._asked: list[tuple[str, QuestionExamples | tuple[str, int]]] = [
            (text, of)
            for of in english_ones
            for text in translations().get(of.positive.question, {}).values()
        ]
        for name, language in languages.items():
            self._asked += [(text, (name, at)) for text, at in language.translated()]

    def __len__(self) -> int:
        return len(self._asked)

    def examples(self, at: int, rng: random.Random) -> QuestionExamples:
        """Return a question with its passage, others with its words, and a near miss."""
        text, of = self._asked[at]
        if not isinstance(of, QuestionExamples):
            language, place = of
            return self._languages[language].asked_as(text, place, rng)
        positive, *negatives = (replace(one, question=text) for one in (of.positive, *of.negatives))
        near = near_miss(text, positive.text, rng)
        return QuestionExamples(
            positive,
            tuple(negatives),
            (positive, replace(positive, question=near, answers=(), taught=())) if near else (),
            of.kind,
        )
