"""A question to an answer: search, read, compose quotes, or abstain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.answering.agreement import MAX_SIBLINGS, adds_something, find_also, repeats
from index.answering.stopwatch import Stopwatch
from index.core.answers import Answer, Hit, Quote
from index.core.documents import Passage, Span
from index.core.errors import QuestionError
from index.core.lazy_text import Phrase
from index.core.scope import Scope
from index.models.loading import Embedder
from index.reader import Question, Reader, Reading, Retrieved
from index.search.retriever import Retriever
from index.store.passages import PassageReader
from index.text.question import Speller, as_question

MAX_QUESTION_CHARS = 1000
MAX_QUOTES = 3
READ_PASSAGES = 8
_MAX_MERGED_CHARS = 400
# More than are read, as some may say nothing new.
_MAX_RETRIEVED = 4 * READ_PASSAGES

NOTHING_INDEXED = "there are no documents to search"
NOTHING_WITHIN = "no document lies within these limits"
NOT_FOUND = "no sentence of the documents answers with enough confidence"


class Choice(NamedTuple):
    """The readings to quote, and whether there were more of them."""

    readings: list[Reading]
    further: bool


class Answerer:
    """Answers questions from the documents of a store."""

    def __init__(  # noqa: PLR0917  # each is a thing of its own
        self,
        passages: PassageReader,
        embedder: Embedder,
        retriever: Retriever,
        reader: Reader,
        speller: Speller,
        min_confidence: float | None = None,
    ) -> None:
        """Join the steps.

        Args:
            passages: where the passages found are read.
            embedder: of the question.
            retriever: finds passages.
            reader: finds the sentences in them.
            speller: puts misspelt words of a question right; of both, the surer answer counts.
            min_confidence: in place of the one that was fitted, 0..1.
        """
        self._passages = passages
        self._embedder = embedder
        self._retriever = retriever
        self._reader = reader
        self._speller = speller
        self._min_confidence = min_confidence

    def ask(self, text: str, scope: Scope, max_quotes: int = MAX_QUOTES) -> Answer:
        """Return what the documents within `scope` say to a question, in up to `max_quotes` quotes.

        The first ones answer, with more they only come with others that were read: how many there
        are changes neither their order nor whether the documents answer.

        Raises:
            QuestionError: empty, or longer than MAX_QUESTION_CHARS.
        """
        watch = Stopwatch()
        asked = check_question(text)
        answer, found = self._ask(asked, scope, max_quotes, watch)
        texts = (f"{item.title or ''} {item.heading} {item.text}" for item in found)
        if (meant := self._speller.respell(asked, texts)) != asked:
            respelled, _ = self._ask(meant, scope, max_quotes, watch)
            if respelled.answered and respelled.confidence > answer.confidence:
                answer = replace(respelled, question=asked, understood=meant)
        return replace(answer, elapsed_ms=watch.elapsed_ms, steps_ms=watch.laps)

    def _ask(
        self, text: str, scope: Scope, max_quotes: int, watch: Stopwatch
    ) -> tuple[Answer, Sequence[Passage]]:
        """What the documents say to a question as it stands, and the passages that were read."""
        written = as_question(text)
        question = Question(written, self._embedder.embed_question(written))
        watch.lap("embed")
        retrieved, repeated = self._retrieve(question, scope)
        watch.lap("search")
        read = self._reader.read(question, retrieved)
        watch.lap("read")
        choice = choose(read.readings, retrieved, max_quotes)
        passages = [item.passage for item in retrieved]
        elsewhere = [*passages, *(item.passage for item in repeated)]
        quotes = tuple(
            replace(quote_of(reading), also=self._find_also(reading, elsewhere, scope))
            for reading in choice.readings
        )
        watch.lap("compose")
        calibration = self._reader.calibration
        confidence = calibration.probability(read.evidence) if quotes else 0.0
        fitted = calibration.min_confidence
        needed = fitted if self._min_confidence is None else self._min_confidence
        answered = bool(quotes) and confidence >= needed
        nothing = NOTHING_WITHIN if scope.is_narrow else NOTHING_INDEXED
        answer = Answer(
            question=text,
            quotes=quotes if answered else (),
            closest=() if answered else quotes,
            reason=None if answered else NOT_FOUND if quotes else nothing,
            confidence=confidence,
            elapsed_ms=watch.elapsed_ms,
            further=choice.further,
        )
        return answer, passages

    def _retrieve(
        self, question: Question, scope: Scope
    ) -> tuple[list[Retrieved], list[Retrieved]]:
        """The passages to read, and those left aside as better ones say all that they say."""
        hits = self._retriever.search(question.text, question.vector, scope, _MAX_RETRIEVED)
        chosen: list[Retrieved] = []
        repeated: list[Retrieved] = []
        while hits and (missing := READ_PASSAGES - len(chosen)):
            for item in _read(self._passages, hits[:missing]):
                is_new = adds_something(item.passage, chosen)
                (chosen if is_new else repeated).append(item)
            hits = hits[missing:]
        return chosen, repeated

    def _find_also(
        self, reading: Reading, found: Sequence[Passage], scope: Scope
    ) -> tuple[Quote, ...]:
        """Where other documents say the same, among what was found and what resembles it."""
        known = {passage.id for passage in found}
        ids = self._passages.duplicates(reading.passage.document.id, reading.span, scope)
        siblings = [passage_id for passage_id in ids if passage_id not in known][:MAX_SIBLINGS]
        passages = [*found, *(self._passages.read(siblings) if siblings else ())]
        return tuple(quote_of(place) for place in find_also(reading, passages))


def retrieve(
    retriever: Retriever,
    passages: PassageReader,
    question: Question,
    scope: Scope,
    k: int,
) -> list[Retrieved]:
    """Return up to `k` passages within `scope` for a question, best first."""
    return _read(passages, retriever.search(question.text, question.vector, scope, k))


def check_question(text: str) -> str:
    """Return the question without white space around it.

    Raises:
        QuestionError: it is empty, or longer than MAX_QUESTION_CHARS.
    """
    question = text.strip()
    if not question:
        raise QuestionError(Phrase("the question is empty; write what you want to know"))
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionError(
            Phrase(
                "the question has {characters} characters, the limit is {limit}; ask for one "
                "thing at a time",
                characters=len(question),
                limit=MAX_QUESTION_CHARS,
            )
        )
    return question


def choose(
    readings: Sequence[Reading], retrieved: Sequence[Retrieved], max_quotes: int = MAX_QUOTES
) -> Choice:
    """Return up to `max_quotes` readings to quote from `readings`, which are ordered best first.

    A reading beside one that was chosen, in the same paragraph, joins it while that stays short;
    the better one's short answer remains. What two documents say alike is quoted once.
    """
    chosen: list[Reading] = []
    seen: list[Reading] = []
    for reading in readings:
        if any(repeats(earlier, reading) for earlier in seen):
            continue
        if any(_overlap(held, reading) for held in chosen):
            continue
        seen.append(reading)
        joined = next((at for at, held in enumerate(chosen) if _adjoin(held, reading)), None)
        if joined is not None:
            merged = _merge(chosen[joined], reading, retrieved)
            chosen[joined] = merged or chosen[joined]
            if merged:
                continue
        if len(chosen) == max_quotes:
            return Choice(chosen, further=True)
        chosen.append(reading)
    return Choice(chosen, further=False)


def compose(readings: Sequence[Reading], retrieved: Sequence[Retrieved]) -> tuple[Quote, ...]:
    """Return the quotes of the readings chosen; see `choose`."""
    return tuple(quote_of(reading) for reading in choose(readings, retrieved).readings)


def quote_of(reading: Reading) -> Quote:
    """Return a reading as a quote."""
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


def _read(passages: PassageReader, hits: Sequence[Hit]) -> list[Retrieved]:
    found = {hit.passage_id: hit for hit in hits}
    return [Retrieved(passage, found[passage.id]) for passage in passages.read(list(found))]


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
