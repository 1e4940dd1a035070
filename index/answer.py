"""A question to an answer: search, read, compose quotes, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.embedder import Embedder
from index.errors import QuestionError
from index.passages import PassageReader
from index.reader import Question, Reader, Reading, Retrieved
from index.records import Answer, Quote, Scope, Span
from index.retriever import Retriever
from index.stopwatch import Stopwatch

MAX_QUESTION_CHARS = 1000
MAX_QUOTES = 3
READ_PASSAGES = 8
_MAX_MERGED_CHARS = 400

NOTHING_INDEXED = "there are no documents to search"
NOT_FOUND = "no sentence of the documents answers with enough confidence"


class Answerer:
    """Answers questions from the documents of a store."""

    def __init__(
        self,
        passages: PassageReader,
        embedder: Embedder,
        retriever: Retriever,
        reader: Reader,
        min_confidence: float | None = None,
    ) -> None:
        """Join the steps.

        Args:
            passages: where the passages found are read.
            embedder: of the question.
            retriever: finds passages.
            reader: finds the sentences in them.
            min_confidence: in place of the one that was fitted, 0..1.
        """
        self._passages = passages
        self._embedder = embedder
        self._retriever = retriever
        self._reader = reader
        self._min_confidence = min_confidence

    def ask(self, text: str, scope: Scope) -> Answer:
        """Return what the documents within `scope` say to a question.

        Raises:
            QuestionError: empty, or longer than MAX_QUESTION_CHARS.
        """
        watch = Stopwatch()
        question = Question(check_question(text), self._embedder.embed_question(text.strip()))
        watch.lap("embed")
        retrieved = retrieve(self._retriever, self._passages, question, scope, READ_PASSAGES)
        watch.lap("search")
        read = self._reader.read(question, retrieved)
        watch.lap("read")
        quotes = compose(read.readings, retrieved)
        watch.lap("compose")
        calibration = self._reader.calibration
        confidence = calibration.probability(read.evidence) if quotes else 0.0
        fitted = calibration.min_confidence
        needed = fitted if self._min_confidence is None else self._min_confidence
        answered = bool(quotes) and confidence >= needed
        reason = None if answered else NOT_FOUND if quotes else NOTHING_INDEXED
        return Answer(
            question=question.text,
            quotes=quotes if answered else (),
            closest=() if answered else quotes,
            reason=reason,
            confidence=confidence,
            elapsed_ms=watch.elapsed_ms,
            steps_ms=watch.laps,
        )


def retrieve(
    retriever: Retriever,
    passages: PassageReader,
    question: Question,
    scope: Scope,
    k: int,
) -> list[Retrieved]:
    """Return up to `k` passages within `scope` for a question, best first."""
    hits = retriever.search(question.text, question.vector, scope, k)
    found = {hit.passage_id: hit for hit in hits}
    return [Retrieved(passage, found[passage.id]) for passage in passages.read(list(found))]


def check_question(text: str) -> str:
    """Return the question without white space around it.

    Raises:
        QuestionError: it is empty, or longer than MAX_QUESTION_CHARS.
    """
    question = text.strip()
    if not question:
        raise QuestionError("the question is empty; write what you want to know")
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(question):,} characters, the limit is "
            f"{MAX_QUESTION_CHARS:,}; ask for one thing at a time"
        )
    return question


def compose(readings: Sequence[Reading], retrieved: Sequence[Retrieved]) -> tuple[Quote, ...]:
    """Return up to MAX_QUOTES quotes from `readings`, which are ordered best first.

    A reading beside one that was chosen, in the same paragraph, joins its quote while that stays
    short; the better one's short answer remains. The same text is quoted once.
    """
    chosen: list[Reading] = []
    seen: set[str] = set()
    for reading in readings:
        if _text(reading) in seen or any(_overlap(held, reading) for held in chosen):
            continue
        seen.add(_text(reading))
        joined = next((at for at, held in enumerate(chosen) if _adjoin(held, reading)), None)
        if joined is not None:
            merged = _merge(chosen[joined], reading, retrieved)
            chosen[joined] = merged or chosen[joined]
            if merged:
                continue
        if len(chosen) == MAX_QUOTES:
            break
        chosen.append(reading)
    return tuple(_quote(reading) for reading in chosen)


def _overlap(one: Reading, other: Reading) -> bool:
    of_one_document = one.passage.document.id == other.passage.document.id
    return of_one_document and one.span.overlaps(other.span)


def _adjoin(one: Reading, other: Reading) -> bool:
    return (
        one.passage.document.id == other.passage.document.id
        and (one.last + 1 == other.first or other.last + 1 == one.first)
        and _paragraph(one) == _paragraph(other)
    )


def _merge(one: Reading, other: Reading, retrieved: Sequence[Retrieved]) -> Reading | None:
    """The two as one, if a passage holds both and they are short enough."""
    first, last = min(one.first, other.first), max(one.last, other.last)
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    if len(span) > _MAX_MERGED_CHARS:
        return None
    for candidate in retrieved:
        passage = candidate.passage
        if passage.document.id == one.passage.document.id and passage.span.covers(span):
            return replace(one, passage=passage, first=first, last=last, span=span)
    return None


def _paragraph(reading: Reading) -> int:
    return reading.passage.sentences[reading.first - reading.passage.first].paragraph


def _text(reading: Reading) -> str:
    return reading.passage.cut(reading.span)


def _quote(reading: Reading) -> Quote:
    passage, start = reading.passage, reading.span.start
    entry = passage.entry_at(start)
    return Quote(
        document=passage.document,
        span=reading.span,
        text=_text(reading),
        paragraph=_paragraph(reading),
        score=reading.score,
        answer=reading.answer,
        page=passage.page_at(start),
        speaker=entry.speaker if entry else None,
        section=passage.heading,
        entry=entry,
    )
