"""Writes and reads who says what in the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from index.core.attributions import Attribution
from index.core.documents import Sentence, Span, Speaker
from index.store.database import fetch, from_row, writing
from index.store.databases.dialects import in_order
from index.store.schema import attributions, collections, documents, sentences


@dataclass
class Attributions:
    """Reads and writes attributions; each version of finding them replaces those of another."""

    engine: Engine

    def outdated(self, version: int) -> list[int]:
        """Return the ids of the documents whose attributions another version found, or none."""
        query = select(documents.c.id).where(documents.c.attribution_version != version)
        return [row.id for row in fetch(self.engine, query.order_by(documents.c.id))]

    def source(self, document_id: int) -> tuple[str, list[Sentence]] | None:
        """Return the text and the sentences of a document, None if it is gone."""
        with self.engine.connect() as connection:
            query = select(documents.c.text).where(documents.c.id == document_id)
            text = connection.execute(query).scalar()
            held = select(sentences).where(sentences.c.document_id == document_id)
            rows = connection.execute(held.order_by(sentences.c.ordinal)).all()
        found = [Sentence(Span(row.start, row.end), row.paragraph) for row in rows]
        return None if text is None else (text, found)

    def replace(self, document_id: int, found: Sequence[Attribution], version: int) -> None:
        """Store the attributions of a document in place of those it had, if it is still there."""
        of_document = documents.c.id == document_id
        with writing(self.engine) as connection:
            changed = update(documents).where(of_document).values(attribution_version=version)
            if connection.execute(changed).rowcount:
                connection.execute(
                    delete(attributions).where(attributions.c.document_id == document_id)
                )
                put_attributions(connection, document_id, found)

    def of(self, document_id: int) -> list[Attribution]:
        """Return the attributions of a document, in the order of their cues."""
        query = select(attributions).where(attributions.c.document_id == document_id)
        rows = fetch(self.engine, query.order_by(attributions.c.ordinal))
        return list(map(read_attribution, rows))

    def speakers(self, names: Sequence[str]) -> list[tuple[str, int]]:
        """Return the speakers in the named collections, each with the number of attributions.

        Those with most come first, then by name.
        """
        number = func.count().label("number")
        query = (
            select(attributions.c.speaker, number)
            .join_from(attributions, documents)
            .join(collections)
            .where(collections.c.name.in_(names), attributions.c.speaker.is_not(None))
            .group_by(attributions.c.speaker)
            .order_by(number.desc(), in_order(attributions.c.speaker))
        )
        return [(row.speaker, row.number) for row in fetch(self.engine, query)]

    def said_by(self, names: Sequence[str], who: str) -> list[tuple[int, Span]]:
        """Return the sentences in which speakers with all words of a name are reported.

        Each comes once, by the id of its document, those of the latest published first.
        """
        said = [attributions.c.speaker.icontains(word, autoescape=True) for word in who.split()]
        start, end = func.min(sentences.c.start), func.max(sentences.c.end)
        query = (
            select(attributions.c.document_id, start.label("start"), end.label("end"))
            .join_from(attributions, documents)
            .join(collections)
            .join(
                sentences,
                (sentences.c.document_id == attributions.c.document_id)
                & (sentences.c.start < attributions.c.end)
                & (sentences.c.end > attributions.c.start),
            )
            .where(collections.c.name.in_(names), *said)
            .group_by(documents.c.published, attributions.c.document_id, attributions.c.ordinal)
            .order_by(documents.c.published.desc().nulls_last(), attributions.c.document_id, start)
        )
        rows = [(row.document_id, Span(row.start, row.end)) for row in fetch(self.engine, query)]
        return list(dict.fromkeys(rows))


def put_attributions(
    connection: Connection, document_id: int, found: Sequence[Attribution]
) -> None:
    """Store the attributions of a document that has none."""
    rows = [_row(one) | {"document_id": document_id, "ordinal": at} for at, one in enumerate(found)]
    if rows:
        connection.execute(insert(attributions), rows)


def _row(one: Attribution) -> dict[str, Any]:
    speaker = one.speaker
    return {
        **{role: _pairs(getattr(one, role)) for role in ("source", "cue", "content")},
        "start": one.content[0].start,
        "end": one.content[-1].end,
        "speaker": speaker and speaker.text,
        "speaker_start": speaker and speaker.span.start,
        "speaker_end": speaker and speaker.span.end,
        "speech": one.speech,
    }


def read_attribution(row: Row[Any]) -> Attribution:
    """Return the attribution in a row of its table."""
    named = row.speaker is not None
    speaker = Speaker(row.speaker, Span(row.speaker_start, row.speaker_end)) if named else None
    spans = {
        role: tuple(Span(*pair) for pair in row._mapping[role])  # noqa: SLF001
        for role in ("source", "cue", "content")
    }
    return from_row(Attribution, row, **spans, speaker=speaker)


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
