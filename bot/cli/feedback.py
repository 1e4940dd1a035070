"""Votes as labels: questions with their answers for `eval`, and quotes that were rejected.

That the quotes of an answer are not what was asked for does not say that the documents hold no
answer. So rejected ones are no questions file: somebody has to look for the answer first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.storage.exchanges import Exchange
from index.core.answers import Quote
from index.core.documents import Span

Json = dict[str, Any]

TIED = "with as many votes for as against"
LIMITED = "asked with limits such as since:"
ELSEWHERE = "from another collection"
OUTDATED = "from documents that changed since or are gone"


@dataclass(slots=True)
class Labels:
    """What can be learned from votes.

    Attributes:
        gold: by question, the answers that helped.
        rejected: by question, the quotes that did not.
        left_out: the number of answers by why they are in neither.
    """

    gold: dict[str, list[Json]] = field(default_factory=dict)
    rejected: dict[str, list[Json]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def gold_lines(self) -> list[str]:
        """Return the lines of a questions file, see `index.evaluation.questions`."""
        return _lines(self.gold, "answers")

    def rejected_lines(self) -> list[str]:
        """Return a line for each question, with the quotes that are no answer to it."""
        return _lines(self.rejected, "rejected")


def read_labels(
    tally: Iterable[tuple[Exchange, int]], current: Mapping[str, str], collection: str
) -> Labels:
    """Return what votes say of answers from one collection.

    Args:
        tally: answers with the sum of their votes.
        current: the checksum of each document of the collection, by path.
        collection: its name.
    """
    labels = Labels()
    for exchange, votes in tally:
        if reason := _unusable(exchange, votes, current, collection):
            labels.left_out[reason] += 1
        elif votes > 0:
            _add(labels.gold, exchange.question, [_answer(exchange.quotes[0])])
        else:
            shown = [_place(quote, quote.span) for quote in exchange.quotes]
            _add(labels.rejected, exchange.question, shown)
    return labels


def _unusable(
    exchange: Exchange, votes: int, current: Mapping[str, str], collection: str
) -> str | None:
    """Why an answer teaches nothing, None where it does."""
    documents = [quote.document for quote in exchange.quotes]
    if any(document.collection != collection for document in documents):
        return ELSEWHERE
    if exchange.scope.is_narrow:
        return LIMITED
    if any(current.get(document.path) != document.sha256 for document in documents):
        return OUTDATED
    return TIED if votes == 0 else None


def _answer(quote: Quote) -> Json:
    """The short answer from its first to its last character; the quote where it has none."""
    if not quote.answer:
        return _place(quote, quote.span)
    start = min(span.start for span in quote.answer)
    end = max(span.end for span in quote.answer)
    return _place(quote, Span(start, end))


def _place(quote: Quote, span: Span) -> Json:
    return {"document": quote.document.path, "start": span.start, "text": quote.cut(span)}


def _add(labels: dict[str, list[Json]], question: str, places: Iterable[Json]) -> None:
    known = labels.setdefault(question, [])
    known += [place for place in places if place not in known]


def _lines(labels: Mapping[str, list[Json]], name: str) -> list[str]:
    return [
        json.dumps({"question": question, name: places}, ensure_ascii=False)
        for question, places in labels.items()
    ]
