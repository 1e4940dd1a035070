"""Training examples from questions with known answers.

A question is paired with a passage that answers it and with passages that search finds instead,
because the reader has to tell these apart; and the passage with a near miss of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from index.core.documents import Passage, Progress, Span
from index.core.scope import Scope
from index.evaluation.near_misses import NearMisses
from index.evaluation.questions import DEFAULT_KIND, Gold, GoldQuestion, passages_holding
from index.library import Library
from index.reader import Question
from index.reader.spans import header_of

_RETRIEVED = 10
# If search ranks the answer lower, the question may be so vague that other passages answer it too.
_CLEAR_RANK = 3
# So that documents without a title are read as well as those with one.
_HEADERS_LEFT_OUT = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage. All spans are in `text`'s own code points."""

    question: str
    header: str
    text: str
    sentences: tuple[Span, ...]
    answers: tuple[Span, ...]  # empty for a passage that does not answer
    taught: tuple[float, ...] = ()  # the teacher's probability that each sentence answers, 0..1


@dataclass(frozen=True, slots=True)
class QuestionExamples:
    """A passage that answers a question, retrieved ones that do not, and near misses.

    `near` has the passage with the question that a near miss was made from, which it answers, then
    with the near miss; empty without one.
    """

    positive: Example
    negatives: tuple[Example, ...]
    near: tuple[Example, ...] = ()
    kind: str = DEFAULT_KIND  # of the question


def collect(
    library: Library,
    questions: Sequence[GoldQuestion],
    collections: Sequence[str],
    progress: Progress | None = None,
    seed: int = 0,
) -> list[QuestionExamples]:
    """Return the examples of each question whose answer lies whole in a passage."""
    rng = np.random.default_rng(seed)
    near_misses = NearMisses(library, questions, collections)
    of_documents = library.store.passages.spans(collections)
    vectors = library.embedder.embed_passages([question.text for question in questions])
    collected = []
    for done, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        if progress is not None:
            progress(done + 1, len(questions))
        holding = passages_holding(question.answers, of_documents)
        if not holding:
            continue
        asked = Question(question.text, vector)
        retrieved = library.retrieve(asked, Scope(tuple(collections)), _RETRIEVED)
        found = [item.passage for item in retrieved]
        rank = next((at for at, passage in enumerate(found) if passage.id in holding), None)
        positive = library.store.passages.read([min(holding)])[0] if rank is None else found[rank]
        clear = rank is not None and rank < _CLEAR_RANK
        others = [passage for passage in found if clear and passage.id not in holding]
        near = near_misses.of(question, rng, [positive, *found])
        collected.append(
            QuestionExamples(
                _example(question.text, positive, question.answers),
                tuple(
                    _example(question.text, passage, ())
                    for passage in others
                    if not _mentions(passage, question.answers)
                ),
                (
                    _example(near.base, positive, question.answers),
                    _example(near.text, positive, ()),
                )
                if near
                else (),
                question.kind,
            )
        )
    return collected


def sample_epoch(
    collected: Sequence[QuestionExamples],
    rng: np.random.Generator,
    *,
    negatives: float,
    near_misses: float,
    silences: float,
    crops: float,
) -> Iterator[Example]:
    """Yield the examples of one pass over the questions, in random order.

    Args:
        collected: the examples of all questions.
        rng: the only source of chance.
        negatives: the share of questions with an additional passage that does not answer, 0..1.
        near_misses: the share of questions, of those that have one, with their near miss, 0..1.
        silences: the share of questions with the rest of the passage, without the sentence that
            answers, 0..1: it is on the subject, but silent.
        crops: the share of examples cut to a few successive sentences, 0..1. Short examples train
            quickly, and teach that a passage's length has no meaning.
    """
    for at in rng.permutation(len(collected)):
        of_question = collected[at]
        chosen = [of_question.positive]
        if of_question.negatives and rng.random() < negatives:
            # The first are the best hits, thus the hardest; they are drawn more often.
            ranks = np.arange(1, len(of_question.negatives) + 1)
            chances = 1 / ranks / (1 / ranks).sum()
            drawn = rng.choice(len(of_question.negatives), p=chances)
            chosen.append(of_question.negatives[drawn])
        if of_question.near and rng.random() < near_misses:
            base, near = of_question.near
            chosen = [base if base.question != chosen[0].question else chosen[0], *chosen[1:], near]
        if rng.random() < silences and (rest := without_answer(of_question.positive)):
            chosen.append(rest)
        for example in chosen:
            shown = crop(example, rng) if rng.random() < crops else example
            # The title may hold the anchor that makes a near miss one.
            bare = rng.random() < _HEADERS_LEFT_OUT and example not in of_question.near
            yield replace(shown, header="") if bare else shown


def crop(example: Example, rng: np.random.Generator) -> Example:
    """Return a few successive sentences of an example, with an answer if it has one."""
    count = len(example.sentences)
    if count < 3:
        return example
    length = int(rng.integers(2, count))
    answering = [
        at
        for at, sentence in enumerate(example.sentences)
        if any(sentence.covers(answer) for answer in example.answers)
    ]
    if example.answers and not answering:
        return example
    low, high = 0, count - length
    if answering:
        kept = answering[int(rng.integers(len(answering)))]
        low, high = max(low, kept - length + 1), min(high, kept)
    first = int(rng.integers(low, high + 1))
    return _window(example, first, length)


def without_answer(example: Example) -> Example | None:
    """Return the longest run of sentences of an example without an answer, None if it has none."""
    ends = [
        at
        for at, sentence in enumerate(example.sentences)
        if any(sentence.overlaps(answer) for answer in example.answers)
    ]
    runs = pairwise([-1, *ends, len(example.sentences)])
    length, first = max((end - start - 1, start + 1) for start, end in runs)
    return _window(example, first, length) if length else None


def _window(example: Example, first: int, length: int) -> Example:
    sentences = example.sentences[first : first + length]
    window = Span(sentences[0].start, sentences[-1].end)
    return replace(
        example,
        text=window.cut(example.text),
        sentences=tuple(_shift(sentence, -window.start) for sentence in sentences),
        answers=tuple(
            _shift(answer, -window.start) for answer in example.answers if window.covers(answer)
        ),
        taught=example.taught[first : first + length],
    )


def _example(question: str, passage: Passage, answers: Sequence[Gold]) -> Example:
    start = passage.span.start
    return Example(
        question=question,
        header=header_of(passage),
        text=passage.text,
        sentences=tuple(_shift(sentence.span, -start) for sentence in passage.sentences),
        answers=tuple(
            _shift(gold.span, -start)
            for gold in answers
            if gold.document == passage.document.path and passage.span.covers(gold.span)
        ),
    )


def _mentions(passage: Passage, answers: Sequence[Gold]) -> bool:
    """Whether a passage has the words of an answer, and so may answer, too."""
    text = passage.text.casefold()
    return any(gold.text.casefold() in text for gold in answers)


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
