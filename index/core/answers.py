"""Answers: quotes that answer a question, or the reason why none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from index.core.attributions import Attribution, Speech
from index.core.documents import Document, Entry, Passage, Span, Speaker, Vector, cut_within

State = Literal["answered", "unsure", "none"]
"""The documents answer; perhaps they do; they do not, as far as can be told."""

Side = Literal["disputed", "differs", "earlier"]
"""A claim and its denial; another answer to the question; one that was true before."""

MAX_QUOTES = 3
"""How many quotes an answer has unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of one document, cut from it unchanged.

    Attributes:
        text: exactly the document's characters under `span`.
        paragraph: number of the paragraph it starts in, from 1.
        score: 0..1; quotes are ordered by it, higher first.
        answer: spans of the short answer inside `span`, in the document's offsets.
        speaker: the writer of its entry, or else the one who says what it reports.
        speech: whether it is that one's own words; None unless it reports somebody.
        page: number of the page it starts on, from 1; None without pages.
        section: the heading above it, "" for none.
        also: quotes of other documents that say the same, those with the same words first.
        beside: quotes of the other side, each with its `side`: first those that deny or doubt this
            one, or that it denies, then other answers, newest first.
        side: how it stands to the quote that it is beside; None for one that is beside none.
        foreign: the language of the document, if the question is certainly in another.
    """

    document: Document
    span: Span
    text: str
    paragraph: int
    score: float
    answer: tuple[Span, ...] = ()
    page: int | None = None
    speaker: Speaker | None = None
    speech: Speech | None = None
    section: str = ""
    entry: Entry | None = None
    also: tuple[Quote, ...] = ()
    beside: tuple[Quote, ...] = ()
    side: Side | None = None
    foreign: str | None = None

    @classmethod
    def from_passage(
        cls, passage: Passage, span: Span, score: float = 0.0, answer: tuple[Span, ...] = ()
    ) -> Quote:
        entry = passage.entry_at(span.start)
        marked = (s.span for s in passage.sentences if answer and s.span.overlaps(answer[0]))
        said = _reported(passage.attributions, next(marked, span), answer)
        speaker = said.speaker if said else None
        return cls(
            document=passage.document,
            span=span,
            text=passage.cut(span),
            paragraph=passage.paragraph_at(span.start),
            score=score,
            answer=answer,
            page=passage.page_at(span.start),
            speaker=(entry and entry.speaker) or speaker,
            speech=said.speech if said and not (entry and entry.speaker) else None,
            section=passage.heading,
            entry=entry,
        )

    @property
    def source(self) -> Document:
        """The document as it is cited: the facts of the entry replace its own."""
        if self.entry is None:
            return self.document
        entry, metadata = self.entry, self.document.metadata
        cited = replace(
            metadata,
            title=entry.title or metadata.title,
            published=entry.published or metadata.published,
            url=entry.url or metadata.url,
        )
        return replace(self.document, metadata=cited)

    @property
    def is_recognized(self) -> bool:
        """Whether OCR read it."""
        return (self.page or 0) in self.document.recognized

    def cut(self, span: Span) -> str:
        """Return the document's characters under `span`, which must lie inside the quote."""
        return cut_within(self.text, self.span, span)


def _reported(
    attributions: Sequence[Attribution], told: Span, answer: Sequence[Span]
) -> Attribution | None:
    """The attribution that a quote is for: the one around its answer.

    If the answer lies in none, it is that of most of `told`, the answer's sentence, unless others
    speak there as well; without an answer, that of most of the quote.
    """
    named = [one for one in attributions if one.speaker]
    if answer:
        around = [
            (-part.shared(answer[0]), len(part), at)
            for at, one in enumerate(named)
            for part in (*one.content, *one.source)
            if part.overlaps(answer[0])
        ]
        if around:
            return named[min(around)[-1]]

    def share(one: Attribution) -> int:
        return sum(part.shared(told) for part in (*one.source, *one.cue, *one.content))

    heard = [one for one in attributions if share(one)]
    best = max(named, key=share, default=None)
    is_alone = len({one.speaker and one.speaker.text for one in heard}) == 1
    if best is None or 2 * share(best) <= len(told) or (answer and not is_alone):
        return None
    return best


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the documents to a question, or their silence.

    Attributes:
        quotes: best first, 1 to 3 unless more were asked for; empty in the state "none".
        confidence: calibrated probability that the first quote answers, 0..1.
        elapsed_ms: wall time from question to answer.
        reason: why the documents do not answer; None in the state "answered".
        closest: in the state "none", the nearest quotes, best first; else empty.
        missing: words of the question, as written, that nothing found mentions.
        closest_about: words of the closest quote, or the year of its document, that stand where
            the question has missing ones; None if unknown.
        steps_ms: wall time of each step, in the order they ran.
        further: whether there are more quotes than were asked for.
        understood: the question with misspelt words put right, None without any.
        silent: the person whose words the question asks for, if they say nothing on it.
        on_subject: whether the first of `closest` is about what the question is about.
        languages: of the documents, the commonest first, if the question is in none of them; it
            was not searched for then.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    elapsed_ms: float
    state: State
    reason: str | None = None
    closest: tuple[Quote, ...] = ()
    missing: tuple[str, ...] = ()
    closest_about: str | None = None
    steps_ms: tuple[tuple[str, float], ...] = ()
    further: bool = False
    understood: str | None = None
    on_subject: bool = True
    languages: tuple[str, ...] = ()
    silent: str | None = None

    @property
    def answered(self) -> bool:
        return self.state == "answered"


@dataclass(frozen=True, slots=True)
class Searchable:
    """A passage as the derived indexes hold it: its words and its unit vector."""

    id: int
    collection: str
    words: str
    vector: Vector
    language: str | None = None  # of its document, a BCP 47 tag


class Hit(NamedTuple):
    """A passage that a search found.

    Attributes:
        score: 0..1 for a fused hit; hits are ordered by it, higher first.
        cosine: similarity of the vectors of passage and question, -1..1.
        lexical: BM25 divided by the best hit's BM25, 0..1.
        foreign: whether the passage is in another language than the question.
    """

    passage_id: int
    score: float
    cosine: float = 0.0
    lexical: float = 0.0
    foreign: bool = False
