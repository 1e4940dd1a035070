"""What of a collection could not be read: files, and parts of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, Text, cast, delete, insert, select

from index.core.errors import DocumentError
from index.core.files import FileStat
from index.store.database import fetch, from_row, writing
from index.store.databases.dialects import in_order
from index.store.queries import collection_id_of
from index.store.schema import collections, documents, unread


@dataclass(frozen=True, slots=True)
class Unread:
    """Keeps the files that the last sync of each collection could not read, with the reasons."""

    engine: Engine

    def put(
        self,
        collection: str,
        errors: Iterable[DocumentError],
        reason: str,
        stats: Mapping[str, FileStat],
    ) -> None:
        """Record the files that a sync could not read, in place of those before.

        Those in `stats`, by path, have one `reason`, and stay unread while they stay as they are.
        """
        reasons = {error.name: error.reason for error in errors} | dict.fromkeys(stats, reason)
        with writing(self.engine) as connection:
            collection_id = collection_id_of(connection, collection)
            connection.execute(delete(unread).where(unread.c.collection_id == collection_id))
            for path, why in reasons.items():
                stat = asdict(stats[path]) if path in stats else {}
                row = {"collection_id": collection_id, "path": path, "reason": why, **stat}
                connection.execute(insert(unread), row)

    def files(self) -> list[tuple[str, DocumentError]]:
        """Return the files that could not be read, each with its collection, by path."""
        query = select(collections.c.name, unread.c.path, unread.c.reason).join(collections)
        rows = fetch(self.engine, query.order_by(in_order(unread.c.path)))
        return [(row.name, DocumentError(row.path, row.reason)) for row in rows]

    def files_for(self, collection: str, reason: str) -> dict[str, FileStat]:
        """Return, by path, the files that could not be read for a reason and stay unread."""
        query = (
            select(unread)
            .join(collections)
            .where(
                collections.c.name == collection,
                unread.c.reason == reason,
                unread.c.mtime_ns.is_not(None),
            )
        )
        return {row.path: from_row(FileStat, row) for row in fetch(self.engine, query)}

    def warned(self, collection: str, text: str) -> list[str]:
        """Return the paths of the documents with a warning that holds `text`, which is ASCII."""
        query = (
            select(documents.c.path)
            .join(collections)
            .where(
                collections.c.name == collection,
                cast(documents.c.warnings, Text).contains(text, autoescape=True),
            )
        )
        return [row.path for row in fetch(self.engine, query)]
