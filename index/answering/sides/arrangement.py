"""Puts the other side beside a quote: who denies it, and who answers the question differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.answering.sides.denials import asks_for_denial, find_denial
from index.answering.sides.denied import Denied
from index.answering.sides.differences import Differences, Voice
from index.answering.sides.sentences import Context, Told, published_at, source_in
from index.answering.sides.wording import Wording
from index.core.answers import Quote, Side
from index.core.documents import Passage, Span
from index.reader import Reading

MAX_DISPUTED, MAX_DIFFERENT, MAX_AGREEING = 2, 3, 9
MIN_SCORE, MIN_SHARE = 0.02, 0.1
"""What another answer needs to be one: a score, and its share of the best one's."""
_MAX_CANDIDATES = 24
_WHO_SAYS = re.compile(
    r"\W*who (?:\w+ly |has |have |had |else )*(?:said|says?|claim(?:s|ed)?|report(?:s|ed)?|told|"
    r"announc(?:es|ed)|alleg(?:es|ed)|den(?:y|ies|ied)|disput(?:es|ed)|confirm(?:s|ed)?)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)+")


@dataclass
class _Answer:
    """An answer to the question: the reading that gives it best, and others that give the same."""

    reading: Reading
    voice: Voice
    side: Side = "differs"
    agreeing: list[Reading] = field(default_factory=list)


class Sides:
    """The other sides of what was found for a question."""

    def __init__(
        self,
        question: str,
        readings: Sequence[Reading],
        passages: Sequence[Passage],
        wording: Wording,
        fits: Callable[[Reading], float] = lambda _reading: 1.0,
    ) -> None:
        """`fits` returns how well a reading fits the time that is asked about, 0..1."""
        self._fits = fits
        self._question = question
        self._readings = readings
        self._context = Context(passages)
        self._denied = Denied(self._context, wording)
        self._differences = Differences(question, wording)

    def arrange(self, quotes: Sequence[Quote], readings: Sequence[Reading]) -> tuple[Quote, ...]:
        """Return the quotes of `readings`, in their order, with the other sides beside them.

        Quotes of other documents with the same short answer as the first are put under it. Of
        different answers the newest comes first, and a denial if the question asks for one.
        """
        if not quotes:
            return ()
        parted = [self._named(self._parted(reading)) for reading in readings]
        quotes = [
            quote if one is whole else replace(one.to_quote(), also=quote.also)
            for quote, one, whole in zip(quotes, parted, readings, strict=True)
        ]
        readings = parted
        made = dict(zip(map(_key, readings), quotes, strict=True))
        head, others = self._answers(readings[0])
        if others and head.voice.published and all(one.voice.published for one in others):
            best = head
            head, *others = sorted([head, *others], key=self._place, reverse=True)
            best.side = head.side
        first = self._quote(head, made)
        disputes = self._disputes(head.reading)
        denied = [self._told(told) for told in disputes]
        different = [
            replace(self._quote(one, made), side=one.side)
            for one in others
            if not any(
                told.span.overlaps(one.reading.span)
                and told.document.id == one.reading.passage.document.id
                for told in denied
            )
        ]
        first = replace(first, beside=(*denied, *different))
        if denied and asks_for_denial(self._question) and not self._is_denial(head.reading):
            claims = tuple(map(self._told, self._disputed([disputes[0]])))
            who = source_in(disputes[0]) if _WHO_SAYS.match(self._question) else ()
            first = replace(denied[0], side=None, score=first.score, answer=who, beside=claims)
        gone = {_key(one) for one in (head.reading, *head.agreeing)}
        rest = []
        for reading, quote in zip(readings, quotes, strict=True):
            if _key(reading) in gone or (quote.document.id, quote.span) == (
                first.document.id,
                first.span,
            ):
                continue
            sides = tuple(map(self._told, self._disputes(reading)))
            rest.append(replace(quote, beside=sides))
        return first, *rest

    def _place(self, answer: _Answer) -> tuple[float, date]:
        return self._fits(answer.reading), answer.voice.published or date.min

    def _answers(self, best: Reading) -> tuple[_Answer, list[_Answer]]:
        """The answer of the best reading with those that agree, and the different ones."""
        head = _Answer(best, _voice(best))
        others: list[_Answer] = []
        if not self._differences.is_comparable:
            return head, others
        for reading in self._candidates(best):
            voice = _voice(reading)
            relation = self._differences.relation(head.voice, voice)
            if relation == "same":
                head.agreeing.append(reading)
            elif relation is not None:
                known = next(
                    (o for o in others if self._differences.relation(o.voice, voice) == "same"),
                    None,
                )
                if known is not None:
                    known.agreeing.append(reading)
                elif len(others) < MAX_DIFFERENT and not any(
                    _overlap(o.reading, reading) for o in others
                ):
                    others.append(_Answer(reading, voice, relation))
        return head, others

    def _candidates(self, best: Reading) -> Iterator[Reading]:
        """The readings that may answer as well: of other documents, or what others say in this."""
        least = max(MIN_SCORE, MIN_SHARE * best.score)
        speaker = best.to_quote().speaker
        for reading in self._readings[:_MAX_CANDIDATES]:
            if reading.score < least or reading is best:
                continue
            if reading.passage.document.id == best.passage.document.id:
                if reading.span.overlaps(best.span):
                    continue
                other = reading.to_quote().speaker
                if speaker is None or other is None or speaker.text == other.text:
                    continue
            yield reading

    def _parted(self, reading: Reading) -> Reading:
        """A reading without a denial at its end, which is to stand beside the rest.

        It is the denial alone that answers a question for one.
        """
        document = reading.passage.document.id
        for ordinal in range(reading.first + 1, reading.last + 1):
            told = self._context.at(document, ordinal)
            before = self._context.at(document, ordinal - 1)
            if told and before and find_denial(told.text):
                if asks_for_denial(self._question):
                    return _cut(reading, ordinal, reading.last, told.span.start, reading.span.end)
                return _cut(
                    reading, reading.first, ordinal - 1, reading.span.start, before.span.end
                )
        return reading

    def _named(self, reading: Reading) -> Reading:
        """A reading with its speaker as the short answer if the question is who says something."""
        told = self._context.at(reading.passage.document.id, reading.first)
        if told is None or reading.first != reading.last or not _WHO_SAYS.match(self._question):
            return reading
        return replace(reading, answer=source_in(told) or reading.answer)

    def _quote(self, answer: _Answer, made: dict[tuple[int, int, int], Quote]) -> Quote:
        quote = made.get(_key(answer.reading)) or answer.reading.to_quote()
        sources = {quote.document.id, *(other.document.id for other in quote.also)}
        agreeing = []
        for reading in answer.agreeing:
            if reading.passage.document.id not in sources:
                sources.add(reading.passage.document.id)
                agreeing.append(reading.to_quote())
        return replace(quote, also=(*quote.also, *agreeing[:MAX_AGREEING]))

    def _disputes(self, reading: Reading) -> list[Told]:
        document = reading.passage.document.id
        ordinals = range(reading.first, reading.last + 1)
        return self._disputed([t for at in ordinals if (t := self._context.at(document, at))])

    def _disputed(self, claim: Sequence[Told]) -> list[Told]:
        return self._denied.other_side(claim)[:MAX_DISPUTED] if claim else []

    def _told(self, told: Told) -> Quote:
        score = max(
            (
                one.score
                for one in self._readings
                if one.passage.document.id == told.document_id and one.span == told.span
            ),
            default=0.0,
        )
        return replace(told.to_quote(score), side="disputed")

    def _is_denial(self, reading: Reading) -> bool:
        return find_denial(reading.text) is not None


def _voice(reading: Reading) -> Voice:
    """The sentence of a reading that holds the short answer, or else all of it."""
    passage, span = reading.passage, reading.span
    answer = reading.answer[0] if reading.answer else None
    if answer is not None:
        held = [one.span for one in passage.sentences if one.span.covers(answer)]
        span = next((one for one in held if span.covers(one)), span)
        answer = _whole_figure(passage, span, answer)
    return Voice(passage, span, answer, published_at(passage, span.start))


def _whole_figure(passage: Passage, span: Span, answer: Span) -> Span:
    """A short answer with all of the figures that it cuts: "240" of "1,240"."""
    for found in _FIGURE.finditer(passage.cut(span)):
        figure = Span(span.start + found.start(), span.start + found.end())
        if figure.overlaps(answer):
            answer = Span(min(figure.start, answer.start), max(figure.end, answer.end))
    return answer


def _cut(reading: Reading, first: int, last: int, start: int, end: int) -> Reading:
    """The sentences of a reading from one ordinal to another."""
    span = Span(start, end)
    answer = tuple(
        Span(max(part.start, start), min(part.end, end))
        for part in reading.answer
        if part.overlaps(span)
    )
    return replace(reading, first=first, last=last, span=span, answer=answer)


def _key(reading: Reading) -> tuple[int, int, int]:
    return reading.passage.document.id, reading.span.start, reading.span.end


def _overlap(one: Reading, other: Reading) -> bool:
    is_same = one.passage.document.id == other.passage.document.id
    return is_same and one.span.overlaps(other.span)
