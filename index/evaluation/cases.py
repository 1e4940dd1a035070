"""Cases to read: each question as the documents answer it, and as they keep silent.

A question that the documents answer makes three cases: with all passages; without those that
answer, so that the documents are on the subject but silent on the point; and without the documents
that answer, as if they were not indexed. One that they do not answer makes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.answering.answerer import READ_PASSAGES
from index.answering.quoting import compose
from index.core.answers import Quote
from index.core.documents import Passage, Progress, Step
from index.core.scope import Scope
from index.evaluation.near_misses import near_misses
from index.evaluation.questions import DEFAULT_KIND, Gold, GoldQuestion, Sort, is_quoted
from index.library import Library
from index.reader import Question, Reader, ReadPassages, Retrieved
from index.reader.calibration import Evidence
from index.search.retriever import renormalize
from index.text.question import as_question

_DEPTH = 48


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages to answer it from."""

    question: Question
    answers: tuple[Gold, ...]
    retrieved: Sequence[Retrieved]
    sort: Sort
    kind: str = DEFAULT_KIND  # of the question


@dataclass(frozen=True, slots=True)
class Observation:
    """A reader's evidence and quotes for a case, and whether the first quote answers."""

    evidence: Evidence
    right: bool
    sort: Sort
    quotes: tuple[Quote, ...] = ()
    answers: tuple[Gold, ...] = ()
    kind: str = DEFAULT_KIND


def cases_of(
    library: Library,
    questions: Sequence[GoldQuestion],
    collections: Sequence[str],
    progress: Progress | None = None,
) -> Iterator[Case]:
    """Yield the cases of each question, in the order answerable, silent, absent.

    A question without answers makes one case, of the sort that its line names.
    """
    for done, gold in enumerate(questions, start=1):
        text = as_question(gold.text)
        scope = Scope(tuple(collections))
        question = library.question(text, scope)
        found = library.retrieve(question, scope, _DEPTH)
        if gold.answers:
            documents = {answer.document for answer in gold.answers}
            silent = [item for item in found if not _answers(item.passage, gold.answers)]
            absent = [item for item in found if item.passage.document.path not in documents]
            yield Case(question, gold.answers, found[:READ_PASSAGES], "answerable", gold.kind)
            yield Case(question, gold.answers, _best_of(silent), "silent", gold.kind)
            yield Case(question, gold.answers, _best_of(absent), "absent", gold.kind)
        else:
            yield Case(question, (), found[:READ_PASSAGES], gold.silence, gold.kind)
        if progress is not None:
            progress(done, len(questions))


def every_case(
    library: Library, questions: Sequence[GoldQuestion], collections: Sequence[str], step: Step
) -> list[Case]:
    """Return the cases of questions and of the near misses that can be made of them."""
    making = step("Making near misses")
    near = list(near_misses(library, questions, collections, progress=making))
    return list(cases_of(library, [*questions, *near], collections, step("Searching")))


def observe(
    reader: Reader, cases: Sequence[Case], progress: Progress | None = None
) -> list[Observation]:
    """Return an observation of each case; without passages it has no quotes."""
    observed = []
    for done, case in enumerate(cases, start=1):
        observed.append(observation_of(case, reader.read(case.question, case.retrieved)))
        if progress is not None:
            progress(done, len(cases))
    return observed


def observation_of(case: Case, read: ReadPassages) -> Observation:
    quotes = compose(read.readings, case.retrieved)
    right = is_quoted(case.answers, quotes, 1)
    return Observation(read.evidence, right, case.sort, quotes, case.answers, case.kind)


def balance(observed: Sequence[Observation]) -> list[float]:
    """Return weights of observations.

    Kinds of questions have the same total weight. Within a kind, so have answerable and
    unanswerable cases, and so have the sorts of silence.
    """
    counts = Counter((o.kind, o.sort) for o in observed)
    silences = Counter(kind for kind, sort in counts if sort != "answerable")
    kinds = len({kind for kind, _ in counts})
    return [
        len(observed)
        / (2 * kinds * counts[o.kind, o.sort])
        / (1 if o.sort == "answerable" else silences[o.kind])
        for o in observed
    ]


def _best_of(found: Sequence[Retrieved]) -> list[Retrieved]:
    """The passages to read if search had found only these."""
    passages = {item.passage.id: item.passage for item in found}
    hits = renormalize([item.hit for item in found])[:READ_PASSAGES]
    return [Retrieved(passages[hit.passage_id], hit) for hit in hits]


def _answers(passage: Passage, answers: Sequence[Gold]) -> bool:
    """Whether a sentence of a passage overlaps an answer."""
    return any(
        answer.document == passage.document.path
        and any(sentence.span.overlaps(answer.span) for sentence in passage.sentences)
        for answer in answers
    )
