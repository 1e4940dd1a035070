"""The command `onrecord feedback`: votes as questions for `eval`, and as rejected quotes.

Rejected quotes are no questions file: the documents may still hold an answer, which somebody has
to find first.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import DataOption, open_library
from bot.reload import read_index_settings
from bot.storage.database import open_inbox
from bot.storage.exchanges import Exchange, Votes
from index.core.answers import Quote
from index.core.documents import Span
from index.core.settings import DEFAULT_COLLECTION

Json = dict[str, Any]

TIED = "with as many votes for as against"
LIMITED = "asked with limits such as since:"
ELSEWHERE = "from another collection"
OUTDATED = "from documents that changed since or are gone"


def feedback(
    out: Annotated[
        Path | None, typer.Option(help="Where to write them, in place of standard output.")
    ] = None,
    down: Annotated[
        Path | None,
        typer.Option(help="Where to write the rejected quotes, for somebody to find the answer."),
    ] = None,
    collection: Annotated[
        str, typer.Option(help="Only answers from this one.")
    ] = DEFAULT_COLLECTION,
    data: DataOption = None,
) -> None:
    """Write the answers that users found helpful as a questions file for `eval`."""
    library = open_library(data)
    current = {document.path: document.sha256 for document in library.documents([collection])}
    engine = open_inbox(library.folder, read_index_settings(data).database)
    labels = read_labels(Votes(engine).tally(), current, collection)
    engine.dispose()
    library.close()
    lines = labels.gold_lines()
    if out is None:
        for line in lines:
            typer.echo(line)
    else:
        _write_lines(out, lines)
    if down is not None:
        _write_lines(down, labels.rejected_lines())
    typer.echo(f"{len(lines)} questions with an answer, {len(labels.rejected)} without", err=True)
    for reason, number in labels.left_out.items():
        typer.echo(f"left out: {number} {reason}", err=True)


@dataclass(slots=True)
class Labels:
    """Labels from votes, by question."""

    gold: dict[str, list[Json]] = field(default_factory=dict)  # the answers that helped
    rejected: dict[str, list[Json]] = field(default_factory=dict)  # the quotes that did not
    left_out: Counter[str] = field(default_factory=Counter)  # answers in neither, by reason

    def gold_lines(self) -> list[str]:
        """Return the lines of a questions file, see `index.evaluation.questions`."""
        return _lines(self.gold, "answers")

    def rejected_lines(self) -> list[str]:
        """Return a line per question, with the quotes that do not answer it."""
        return _lines(self.rejected, "rejected")


def read_labels(
    tally: Iterable[tuple[Exchange, int]], current: Mapping[str, str], collection: str
) -> Labels:
    """Return the labels of answers from one collection.

    `tally` is the answers with the sum of their votes, `current` the checksum of each document of
    the collection, by path.
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
    """The reason why an answer yields no label, or None."""
    documents = [quote.document for quote in exchange.quotes]
    if any(document.collection != collection for document in documents):
        return ELSEWHERE
    if exchange.scope.is_narrow:
        return LIMITED
    if any(current.get(document.path) != document.sha256 for document in documents):
        return OUTDATED
    return TIED if votes == 0 else None


def _answer(quote: Quote) -> Json:
    """The short answer from its first to its last character, or else the whole quote."""
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


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}") from error
