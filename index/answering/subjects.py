"""Finds the documents on a subject, whether or not they answer a question about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.answerer import MIN_SUBJECT_COSINE, Answerer, read_hits
from index.core.documents import Document
from index.core.scope import Scope
from index.reader import Retrieved
from index.text.terms import Analyzer

MAX_PASSAGES = 100
"""Searched for the documents on one subject."""


@dataclass(frozen=True, slots=True)
class OnSubject:
    """The documents on a subject, best first.

    Attributes:
        subject: with misspelt words put right.
        are_naming: they have all words of the subject; else they are only close in meaning.
    """

    subject: str
    documents: tuple[Document, ...]
    are_naming: bool


def find_on_subject(answerer: Answerer, subject: str, scope: Scope) -> OnSubject:
    """Return the documents that have the words of a subject, else those close in meaning.

    If none has them as they are written, they are tried with misspelt words put right.
    """

    def search(text: str) -> list[Retrieved]:
        vector = answerer.understand(text, scope).vector
        hits = answerer.retriever.search(text, vector, scope, MAX_PASSAGES)
        return read_hits(answerer.passages, hits)

    retrieved, speller = search(subject), answerer.speller
    literal = _choose(subject, retrieved, speller.analyzer)
    if literal.are_naming:
        return literal
    if (meant := speller.understand(subject).text) != subject:
        respelt = _choose(meant, search(meant), speller.analyzer)
        if respelt.are_naming:
            return respelt
    return literal


def _choose(subject: str, retrieved: Sequence[Retrieved], analyzer: Analyzer) -> OnSubject:
    wanted = analyzer.content_forms(subject)
    terms: dict[int, set[str]] = defaultdict(set)
    documents: dict[int, Document] = {}
    near: set[int] = set()
    for passage, hit in ((item.passage, item.hit) for item in retrieved):
        documents.setdefault(passage.document.id, passage.document)
        published = passage.document.metadata.published
        words = f"{passage.title or ''} {passage.heading} {published or ''} {passage.text}"
        language = passage.document.metadata.language
        terms[passage.document.id].update(analyzer.terms(words, language))
        if hit.cosine >= MIN_SUBJECT_COSINE:
            near.add(passage.document.id)
    naming = tuple(
        found
        for at, found in documents.items()
        if all(terms[at].intersection(word) for word in wanted)
    )
    closest = tuple(found for at, found in documents.items() if at in near)
    return OnSubject(subject, naming or closest, bool(naming))
