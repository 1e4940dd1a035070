"""Chooses between the readings of a question by what the documents say to each."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.conversation.followups.dialogue import Dialogue, Reading, short_answer
from bot.conversation.followups.question_words import FORMS, INTERROGATIVES, REASON, WHY, WORD
from index.answering.answerer import NOT_SURE
from index.answering.stated import has_reason
from index.core.answers import Answer, Quote
from index.core.documents import Span
from index.text.answer_types import expected_answer
from index.text.spelling.slips import max_edits
from index.text.stemming import fold
from index.text.terms import Analyzer, plain

SURE = 0.9
"""The rank from which no other reading is tried."""
LIKELY = 0.2
"""The rank from which readings are not tried that count only if no better one found anything."""
MIN_RANK, MAX_UNSAID = 0.05, 0.5
"""The rank below which a quote is no answer to a question whose news it has to speak of."""
# What the confidence is multiplied by: if the quote is among those that answered the question
# before, with some or none of the news, if the same words in it did, and if it is of another
# document.
_TOLD, _TOLD_ALONE, _REPEATED = 0.8, 0.2, 0.2
_ELSEWHERE, _POINTING_ELSEWHERE = 0.8, 0.3
_IN_CONTEXT = 0.8
_UNMARKED = 0.2
_LIKELY = 0.1  # of the best score; below it a quote that is put first may not answer
_MOST_MARKED = 0.4
_MARKED_KINDS = frozenset({"time", "quantity", "duration", "place"})
_MAX_GROWTH = 2
_FIGURE = re.compile(
    r"[$£€]?\d+(?:[.,]\d+)*%?(?: (?:million|billion|per cent|euros?|cents?|dollars?))*"
)

_analyzer = Analyzer()


@cache
def _bases() -> dict[str, str]:
    """The terms of the forms of verbs, each with that of the first one; made when first needed."""
    return {
        form: base
        for forms in FORMS
        for base in _analyzer.terms(forms[0])
        for form in _analyzer.terms(" ".join(forms))
    }


class Found(NamedTuple):
    """An answer to a reading, with the best quote first.

    Attributes:
        rank: 0..1; the surest is the best.
    """

    rank: float
    answer: Answer


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs the answers to the readings of a question in a dialogue.

    `around` returns the text around a quote.
    """

    dialogue: Dialogue
    around: Callable[[Quote], str]

    def weigh(self, reading: Reading, answer: Answer) -> Found:
        """Return an answer with the quote first that says most about what is asked now."""
        meaning = reading.meaning
        if not answer.quotes:
            return Found(0.0, answer)
        if reading.is_literal and not meaning.news:
            return Found(answer.confidence, answer)
        shares = [self._share_said(meaning.news, quote) for quote in answer.quotes]
        ranked = [
            (
                answer.confidence
                * _share_of_best(
                    quote, answer.quotes[0], meaning.is_bare or shares[number] > shares[0]
                )
                * self._factor(reading, quote, shares[number]),
                -number,
            )
            for number, quote in enumerate(answer.quotes)
            if number == 0 or not _lacks_reason(quote, reading.question)
        ]
        rank, number = max(ranked)
        best, said = answer.quotes[-number], shares[-number]
        others = [quote for quote in answer.quotes if quote is not best]
        if self.dialogue.is_told_by(best) and not reading.is_literal:
            repeats = self._repeats(best)
            best = self._marked_anew(best, meaning.news)
            is_other = meaning.is_bare and _asks_otherwise(reading, self.dialogue.previous)
            if repeats and said < 1 and (meaning.news or is_other or answer.confidence < SURE):
                answer = replace(answer, state="unsure", reason=NOT_SURE)
        if meaning.news and not said and not reading.is_literal:
            answer = replace(answer, state="unsure", reason=NOT_SURE)
        if meaning.is_bare and _lacks_reason_elsewhere(best, reading.question):
            answer = replace(answer, state="unsure", reason=NOT_SURE)
        if best.score < _LIKELY * answer.quotes[0].score:
            answer = replace(answer, state="unsure", reason=NOT_SURE)
        is_stale = not said and self.dialogue.is_told_by(best) and not reading.is_literal
        if meaning.unsaid < MAX_UNSAID and (rank < MIN_RANK or is_stale):
            rank = 0.0
        return Found(rank, replace(answer, quotes=(best, *others)))

    def _factor(self, reading: Reading, quote: Quote, said: float) -> float:
        """Return what to multiply the confidence in a quote by, 0..1."""
        meaning, factor = reading.meaning, 1.0
        if meaning.news:
            factor *= meaning.unsaid + (1 - meaning.unsaid) * said
        if meaning.is_bare and not self._has_short_answer(reading, quote):
            factor *= _UNMARKED
        told = self.dialogue.quote
        is_same = told is None or told.document.id == quote.document.id
        if meaning.is_pointing and not is_same:
            factor *= _POINTING_ELSEWHERE
        elif reading.is_literal:
            return factor
        elif self.dialogue.is_told_by(quote):
            if said < 1 and (self._repeats(quote) or (meaning.is_further and not quote.answer)):
                factor *= _REPEATED
            elif said < 1 and meaning.news:
                factor *= _TOLD if said or self._is_marked_anew(quote) else _TOLD_ALONE
        elif not is_same and said < 1:
            factor *= _ELSEWHERE
        return factor

    def _is_marked_anew(self, quote: Quote) -> bool:
        """Whether other words are marked in a quote than answered the question before."""
        old = self.dialogue.quote.answer if self.dialogue.quote else ()
        return bool(quote.answer) and not any(
            span.overlaps(was) for span in quote.answer for was in old
        )

    def _has_short_answer(self, reading: Reading, quote: Quote) -> bool:
        """Whether words of the kind asked for are marked in a quote, if it is a kind to mark."""
        if expected_answer(reading.question) not in _MARKED_KINDS:
            return True
        marked = sum(map(len, quote.answer))
        return 0 < marked <= _MOST_MARKED * len(quote.text)

    def _repeats(self, quote: Quote) -> bool:
        """Whether the words marked in a quote are those that answered the question before."""
        before, now = short_answer(self.dialogue.quote), short_answer(quote)
        if not (before and self.dialogue.is_told_by(quote)):
            return False
        return before in now and len(now) < _MAX_GROWTH * len(before)

    def _marked_anew(self, quote: Quote, news: Sequence[str]) -> Quote:
        """Return a quote that answers again with what is new in it marked, never the old words."""
        old = self.dialogue.quote.answer if self.dialogue.quote else ()
        if any(span.covers(was) for span in quote.answer for was in old):
            quote = replace(quote, answer=())
        found = [at for word in news if (at := quote.text.casefold().find(word)) >= 0]
        if not found or not any(
            _FIGURE.search(quote.cut(span)) for span in old if quote.span.covers(span)
        ):
            return quote
        # The figure in the same sentence that is nearest to what is new.
        start = quote.text.rfind(". ", 0, max(found)) + 1
        end = quote.text.find(". ", max(found))
        sentence = quote.text[: end if end >= 0 else None]
        spans = [
            Span(quote.span.start + figure.start(), quote.span.start + figure.end())
            for figure in _FIGURE.finditer(sentence, start)
            if figure[0] not in news
        ]
        free = [span for span in spans if not any(span.overlaps(was) for was in old)]
        if not free or any(quote.span.start + start <= span.start for span in quote.answer):
            return quote
        at = quote.span.start + max(found)
        return replace(quote, answer=(min(free, key=lambda span: abs(span.start - at)),))

    def _share_said(self, news: Sequence[str], quote: Quote) -> float:
        """Return the share of words that a quote has, or what is cited with it; 0..1.

        A word that only stands near it counts less.
        """
        if not news:
            return 0.0
        metadata = quote.source.metadata
        speaker = quote.speaker.text if quote.speaker else ""
        published = str(metadata.published.year) if metadata.published else ""
        texts = (quote.text, quote.section, metadata.title or "", speaker, published)
        terms = _terms(" ".join(texts))
        said = [float(_is_said(word, terms)) for word in news]
        if not all(said):
            near = _terms(self.around(quote))
            said = [
                here or _IN_CONTEXT * _is_said(word, near)
                for here, word in zip(said, news, strict=True)
            ]
        return sum(said) / len(said)


def _asks_otherwise(reading: Reading, previous: str) -> bool:
    """Whether a question has another question word than the one before: when, not how much."""
    now, before = (
        {fold(word.casefold()) for word in WORD.findall(text)} & INTERROGATIVES
        for text in (reading.question, previous)
    )
    return bool(now) and now.isdisjoint(before)


def _lacks_reason(quote: Quote, question: str) -> bool:
    """Whether a quote gives no reason to a question why."""
    return expected_answer(question) == "reason" and not has_reason(quote.text)


def _lacks_reason_elsewhere(quote: Quote, question: str) -> bool:
    """Whether a quote gives no reason to a question why in another language than English."""
    words = (fold(word.casefold()) for word in WORD.findall(question))
    return not WHY.isdisjoint(words) and REASON.search(quote.text) is None


def _share_of_best(quote: Quote, best: Quote, says_more: bool) -> float:
    share = min(quote.score / best.score, 1.0) if best.score else 1.0
    return math.sqrt(share) if says_more else share


def _terms(text: str) -> set[str]:
    bases = _bases()
    return {bases.get(term, term) for term in _analyzer.terms(text)}


def _is_said(word: str, terms: Collection[str]) -> bool:
    return all(_is_among(term, terms) for term in _terms(word))


def _is_among(term: str, terms: Collection[str]) -> bool:
    if term in terms:
        return True
    edits = max_edits(plain(term))
    return bool(edits) and any(
        OSA.distance(term, other, score_cutoff=edits) <= edits for other in terms
    )
