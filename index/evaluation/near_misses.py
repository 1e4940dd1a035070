"""Near misses: questions about something else of the kind asked for, made by rule.

"Who won the race in 2019?" becomes "Who won the race in 2017?". An anchor of a question that the
documents answer is exchanged for another of its kind, and the question is kept if no sentence that
search finds speaks of both the new anchor and the rest. A question without a time whose answer
stands in a sentence with one year may first be asked about that year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.core.documents import Passage, Progress, Span
from index.core.scope import Scope
from index.evaluation.questions import GoldQuestion
from index.library import Library
from index.text.anchors import Anchor, AnchorKind, Mentions, find_anchors
from index.text.question import as_question

_RETRIEVED = 10
# A sentence with the new anchor and this share of the question's other words may answer it.
_MAX_SHARE = 0.5
_TRIES = 4
_MAX_NAMES = 5_000
_MIN_NAME_CHARS = 4
_NEAREST_NAMES = 30
# Cosine above which two names may mean one thing.
_SAME_NAME = 0.8
_MAX_YEARS_APART = 12
_MAX_RATIO = 20.0
_DATED_SHARE = 0.5
_TIMES = re.compile(
    r"\b(?:when|what (?:year|date|time|day|month|decade)|which (?:year|day)|how (?:long|old))\b"
)


class Exchange(NamedTuple):
    """A near miss, the question that it was made from, and the anchors exchanged."""

    text: str
    base: str
    kind: AnchorKind
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of the documents with their unit vectors: shape (names, dimension)."""

    texts: tuple[str, ...]
    vectors: np.ndarray

    def like(self, vector: np.ndarray) -> list[str]:
        """The nearest names that do not mean the same, nearest first."""
        cosines = self.vectors @ vector
        order = np.argsort(-cosines, kind="stable")
        return [self.texts[at] for at in order if cosines[at] < _SAME_NAME][:_NEAREST_NAMES]


class NearMisses:
    """Makes near misses of questions about the documents of some collections."""

    def __init__(
        self, library: Library, questions: Sequence[GoldQuestion], collections: Sequence[str]
    ) -> None:
        """Collect the anchors of the documents that `questions` are about."""
        self._library = library
        self._scope = Scope(tuple(collections))
        self._passages: dict[str, list[Passage]] = {}
        self._names_of: dict[str, list[str]] = {}
        spans = library.store.passages.spans(collections)
        pool: dict[str, dict[str, None]] = {"date": {}, "number": {}, "ordinal": {}}
        for document in dict.fromkeys(gold.document for q in questions for gold in q.answers):
            ids = [passage_id for passage_id, _ in spans.get(document, ())]
            self._passages[document] = library.store.passages.read(ids)
            names: dict[str, None] = {}
            for passage in self._passages[document]:
                text = f"{passage.title or ''}\n{passage.text}"
                for anchor in find_anchors(text):
                    if anchor.kind == "name" and _is_sure(text, anchor):
                        names[" ".join(anchor.text.split())] = None
                    elif anchor.kind in pool:
                        pool[anchor.kind][anchor.text] = None
            self._names_of[document] = list(names)
        self._pool = {kind: tuple(texts) for kind, texts in pool.items()}
        every = list(dict.fromkeys(name for names in self._names_of.values() for name in names))
        chosen = np.random.default_rng(0).permutation(len(every))[:_MAX_NAMES]
        texts = tuple(every[at] for at in chosen)
        self._names = _Names(texts, library.embedder.embed_passages(texts))

    def of(
        self,
        question: GoldQuestion,
        rng: np.random.Generator,
        found: Sequence[Passage] | None = None,
    ) -> Exchange | None:
        """Return a near miss of a question, None if it has no anchor that can be exchanged.

        `found` are passages that may answer it, those that search finds unless given.
        """
        base, anchors = question.text, self._anchors(question)
        year = self._year_of(question) if not any(a.is_time for a in anchors) else None
        if year and (not anchors or rng.random() < _DATED_SHARE):
            bare = base.rstrip(" ?")
            base = f"{bare} in {year}{base[len(bare) :].strip()}"
            span = Span(len(bare) + 4, len(bare) + 4 + len(year))
            anchors = [Anchor("year", year, span, (year,))]
        for at in rng.permutation(len(anchors)).tolist():
            candidates = self._others(anchors[at])
            for number in rng.permutation(len(candidates)).tolist()[:_TRIES]:
                exchange = _exchange(base, anchors[at], candidates[number])
                if self._is_unanswered(exchange, question, found):
                    return exchange
        return None

    def _year_of(self, question: GoldQuestion) -> str | None:
        """The only year of the sentence that answers, unless the question is about time."""
        if _TIMES.search(question.text.casefold()):
            return None
        gold = question.answers[0]
        for passage in self._passages[gold.document]:
            for sentence in passage.sentences:
                if sentence.span.covers(gold.span):
                    said = passage.cut(sentence.span)
                    years = {a.text for a in find_anchors(said) if a.kind == "year"}
                    only = years.pop() if len(years) == 1 else ""
                    return only if only.isdigit() and only not in gold.text else None
        return None

    def _anchors(self, question: GoldQuestion) -> list[Anchor]:
        """The anchors of a question; in small letters, names are those of its documents."""
        anchors = find_anchors(question.text)
        if not question.text.islower():
            return anchors
        taken = [anchor.span for anchor in anchors]
        documents = dict.fromkeys(gold.document for gold in question.answers)
        names = (name for document in documents for name in self._names_of[document])
        for name in sorted(names, key=len, reverse=True):
            found = re.search(rf"\b{re.escape(name.casefold())}\b", question.text)
            if found and not any(Span(*found.span()).overlaps(span) for span in taken):
                taken.append(Span(*found.span()))
                anchors.append(Anchor("name", found[0], Span(*found.span()), (found[0],)))
        return anchors

    def _others(self, anchor: Anchor) -> list[str]:
        """Other anchors of the same kind: years and numbers not far off, names that are alike."""
        if anchor.kind == "year":
            year = int(anchor.text) if anchor.text.isdigit() else 0
            near = range(year - _MAX_YEARS_APART, year + _MAX_YEARS_APART + 1)
            return [str(other) for other in near if year and other != year]
        if anchor.kind == "name":
            words = set(anchor.text.casefold().split())
            vector = self._library.embedder.embed_question(anchor.text)
            near_names = self._names.like(vector)
            return [name for name in near_names if not words & set(name.casefold().split())]
        written = any(map(str.isdigit, anchor.text))
        return [
            text
            for text in self._pool[anchor.kind]
            if text != anchor.text
            and any(map(str.isdigit, text)) == written
            and ("." in text) == ("." in anchor.text)
            and _is_near(anchor, text)
        ]

    def _is_unanswered(
        self, exchange: Exchange, question: GoldQuestion, found: Sequence[Passage] | None
    ) -> bool:
        """Whether no sentence speaks of the new anchor and of the rest."""
        library, analyzer = self._library, self._library.words.analyzer
        if found is None:
            text = as_question(exchange.text)
            asked = library.question(text, self._scope)
            retrieved = library.retrieve(asked, self._scope, _RETRIEVED)
            found = [item.passage for item in retrieved]
        rest = set(analyzer.content_terms(exchange.base.replace(exchange.old, " ")))
        gold = [answer.text.casefold() for answer in question.answers]
        new = exchange.new.casefold()
        anchors = find_anchors(exchange.new)
        for passage in found:
            if new not in passage.text.casefold() and exchange.kind == "name":
                continue
            above = set(analyzer.terms(f"{passage.title or ''} {passage.heading}"))
            for sentence in passage.sentences:
                said = passage.cut(sentence.span)
                if not _speaks_of(said, exchange, anchors):
                    continue
                shared = rest.intersection(set(analyzer.terms(said)) | above)
                if len(shared) > _MAX_SHARE * len(rest):
                    return False
                if any(answer in said.casefold() for answer in gold):
                    return False
        return True


def near_misses(
    library: Library,
    questions: Sequence[GoldQuestion],
    collections: Sequence[str],
    seed: int = 0,
    progress: Progress | None = None,
) -> Iterator[GoldQuestion]:
    """Yield a near miss of each answerable question that has an anchor to exchange."""
    answerable = [question for question in questions if question.answers]
    made = NearMisses(library, answerable, collections)
    rng = np.random.default_rng(seed)
    for done, question in enumerate(answerable, start=1):
        if (exchange := made.of(question, rng)) is not None:
            yield GoldQuestion(exchange.text, (), question.kind, "near_miss")
        if progress is not None:
            progress(done, len(answerable))


def _speaks_of(text: str, exchange: Exchange, anchors: Sequence[Anchor]) -> bool:
    if exchange.kind == "name":
        return exchange.new.casefold() in text.casefold()
    mentioned = Mentions.of(text)
    return any(mentioned.lack(anchor) == 0 for anchor in anchors)


def _is_sure(text: str, anchor: Anchor) -> bool:
    """Whether a name is one: of several words, or with a capital inside of a sentence."""
    opens = text[: anchor.span.start].rstrip(" \"'“‘(")[-1:] in {"", ".", "!", "?", ":", "\n", "•"}
    return len(anchor.text) >= _MIN_NAME_CHARS and (len(anchor.keys) > 1 or not opens)


def _is_near(anchor: Anchor, text: str) -> bool:
    """Whether a number is of the same magnitude; anything else is near."""
    if anchor.kind != "number":
        return True
    others = [found for found in find_anchors(text) if found.kind == "number"]
    values = [float(found.keys[0].rstrip("n")) for found in (anchor, *others[:1])]
    return len(values) == 2 and max(values) <= _MAX_RATIO * min(values) and values[0] != values[1]


def _exchange(question: str, anchor: Anchor, new: str) -> Exchange:
    written = new.casefold() if question.islower() else new
    start, end = anchor.span.start, anchor.span.start + len(anchor.text)
    text = f"{question[:start]}{written}{question[end:]}"
    return Exchange(text, question, anchor.kind, anchor.text, written)
